"""How buyers of a rehearsal behave; each plan is drawn from the seed."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from payments.gateways.rehearsal import CARD, REDIRECT, TRANSFER


class Plan(StrEnum):
    PAYS = "pays"
    LEAVES = "leaves"
    FAILS = "fails"
    # After the hold has ended, up to a day later.
    LATE = "late"
    TWICE = "twice"
    IN_PARTS = "in_parts"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    LETS_GO = "lets_go"
    # Two providers, both paid.
    TWO_PAGES = "two_pages"
    # The memo of the transfer is the buyer's own: nobody can know whose it is.
    OTHER_MEMO = "other_memo"


WEIGHTS = {
    Plan.PAYS: 50,
    Plan.LEAVES: 12,
    Plan.FAILS: 8,
    Plan.LATE: 8,
    Plan.TWICE: 4,
    Plan.IN_PARTS: 4,
    Plan.TOO_LITTLE: 3,
    Plan.TOO_MUCH: 4,
    Plan.LETS_GO: 3,
    Plan.TWO_PAGES: 4,
    Plan.OTHER_MEMO: 2,
}
# Whoever chooses the amount or the time pays by bank transfer.
BY_TRANSFER = frozenset(
    {Plan.LATE, Plan.TWICE, Plan.IN_PARTS, Plan.TOO_LITTLE, Plan.TOO_MUCH, Plan.OTHER_MEMO}
)


@dataclass(frozen=True, slots=True)
class Buyer:
    """One buyer: what they want, how they pay, and when."""

    number: int
    plan: Plan
    provider: str
    narrow: bool
    quantity: int
    arrives_after: timedelta
    pays_after: timedelta
    # Everything that this buyer and the messages about them leave to chance.
    chance: random.Random


def draw(number: int, *, seed: int, arrivals: timedelta) -> Buyer:
    """Draw a buyer from the seed and their number; nobody else's choices move theirs."""
    chance = random.Random(f"{seed} buyer {number}")  # noqa: S311  # to be repeated
    plan = chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
    provider = TRANSFER if plan in BY_TRANSFER else chance.choice([CARD, REDIRECT, TRANSFER])
    late = plan == Plan.LATE
    minutes = chance.uniform(40, 24 * 60) if late else chance.uniform(0.5, 12)
    return Buyer(
        number=number,
        plan=plan,
        provider=provider,
        narrow=chance.random() < 0.3,  # noqa: PLR2004  # three in ten want the narrow place
        quantity=chance.randint(1, 4),
        arrives_after=arrivals * chance.random(),
        pays_after=timedelta(minutes=minutes),
        chance=chance,
    )
