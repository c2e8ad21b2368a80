"""What a line of a bank account is, decided by itself: whose money, or what keeps it from that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from payments.gateways.references import REFUND_MEMO, references_in
from payments.models import Finding

# Clocks of banks and of ours differ a little; an old memo is hours or days old.
CLOCKS_DIFFER_BY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as far as it matters for the decision."""

    account_id: int
    amount: int
    booked_at: datetime
    memo: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The attempt that a reference belongs to."""

    attempt_id: int
    account_id: int | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Belongs:
    """The money is this attempt's; whether it is enough, settlement says."""

    attempt_id: int


def judge(line: Line, *, owners: Mapping[str, Owner]) -> Belongs | Finding:
    """Find the one attempt that a line pays for; anything less than sure is for a person.

    `owners` holds the attempts of the references that the memo names, where there are any.
    """
    references = references_in(line.memo)
    known = [reference for reference in references if reference in owners]
    if line.amount <= 0:
        # What we send back ourselves carries the reference too, after words of its own.
        ours = REFUND_MEMO in line.memo.upper()
        return Finding.REVERSED if known and not ours else Finding.OUTGOING
    if len(known) != 1:
        return _why_none(references, known)
    owner = owners[known[0]]
    if owner.account_id != line.account_id:
        return Finding.OTHER_ACCOUNT
    if line.booked_at < owner.started_at - CLOCKS_DIFFER_BY:
        return Finding.OLDER_THAN_ORDER
    return Belongs(owner.attempt_id)


def _why_none(references: Sequence[str], known: Sequence[str]) -> Finding:
    if known:
        return Finding.SEVERAL_REFERENCES
    return Finding.UNKNOWN_REFERENCE if references else Finding.NO_REFERENCE
