"""Lines of a bank account that nothing could be decided about: a person does, and is named.

Above the organisation's limit one person proposes and another one decides.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from payments.domain.bank_feed import settle_line
from payments.domain.merchants import organisation_of
from payments.domain.money_rules import rules_of
from payments.domain.references import new_reference
from payments.gateways.references import PREFIX
from payments.models import NEEDS_PERSON, BankCredit, PaymentAttempt, Provider
from sites.models import User
from ticketing.models import Order


@dataclass(frozen=True, slots=True)
class Resolved:
    credit: BankCredit


@dataclass(frozen=True, slots=True)
class Proposed:
    """It is a large sum: somebody else has to decide the same."""

    credit: BankCredit


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Somebody was faster, or nothing is to be decided about this line."""


@dataclass(frozen=True, slots=True)
class NoSuchOrder:
    """No order of this organisation has this code."""


Decision = Resolved | Proposed | NotOpen | NoSuchOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants done with a line."""

    resolution: BankCredit.Resolution
    note: str
    order_code: str = ""


@transaction.atomic
def resolve(*, credit_id: int, wanted: Wanted, by: User, at: datetime) -> Decision:
    """Do what a person decided, once; the line, the reason and the people are kept."""
    # The row lock makes two people who decide at once wait for each other.
    credit = (
        BankCredit.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=credit_id)
    )
    if credit.resolved_at is not None or credit.finding not in NEEDS_PERSON:
        return NotOpen()
    order = _order_of(credit, wanted)
    if order is None and wanted.resolution == BankCredit.Resolution.ASSIGNED:
        return NoSuchOrder()
    if _needs_another_person(credit, wanted, by=by):
        credit.proposed_by = by
        _write(credit, wanted)
        return Proposed(credit)
    credit.resolved_by, credit.resolved_at = by, at
    if credit.proposed_by == by:
        credit.proposed_by = None
    _write(credit, wanted)
    if order is not None:
        settle_line(credit, attempt=_attempt_for(order, credit, at=at), at=at)
    return Resolved(credit)


def _order_of(credit: BankCredit, wanted: Wanted) -> Order | None:
    if wanted.resolution != BankCredit.Resolution.ASSIGNED or credit.amount <= 0:
        return None
    order = Order.objects.filter(code=wanted.order_code.strip().upper()).first()
    mine = order is not None and organisation_of(order=order) == credit.account.organisation
    return order if mine else None


def _needs_another_person(credit: BankCredit, wanted: Wanted, *, by: User) -> bool:
    """Whether this is the first of two: a large sum that nobody else proposed the same for."""
    if abs(credit.amount) <= rules_of(credit.account.organisation_id).two_people_above:
        return False
    same = (credit.resolution, credit.resolution_note) == (wanted.resolution, note_of(wanted))
    return not same or credit.proposed_by in {None, by}


def note_of(wanted: Wanted) -> str:
    order = f"{wanted.order_code.strip().upper()}: " if wanted.order_code else ""
    return f"{order}{wanted.note.strip()}"[:300]


def _write(credit: BankCredit, wanted: Wanted) -> None:
    credit.resolution, credit.resolution_note = wanted.resolution, note_of(wanted)
    credit.save(
        update_fields=[
            "resolution",
            "resolution_note",
            "proposed_by",
            "resolved_by",
            "resolved_at",
        ]
    )


def _attempt_for(order: Order, credit: BankCredit, *, at: datetime) -> PaymentAttempt:
    """Return the attempt that the money is counted for; an order may never have had one."""
    attempts = PaymentAttempt.objects.filter(order=order, account=credit.account)
    known = attempts.order_by("-pk").first()
    if known is not None:
        return known
    reference = new_reference()
    return PaymentAttempt.objects.create(
        order=order,
        provider=Provider.VIETQR,
        organisation=credit.account.organisation,
        account=credit.account,
        reference=reference,
        provider_reference=PREFIX + reference,
        amount=order.total or credit.amount,
        created_at=at,
        expires_at=at,
        due_at=at,
        note="found in the account",
    )
