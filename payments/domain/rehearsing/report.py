"""What a rehearsal says at its end, in one object."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from payments.domain.rehearsing.run import Rehearsal
from payments.domain.rehearsing.verdict import problems
from payments.models import BankCredit, Payment, PaymentAttempt, Refund
from ticketing.models import Order, Ticket

SHOWN = 20


def rehearse(
    *,
    seed: int,
    payments: int,
    at: datetime,
    watch: Callable[[float], None] = lambda _done: None,
) -> dict[str, Any]:
    """Play so many buyers from this seed, and say whether everything that must hold does."""
    rehearsal = Rehearsal(seed=seed, buyers=payments, started_at=at, watch=watch)
    rehearsal.play()
    wrong = problems(rehearsal)
    organisation = rehearsal.stage.organisation
    own = Order.objects.filter(lines__product__organisation=organisation)
    attempts = PaymentAttempt.objects.filter(organisation=organisation)
    moneys = Payment.objects.filter(organisation=organisation)
    refunds = Refund.objects.filter(payment__organisation=organisation)
    return {
        "ok": not wrong,
        "seed": seed,
        "payments": payments,
        "orders": _counted(own.values_list("status", flat=True)),
        "attempts": _counted(attempts.values_list("status", flat=True)),
        "money": _counted(moneys.values_list("use", flat=True)),
        "refunds": _counted(refunds.values_list("reason", flat=True)),
        "messages": dict(sorted(rehearsal.messages.items())),
        "senders": _counted(rehearsal.senders.elements()),
        "verdicts": _counted(rehearsal.verdicts.elements()),
        "bank_lines": _counted(
            BankCredit.objects.filter(account__organisation=organisation).values_list(
                "finding", flat=True
            )
        ),
        "troubles": _counted(rehearsal.troubles.happened.elements()),
        "problems": wrong[:SHOWN],
        "problem_count": len(wrong),
        "fingerprint": fingerprint(rehearsal),
    }


def _counted(things: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(things).items()))


def fingerprint(rehearsal: Rehearsal) -> str:
    """What became of every buyer, in one short text: the same for the same seed, on any machine.

    Numbers of rows and codes that are drawn afresh are no part of it.
    """
    own = rehearsal.stage.organisation
    facts: list[tuple[str, ...]] = [
        *_texts(
            Order.objects.filter(lines__product__organisation=own).values_list(
                "email", "status", "total"
            )
        ),
        *_texts(
            PaymentAttempt.objects.filter(organisation=own).values_list(
                "order__email", "provider", "status", "amount", "created_at", "expires_at"
            )
        ),
        *_texts(
            Payment.objects.filter(organisation=own).values_list(
                "order__email", "provider", "use", "amount", "received_at"
            )
        ),
        *_texts(
            Refund.objects.filter(payment__organisation=own).values_list(
                "payment__order__email", "reason", "status", "amount", "requested_at", "settled_at"
            )
        ),
        *_texts(
            Ticket.objects.filter(line__product__organisation=own).values_list(
                "line__order__email", "status"
            )
        ),
    ]
    return hashlib.sha256(repr(sorted(facts)).encode()).hexdigest()[:16]


def _texts(rows: Iterable[tuple[object, ...]]) -> Iterable[tuple[str, ...]]:
    return (tuple(str(value) for value in row) for row in rows)
