"""The versions that a tariff file says, beside those that staff have proposed and approved."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ticketing.domain.pricing import reduced
from ticketing.models import Product, Tariff, VisitorCategory

FIELDS = ("amount", "legal_basis", "approved_by", "revenue_kind", "age_from", "age_until")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the file: its days, its law, what it takes off, its own ages."""

    effective_from: date
    effective_to: date | None
    legal_basis: str
    revenue_kind: str
    reductions: Mapping[str, int]
    ages: Mapping[str, tuple[int, int]]


def keep_versions(
    *,
    data: Mapping[str, Any],
    products: Mapping[str, Product],
    categories: Mapping[str, VisitorCategory],
) -> Counter[str]:
    """Make and change the file's own versions.

    What staff approved stays: the file is silent where it would overlap it, and an end that
    staff gave to a version of the file is kept unless the file gives one.
    """
    proposer = data["proposed_by"]
    full_price = next(each for each in categories.values() if each.is_full_price)
    others = [*Tariff.objects.exclude(proposed_by=proposer).exclude(approved_by="")]
    ours = {_key(row): row for row in Tariff.objects.filter(proposed_by=proposer)}
    wanted = [
        Tariff(proposed_by=proposer, product=products[row["slug"]], **facts)
        for row in data["products"]
        for facts in _versions(row, data["decisions"], categories, full_price)
    ]
    wanted = [row for row in wanted if not _overlaps(row, others)]
    new = [row for row in wanted if _key(row) not in ours]
    changed = [old for row in wanted if (old := ours.get(_key(row))) and _change(old, row)]
    # Ends first, so that a new version finds its days free.
    Tariff.objects.bulk_update(changed, [*FIELDS, "effective_to"])
    Tariff.objects.bulk_create(new)
    return Counter(created=len(new), changed=len(changed))


def _versions(
    row: Mapping[str, Any],
    decisions: Mapping[str, Any],
    categories: Mapping[str, VisitorCategory],
    full_price: VisitorCategory,
) -> Iterator[dict[str, Any]]:
    """Of one product: the prices that each decision names, then what it takes off the full one."""
    for name, prices in {row["decision"]: row["prices"], **row.get("earlier", {})}.items():
        decision = _decision(decisions[name])
        whole = prices[full_price.code]
        taken_off = {
            code: reduced(whole, percent=percent) for code, percent in decision.reductions.items()
        }
        for code, amount in {**taken_off, **prices}.items():
            age_from, age_until = decision.ages.get(code, (None, None))
            yield {
                "category": categories[code],
                "amount": amount,
                "revenue_kind": decision.revenue_kind,
                "effective_from": decision.effective_from,
                "effective_to": decision.effective_to,
                "legal_basis": decision.legal_basis,
                # The council approved what the file proposes.
                "approved_by": decision.legal_basis,
                "age_from": age_from,
                "age_until": age_until,
            }


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(
        effective_from=row["effective_from"],
        effective_to=row.get("effective_to"),
        legal_basis=row["legal_basis"],
        revenue_kind=row.get("revenue_kind", "state_fee"),
        reductions=row["reductions"],
        ages={code: tuple(ages) for code, ages in row.get("ages", {}).items()},
    )


def _key(row: Tariff) -> tuple[int, int, date]:
    return row.product_id, row.category_id, row.effective_from


def _overlaps(row: Tariff, others: Iterable[Tariff]) -> bool:
    return any(
        (other.product_id, other.category_id) == (row.product_id, row.category_id)
        and (row.effective_to is None or other.effective_from < row.effective_to)
        and (other.effective_to is None or row.effective_from < other.effective_to)
        for other in others
    )


def _change(old: Tariff, new: Tariff) -> bool:
    """Take over what the file says anew, and tell whether it was anything."""
    fields = FIELDS if new.effective_to is None else (*FIELDS, "effective_to")
    different = [name for name in fields if getattr(old, name) != getattr(new, name)]
    for name in different:
        setattr(old, name, getattr(new, name))
    return bool(different)
