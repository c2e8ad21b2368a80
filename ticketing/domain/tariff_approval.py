"""Who proposes a price and who approves it: two people, and a trace of both.

An approved version is never edited: the next one ends it on the day it begins.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from sites.models import User
from ticketing.models import Product, Tariff, TariffEvent, VisitorCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A price for a product and a category, with its days and its law."""

    product: Product
    category: VisitorCategory
    amount: int
    effective_from: date
    legal_basis: str
    revenue_kind: str
    effective_to: date | None = None
    age_from: int | None = None
    age_until: int | None = None


class WhyNot(StrEnum):
    """Why a proposal is not made or not approved. Outside programs rely on these names."""

    BELOW_LEGAL_MINIMUM = "below_legal_minimum"
    OWN_PROPOSAL = "own_proposal"
    NOT_A_PROPOSAL = "not_a_proposal"
    LATER_VERSION = "later_version"


@dataclass(frozen=True, slots=True)
class Refused:
    reason: WhyNot
    tariff: Tariff | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """The versions that now hold, and how many earlier ones they ended."""

    tariffs: Sequence[Tariff]
    ended: int


def propose(*, proposal: Proposal, by: User, at: datetime) -> Tariff | Refused:
    """Keep a proposal, which prices nothing yet; one that the law forbids is not kept."""
    try:
        with transaction.atomic():
            tariff = _new(proposal, by)
            tariff.save(force_insert=True)
            _check_the_law()
            _tell(tariff, TariffEvent.What.PROPOSED, by, at)
    except IntegrityError as error:
        return _refused(error)
    return tariff


def may_be_proposed(*, proposal: Proposal, by: User) -> bool:
    """Try what `propose` would do, and undo it."""
    try:
        with transaction.atomic():
            _new(proposal, by).save(force_insert=True)
            _check_the_law()
            transaction.set_rollback(True)
    except IntegrityError as error:
        _refused(error)
        return False
    return True


def _new(proposal: Proposal, by: User) -> Tariff:
    return Tariff(
        product=proposal.product,
        category=proposal.category,
        amount=proposal.amount,
        revenue_kind=proposal.revenue_kind,
        effective_from=proposal.effective_from,
        effective_to=proposal.effective_to,
        legal_basis=proposal.legal_basis,
        age_from=proposal.age_from,
        age_until=proposal.age_until,
        proposed_by=by.get_username(),
        proposer=by,
    )


def approve(*, tariff_ids: Collection[int], by: User, at: datetime) -> Approved | Refused:
    """Approve proposals together, or none of them: a decision comes as many rows."""
    try:
        with transaction.atomic():
            found = _approve_all(tariff_ids, by, at)
            if isinstance(found, Refused):
                transaction.set_rollback(True)
                return found
            _check_the_law()
    except IntegrityError as error:
        return _refused(error)
    return found


def _approve_all(tariff_ids: Collection[int], by: User, at: datetime) -> Approved | Refused:
    # Approvals of one product take turns, so that each sees the versions of the others.
    products = Product.objects.filter(tariffs__in=tariff_ids).distinct().values("pk")
    list(Product.objects.select_for_update(no_key=True).filter(pk__in=products).order_by("pk"))
    rows = Tariff.objects.select_for_update(of=("self",)).select_related("product", "category")
    tariffs = list(rows.filter(pk__in=tariff_ids).order_by("pk"))
    ended = 0
    for tariff in tariffs:
        if reason := _why_not(tariff, by):
            return Refused(reason, tariff)
        ended += _end_earlier(tariff, by, at)
        tariff.approved_by, tariff.approver = by.get_username(), by
        tariff.save(update_fields=["approved_by", "approver"])
        _tell(tariff, TariffEvent.What.APPROVED, by, at)
    if len(tariffs) < len(set(tariff_ids)):
        return Refused(WhyNot.NOT_A_PROPOSAL)
    return Approved(tariffs, ended)


def _why_not(tariff: Tariff, by: User) -> WhyNot | None:
    if tariff.approved_by:
        return WhyNot.NOT_A_PROPOSAL
    if tariff.proposer_id == by.pk or tariff.proposed_by.lower() == by.get_username().lower():
        return WhyNot.OWN_PROPOSAL
    later = _overlapping(tariff).filter(effective_from__gte=tariff.effective_from)
    return WhyNot.LATER_VERSION if later.exists() else None


def _overlapping(tariff: Tariff) -> QuerySet[Tariff]:
    rows = Tariff.objects.exclude(approved_by="").exclude(pk=tariff.pk)
    rows = rows.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gt=tariff.effective_from),
        product=tariff.product,
        category=tariff.category,
    )
    if tariff.effective_to is not None:
        rows = rows.filter(effective_from__lt=tariff.effective_to)
    return rows


def _end_earlier(tariff: Tariff, by: User, at: datetime) -> int:
    """End the versions that the new one takes over from; after its own end they go on."""
    earlier = list(_overlapping(tariff).select_for_update(of=("self",)).order_by("pk"))
    for old in earlier:
        ends, old.effective_to = old.effective_to, tariff.effective_from
        old.save(update_fields=["effective_to"])
        _tell(old, TariffEvent.What.SUPERSEDED, by, at)
        if tariff.effective_to and (ends is None or ends > tariff.effective_to):
            old.pk, old.effective_from, old.effective_to = None, tariff.effective_to, ends
            old._state.adding = True  # noqa: SLF001 # Django documents it for copies
            old.save(force_insert=True)
    return len(earlier)


def withdraw(*, tariff_ids: Collection[int], by: User, at: datetime) -> int:
    """Take proposals back, one's own or another's; what was approved stays."""
    with transaction.atomic():
        rows = Tariff.objects.select_for_update(of=("self",)).filter(approved_by="")
        tariffs = list(rows.filter(pk__in=tariff_ids).order_by("pk"))
        for tariff in tariffs:
            _tell(tariff, TariffEvent.What.WITHDRAWN, by, at)
            tariff.delete()
    return len(tariffs)


def _tell(tariff: Tariff, what: TariffEvent.What, by: User, at: datetime) -> None:
    until = f" – {tariff.effective_to:%d/%m/%Y}" if tariff.effective_to else ""
    summary = (
        f"{tariff.product.slug} · {tariff.category.code} · {tariff.amount} ₫ · "
        f"{tariff.effective_from:%d/%m/%Y}{until} · {tariff.legal_basis}"
    )
    TariffEvent.objects.create(
        tariff=tariff, product=tariff.product, what=what, by=by, at=at, summary=summary
    )


def _check_the_law() -> None:
    """Ask the constraints now that otherwise wait for the end of the transaction."""
    connection.check_constraints()


def _refused(error: IntegrityError) -> Refused:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name != "tariff_keeps_the_legal_minimum":
        raise error
    return Refused(WhyNot.BELOW_LEGAL_MINIMUM)
