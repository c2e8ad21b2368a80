"""What a gate pack says that seldom changes: places, products, texts, days, staff."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from sites.models import Closure, Gate, HeritageSite, Language, SiteText
from ticketing.domain.gate_keys import to_base64url
from ticketing.domain.id_lists import code_ids
from ticketing.domain.outcome_texts import outcome_sentences
from ticketing.domain.passes import rules_of
from ticketing.domain.ticket_ids import from_column
from ticketing.domain.trust_lists import trust_list_in_force
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import (
    Entitlement,
    Product,
    ProductText,
    Slot,
    StaffPin,
    Ticket,
    VisitorCategory,
    VisitorCategoryText,
)

# How far ahead a gate knows what was sold and when it is open.
DAYS_AHEAD = 3
Names = dict[int, dict[str, str]]


def horizon(at: datetime) -> datetime:
    """The end of the days that a gate is told of."""
    return start_of(day_of(at) + timedelta(days=DAYS_AHEAD))


def trust(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    """The root's own text and signature, unchanged; nulls as long as it has signed nothing."""
    newest = trust_list_in_force(at=at)
    if newest is None:
        return {"text": None, "signature": None}
    return {"text": newest.text, "signature": to_base64url(bytes(newest.signature))}


def texts(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    return {"languages": {language: outcome_sentences(language) for language in Language.values}}


def places(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    sites = HeritageSite.objects.filter(ticket_bit__isnull=False).order_by("ticket_bit")
    names = _names(
        SiteText.objects.filter(site__in=sites).values_list("site_id", "language", "name")
    )
    gates: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for gate in Gate.objects.filter(site__in=sites).order_by("pk"):
        gates[gate.site_id].append({"id": gate.pk, "code": gate.code, "name": gate.name})
    return {
        "sites": [
            {
                "bit": one.ticket_bit,
                "slug": one.slug,
                "names": names[one.pk],
                "gates": gates[one.pk],
            }
            for one in sites
        ]
    }


def products(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    everything = list(Product.objects.order_by("pk"))
    names = _names(ProductText.objects.values_list("product_id", "language", "name"))
    rules = rules_of(everything)
    scopes: dict[int, list[int]] = defaultdict(list)
    rows = Entitlement.objects.filter(site__ticket_bit__isnull=False).order_by("position", "pk")
    for product_id, bit in rows.values_list("product_id", "site__ticket_bit"):
        scopes[product_id].append(bit or 0)
    return {
        "products": [
            {
                "id": product.pk,
                "names": names[product.pk],
                "sites": scopes[product.pk],
                "entry_policy": product.entry_policy,
                "rule": rules[product.pk].to_json(),
            }
            for product in everything
        ],
        "categories": _categories(),
    }


def _categories() -> list[dict[str, Any]]:
    names = _names(VisitorCategoryText.objects.values_list("category_id", "language", "name"))
    return [
        {
            "number": category.token_code,
            "code": category.code,
            "needs_document": category.needs_document,
            "names": names[category.pk],
        }
        for category in VisitorCategory.objects.order_by("token_code")
    ]


def calendar(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    """Hours, closures and slots of the next days."""
    until = horizon(at)
    closures = Closure.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), site=site, starts_at__lt=until
    ).order_by("starts_at", "pk")
    slots = Slot.objects.filter(
        capacity__site=site, day__gte=day_of(at), starts_at__lt=until
    ).select_related("capacity")
    return {
        "opening_hours": site.opening_hours if site else "",
        "closures": [
            {
                "starts_at": _seconds(one.starts_at),
                "ends_at": _seconds(one.ends_at) if one.ends_at else None,
                "whole_site": one.whole_site,
            }
            for one in closures
        ],
        "slots": [
            {
                "id": slot.pk,
                "name": slot.capacity.name,
                "starts_at": _seconds(slot.starts_at),
                "ends_at": _seconds(slot.ends_at),
                "status": slot.status,
            }
            for slot in slots.order_by("starts_at", "pk")
        ],
    }


def windows(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    """Slotted tickets of the next days, by the time in which their people enter here."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = Ticket.objects.filter(
        slot__isnull=False, entry_site=site, entry_until__gt=at, valid_from__lt=horizon(at)
    )
    for pk, entry_from, entry_until in rows.values_list("pk", "entry_from", "entry_until"):
        if entry_from and entry_until:
            found[_seconds(entry_from), _seconds(entry_until)].append(from_column(pk))
    return {
        "windows": [
            {"entry_from": entry_from, "entry_until": entry_until, **code_ids(ids)}
            for (entry_from, entry_until), ids in sorted(found.items())
        ]
    }


def staff(site: HeritageSite | None, at: datetime) -> dict[str, Any]:
    """Whose PIN opens a device of the site in the next days. No PIN and no name is in it."""
    pins = StaffPin.objects.filter(
        site=site, ended_at__isnull=True, valid_until__gt=at, valid_from__lt=horizon(at)
    )
    return {
        "pins": [
            {
                "id": pin.pk,
                "label": pin.label,
                "role": pin.role,
                "salt": to_base64url(bytes(pin.salt)),
                "iterations": pin.iterations,
                "verifier": to_base64url(bytes(pin.verifier)),
                "valid_from": _seconds(pin.valid_from),
                "valid_until": _seconds(pin.valid_until),
            }
            for pin in pins.order_by("pk")
        ]
    }


Facts = Callable[[HeritageSite | None, datetime], dict[str, Any]]
FOR_ALL: Mapping[str, Facts] = {
    "trust": trust,
    "texts": texts,
    "places": places,
    "products": products,
}
FOR_ONE_SITE: Mapping[str, Facts] = {"calendar": calendar, "windows": windows, "staff": staff}


def _names(rows: Iterable[tuple[int, str, str]]) -> Names:
    names: Names = defaultdict(dict)
    for pk, language, name in rows:
        names[pk][language] = name
    return names


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
