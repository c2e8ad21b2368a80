"""Whether the codes of told events are tickets of ours: by their bytes, else by their signature."""

from collections.abc import Mapping
from dataclasses import dataclass

from ticketing.domain.settling import TicketTerms
from ticketing.domain.signing_keys import trust_list
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.ticket_token import TrustedKey, Unproven, inspect, read_unproven
from ticketing.domain.told_events import ToldEvent
from ticketing.models import GateEvent, Outcome, SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What an event is about. No ticket: the code is not, byte for byte, one that we issued."""

    outcome: str
    people: int
    ticket_id: int | None = None
    claimed_id: int | None = None
    signed: bool = False


def claimed_ticket(event: ToldEvent) -> int | None:
    """The ticket that the code claims to be, as the database numbers it."""
    unproven = read_unproven(event.text) if event.text else None
    return to_column(unproven.claims.ticket_id) if unproven else event.ticket_id


class Prover:
    """Proves the events of one upload; reads the keys only when a stranger comes."""

    def __init__(self, terms: Mapping[int, TicketTerms]) -> None:
        self.terms = terms
        self._trusted: dict[int, TrustedKey] | None = None

    def prove(self, event: ToldEvent) -> Proof:
        """Find the ticket of an event, and what the gate said where it left that out."""
        if event.kind == GateEvent.Kind.UNDO:
            return Proof(outcome="", people=0)
        unproven = read_unproven(event.text) if event.text else None
        ticket_id = self._ticket(event, unproven)
        if ticket_id is not None:
            party = self.terms[ticket_id].party
            outcome = event.outcome or Outcome.ADMITTED
            return Proof(
                outcome=outcome,
                people=_people(event, outcome, party=party),
                ticket_id=ticket_id,
            )
        signed = bool(event.text) and self._is_signed(event.text)
        said = event.outcome or (Outcome.UNKNOWN if signed or not event.text else Outcome.FORGED)
        claimed = to_column(unproven.claims.ticket_id) if unproven else event.ticket_id
        party = unproven.claims.party_size if unproven else 1
        return Proof(
            outcome=said,
            people=_people(event, said, party=party),
            claimed_id=claimed,
            signed=signed,
        )

    def _ticket(self, event: ToldEvent, unproven: Unproven | None) -> int | None:
        if unproven is None:
            # A paper list has ids alone.
            return event.ticket_id if event.ticket_id in self.terms else None
        ticket_id = to_column(unproven.claims.ticket_id)
        terms = self.terms.get(ticket_id)
        return ticket_id if terms and bytes(terms.token) == unproven.token else None

    def _is_signed(self, text: str) -> bool:
        if self._trusted is None:
            self._trusted = trust_list(SigningKey.objects.all())
        return inspect(text, self._trusted).claims is not None


def _people(event: ToldEvent, outcome: str, *, party: int) -> int:
    """Who was let in; the whole party where the gate did not count."""
    return max(event.people or party, 1) if outcome == Outcome.ADMITTED else 0
