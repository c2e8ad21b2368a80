"""The tariff that ships with the product, written into the database without touching more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import connection, models, transaction

from sites.models import HeritageSite, Organisation
from ticketing.domain.tariff_versions import keep_versions
from ticketing.models import (
    Entitlement,
    FreeDay,
    FreeDayList,
    FreeDayText,
    Product,
    ProductText,
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
    lists = {
        row["slug"]: _load_free_days(row, categories, counts) for row in data["free_day_lists"]
    }
    products = {}
    for position, row in enumerate(data["products"]):
        free_days = lists.get(data["decisions"][row["decision"]]["free_days"])
        products[row["slug"]] = _load_product(row, position, free_days, sites, counts)
    counts += keep_versions(data=data, products=products, categories=categories)
    return Loaded(created=counts["created"], changed=counts["changed"])


def shipped_slugs(path: Path = TARIFFS) -> list[str]:
    """The products that the file names."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [str(row["slug"]) for row in data["products"]]


def _load_categories(
    rows: Sequence[Mapping[str, Any]], counts: Counter[str]
) -> dict[str, VisitorCategory]:
    found = {}
    for position, row in enumerate(rows):
        age_from, age_until = row.get("ages", (None, None))
        minimum = row.get("minimum", {"percent": 0, "basis": ""})
        facts = {
            "token_code": row["token_code"],
            "needs_document": row.get("needs_document", False),
            "is_full_price": row.get("is_full_price", False),
            "age_from": age_from,
            "age_until": age_until,
            "citizens_only": row.get("citizens_only", False),
            "minimum_reduction": minimum["percent"],
            "minimum_basis": minimum["basis"],
            "sold_online": row.get("sold_online", False),
            "free_days_only": row.get("free_days_only", False),
            "position": position,
        }
        category = _keep(VisitorCategory, counts, key={"code": row["code"]}, facts=facts)
        rules = row["rule"]
        texts = {spoken: {"name": n, "rule": rules[spoken]} for spoken, n in row["name"].items()}
        _keep_texts(VisitorCategoryText, counts, of={"category": category}, texts=texts)
        found[category.code] = category
    return found


def _load_free_days(
    row: Mapping[str, Any], categories: Mapping[str, VisitorCategory], counts: Counter[str]
) -> FreeDayList:
    organisation = Organisation.objects.get(slug=row["organisation"])
    facts: dict[str, Any] = {"organisation": organisation}
    days = _keep(FreeDayList, counts, key={"slug": row["slug"]}, facts=facts)
    for day in row["days"]:
        facts = {
            "category": categories[row["category"]],
            "day": day["day"],
            "every_year": day.get("every_year", False),
            "effective_from": day["effective_from"],
            "effective_to": day.get("effective_to"),
            "legal_basis": day["legal_basis"],
        }
        free = _keep(FreeDay, counts, key={"list": days, "code": day["code"]}, facts=facts)
        names = {language: {"name": name} for language, name in day["name"].items()}
        _keep_texts(FreeDayText, counts, of={"free_day": free}, texts=names)
    return days


def _load_product(
    row: Mapping[str, Any],
    position: int,
    free_days: FreeDayList | None,
    sites: Mapping[str, HeritageSite],
    counts: Counter[str],
) -> Product:
    facts = {
        "organisation_id": sites[row["sites"][0]].organisation_id,
        "kind": row["kind"],
        "validity_days": row["validity_days"],
        "free_days": free_days,
        "position": position,
    }
    product = _keep(Product, counts, key={"slug": row["slug"]}, facts=facts)
    names = {language: {"name": name} for language, name in row["name"].items()}
    _keep_texts(ProductText, counts, of={"product": product}, texts=names)
    for slug in row["sites"]:
        _keep(Entitlement, counts, key={"product": product, "site": sites[slug]}, facts={})
    return product


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


def _keep_texts(
    model: type[Row],
    counts: Counter[str],
    *,
    of: Mapping[str, models.Model],
    texts: Mapping[str, Mapping[str, str]],
) -> None:
    """The same for what something is called in each language, in two queries where all is new."""
    there = model._default_manager.filter(**of)  # noqa: SLF001  # Django's name for it
    known = {row["language"]: row for row in there.values()}
    new = [
        model(**of, language=language, **facts)
        for language, facts in texts.items()
        if language not in known
    ]
    model._default_manager.bulk_create(new)  # noqa: SLF001
    counts["created"] += len(new)
    for language, facts in texts.items():
        if language in known and not facts.items() <= known[language].items():
            counts["changed"] += there.filter(language=language).update(**facts)
