"""The tariff that ships with the product, written into the database without touching more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import connection, models, transaction

from sites.models import HeritageSite
from ticketing.models import (
    Entitlement,
    Product,
    ProductText,
    Tariff,
    VisitorCategory,
    VisitorCategoryText,
)

Row = TypeVar("Row", bound=models.Model)

# Any number that no other lock of the product has.
LOADING = 20_260_101

TARIFFS = Path(__file__).resolve().parent.parent / "data" / "tariffs.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were made and changed; loading twice makes and changes none."""

    created: int
    changed: int


@dataclass(frozen=True, slots=True)
class PlacesMissing:
    """These places must be in the catalogue, with a number for tickets, before their products."""

    slugs: Sequence[str]


@transaction.atomic
def load_tariffs(path: Path = TARIFFS) -> Loaded | PlacesMissing:
    """Make the database say what the file says; what the file does not name stays as it is."""
    with connection.cursor() as cursor:
        # Two starts at once take turns, and the second finds its work done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    wanted = {slug for product in data["products"] for slug in product["sites"]}
    sites = {
        site.slug: site
        for site in HeritageSite.objects.filter(slug__in=wanted, ticket_bit__isnull=False)
    }
    if missing := sorted(wanted - sites.keys()):
        return PlacesMissing(missing)
    counts: Counter[str] = Counter()
    categories = _load_categories(data["categories"], counts)
    for position, product in enumerate(data["products"]):
        decision = data["decisions"][product["decision"]]
        _load_product(product, position, decision, sites, categories, counts)
    return Loaded(created=counts["created"], changed=counts["changed"])


def _load_categories(
    rows: Sequence[Mapping[str, Any]], counts: Counter[str]
) -> dict[str, VisitorCategory]:
    found = {}
    for position, row in enumerate(rows):
        facts = {
            "token_code": row["token_code"],
            "needs_document": row["needs_document"],
            "position": position,
        }
        category = _keep(VisitorCategory, counts, key={"code": row["code"]}, facts=facts)
        for language, name in row["name"].items():
            texts = {"name": name, "rule": row["rule"][language]}
            key = {"category": category, "language": language}
            _keep(VisitorCategoryText, counts, key=key, facts=texts)
        found[category.code] = category
    return found


def _load_product(
    row: Mapping[str, Any],
    position: int,
    decision: Mapping[str, Any],
    sites: Mapping[str, HeritageSite],
    categories: Mapping[str, VisitorCategory],
    counts: Counter[str],
) -> None:
    facts = {
        "organisation_id": sites[row["sites"][0]].organisation_id,
        "kind": row["kind"],
        "validity_days": row["validity_days"],
        "position": position,
    }
    product = _keep(Product, counts, key={"slug": row["slug"]}, facts=facts)
    for language, name in row["name"].items():
        key = {"product": product, "language": language}
        _keep(ProductText, counts, key=key, facts={"name": name})
    for slug in row["sites"]:
        _keep(Entitlement, counts, key={"product": product, "site": sites[slug]}, facts={})
    effective_from: date = decision["effective_from"]
    for code, amount in row["prices"].items():
        key = {
            "product": product,
            "category": categories[code],
            "effective_from": effective_from,
        }
        price = {"amount": amount, "legal_basis": decision["legal_basis"]}
        _keep(Tariff, counts, key=key, facts=price)


def _keep(
    model: type[Row], counts: Counter[str], *, key: Mapping[str, Any], facts: Mapping[str, Any]
) -> Row:
    """Make the row or change what differs, and count which of the two it was."""
    rows = model._default_manager.filter(**key)  # noqa: SLF001  # Django's name for it
    row = rows.first()
    if row is None:
        counts["created"] += 1
        return model._default_manager.create(**key, **facts)  # noqa: SLF001
    if any(getattr(row, name) != value for name, value in facts.items()):
        counts["changed"] += rows.update(**facts)
    return row
