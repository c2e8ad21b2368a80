"""Whether the codes of told events are tickets of ours: by their bytes, else by their signature."""

from collections.abc import Mapping
from typing import NamedTuple

from ticketing.domain.settling import TicketTerms
from ticketing.domain.signing_keys import trust_list
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.ticket_token import TOKEN_BYTES, TrustedKey, from_text, inspect
from ticketing.domain.told_events import ToldEvent
from ticketing.models import GateEvent, Outcome, SigningKey


class Proof(NamedTuple):
    """What an event is about. No ticket: the code is not, byte for byte, one that we issued."""

    outcome: str
    people: int
    ticket_id: int | None = None
    claimed_id: int | None = None
    signed: bool = False


ADMITTED, UNDO = Outcome.ADMITTED.value, GateEvent.Kind.UNDO.value
# Where the token says which ticket it is, and for how many people.
TICKET_ID = slice(3, 11)
PARTY_SIZE = 25


class ReadCode(NamedTuple):
    """The bytes of a code, unchecked, and the ticket that they claim (as the database has it)."""

    token: bytes | None
    ticket_id: int | None


def read_code(event: ToldEvent) -> ReadCode:
    """Read the code of an event; a paper list has ids alone."""
    token = from_text(event.text) if event.text else None
    if token is None or len(token) != TOKEN_BYTES:
        return ReadCode(None, None if event.text else event.ticket_id)
    return ReadCode(token, to_column(int.from_bytes(token[TICKET_ID], "big")))


class Prover:
    """Proves the events of one upload; reads the keys only when a stranger comes."""

    def __init__(self, terms: Mapping[int, TicketTerms]) -> None:
        self.terms = terms
        self._trusted: dict[int, TrustedKey] | None = None

    def prove(self, event: ToldEvent, code: ReadCode) -> Proof:
        """Find the ticket of an event, and what the gate said where it left that out."""
        if event.kind == UNDO:
            return Proof(outcome="", people=0)
        terms = self.terms.get(code.ticket_id) if code.ticket_id is not None else None
        if terms is not None and code.token in {None, terms.token}:
            outcome = event.outcome or ADMITTED
            people = _people(event, outcome, party=terms.party)
            return Proof(outcome=outcome, people=people, ticket_id=code.ticket_id)
        signed = bool(event.text) and self._is_signed(event.text)
        said = event.outcome or (Outcome.UNKNOWN if signed or not event.text else Outcome.FORGED)
        people = _people(event, said, party=code.token[PARTY_SIZE] if code.token else 1)
        return Proof(outcome=said, people=people, claimed_id=code.ticket_id, signed=signed)

    def _is_signed(self, text: str) -> bool:
        if self._trusted is None:
            self._trusted = trust_list(SigningKey.objects.all())
        return inspect(text, self._trusted).claims is not None


def _people(event: ToldEvent, outcome: str, *, party: int) -> int:
    """Who was let in; the whole party where the gate did not count."""
    return max(event.people or party, 1) if outcome == ADMITTED else 0
