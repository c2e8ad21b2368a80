"""One turn of everything that the timetable runs, in any order, each with its own death."""

import random
from collections.abc import Callable
from datetime import datetime

from payments.domain.bank_feed import match_lines, read_accounts
from payments.domain.cancellations import refund_cancellations
from payments.domain.ledger.splits import post_shares
from payments.domain.reconciling.bank import post_unmatched
from payments.domain.refunding import send_refunds
from payments.domain.rehearsing.troubles import Troubles
from payments.domain.sweeping import sweep
from payments.domain.taking import return_parts
from payments.domain.webhook_inbox import process_messages
from ticketing.domain.holds import release_expired_holds

WORKERS: tuple[Callable[..., int], ...] = (
    process_messages,
    match_lines,
    sweep,
    release_expired_holds,
    return_parts,
    refund_cancellations,
    send_refunds,
)
# Nothing waits for these.
HOURLY: tuple[Callable[..., int], ...] = (post_shares, read_accounts, post_unmatched)


def turn(*, at: datetime, troubles: Troubles, new_hour: bool) -> None:
    """Let every worker work once that has its time, in an order of chance."""
    workers = [*WORKERS, *(HOURLY if new_hour else ())]
    random.Random(f"{troubles.seed} order {at}").shuffle(workers)  # noqa: S311  # to be repeated
    for work in workers:
        with troubles.around(f"{work.__name__} {at}"):
            work(at=at)
