"""What a gate knows when a code is held before it, and what it answers.

Times are seconds since 1970, so that the cases of the decision table read the same in every
language.
"""

from dataclasses import dataclass
from enum import StrEnum

from ticketing.models import Outcome

# A code without our prefix; the faults of `ticket_token` are about codes that have it.
FOREIGN = "foreign"


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Ask(StrEnum):
    """Who or what can turn amber into green."""

    DOCUMENT = "document"
    GUARD = "guard"
    SUPERVISOR = "supervisor"
    # Only the server can tell, and no person here.
    ONLINE = "online"


class Revoked(StrEnum):
    """What the gate knows of the end of a ticket. `MAYBE`: the coded list alone says so."""

    NO = "no"
    MAYBE = "maybe"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a proven code says of itself. `sites` is null when the scope is the id of a list."""

    sites: tuple[int, ...] | None
    valid_from: int
    valid_until: int
    issued_at: int
    party_size: int
    entry_policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A presented code after its signature was checked. Claims are there only when it holds."""

    fault: str | None = None
    needs_newer_scanner: bool = False
    claims: Claims | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The gate at this moment. What only matters alone is ignored online."""

    site: int
    at: int
    alone: bool
    blocked: bool = False
    # Until when the device may judge by itself.
    credential_until: int | None = None
    # When the clock was last compared with the server's.
    clock_checked_at: int | None = None
    # When the server last said that the lists are the newest.
    lists_checked_at: int | None = None
    # When the list of sold tickets was made, and the end of the days that it covers.
    sold_at: int = 0
    sold_until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When the people of a slotted ticket enter, and at which site."""

    site: int
    entry_from: int
    entry_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rules of a pass beyond its entry policy."""

    sites_limit: int | None = None
    sequence: tuple[int, ...] = ()
    use_within_minutes: int | None = None
    days_from_first_use: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of this ticket: by the server all of it, by a gate what its lists say."""

    # Among the sold ones: in the database, or in the list of the gate.
    sold: bool = True
    # The key leaked: only ids of the list are believed.
    known_ids_only: bool = False
    revoked: Revoked = Revoked.NO
    cancelled_people: int = 0
    product_known: bool = True
    needs_document: bool = False
    window: Window | None = None
    rule: Rule | None = None
    # People let in before under the entry policy, here and now.
    inside: int = 0
    last_at: int | None = None
    # Places that were opened before, and when each of them was first; only rules need them.
    opened: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What people said: how many enter, whether the document was right, who put doubts aside."""

    people: int | None = None
    document_seen: bool | None = None
    confirmed_by: Ask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    outcome: Outcome
    colour: Colour
    people: int = 0
    # Of the party, after this decision; null for a code that is not proven.
    left: int | None = None
    why: str | None = None
    ask: Ask | None = None
