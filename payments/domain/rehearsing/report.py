"""What a rehearsal says at its end, in one object."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from payments.domain.rehearsing.run import Rehearsal
from payments.domain.rehearsing.verdict import problems
from payments.models import Payment, PaymentAttempt, Refund
from ticketing.models import Order

SHOWN = 20


def rehearse(
    *,
    seed: int,
    payments: int,
    at: datetime,
    watch: Callable[[float], None] = lambda _done: None,
) -> dict[str, Any]:
    """Play so many buyers from this seed, and say whether everything that must hold does."""
    begun = time.monotonic()
    rehearsal = Rehearsal(seed=seed, buyers=payments, started_at=at, watch=watch)
    rehearsal.play()
    wrong = problems(rehearsal)
    organisation = rehearsal.stage.organisation
    own = Order.objects.filter(lines__product__organisation=organisation)
    refunds = Refund.objects.filter(payment__organisation=organisation)
    return {
        "ok": not wrong,
        "seed": seed,
        "payments": payments,
        "orders": dict(Counter(own.values_list("status", flat=True))),
        "attempts": dict(
            Counter(
                PaymentAttempt.objects.filter(organisation=organisation).values_list(
                    "status", flat=True
                )
            )
        ),
        "money": dict(
            Counter(Payment.objects.filter(organisation=organisation).values_list("use", flat=True))
        ),
        "refunds": dict(Counter(refunds.values_list("reason", flat=True))),
        "messages": rehearsal.messages,
        "verdicts": dict(rehearsal.verdicts),
        "troubles": dict(rehearsal.troubles.happened),
        "problems": wrong[:SHOWN],
        "problem_count": len(wrong),
        "seconds": round(time.monotonic() - begun, 1),
    }
