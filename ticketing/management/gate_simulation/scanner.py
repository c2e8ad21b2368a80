"""A simulated gate device: its clock is wrong, its network comes and goes, it restarts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid5

from ticketing.domain.device_care import Report, keep_report
from ticketing.domain.gate_facts import Answers, Ask, Claims, Code, Decision, Gate, Known
from ticketing.domain.gate_knowledge import LONGEST_ALONE
from ticketing.domain.gate_pack import forget_refreshed, gate_pack
from ticketing.domain.judging import judge
from ticketing.domain.presentation import Presentation
from ticketing.domain.redemption import redeem
from ticketing.domain.scan_log import Kept, tell
from ticketing.domain.ticket_token import TicketClaims, inspect, to_link_part, to_text
from ticketing.domain.told_events import ToldEvent
from ticketing.management.gate_simulation.crowd import Arrival
from ticketing.management.gate_simulation.memory import Memory
from ticketing.management.gate_simulation.world import Post
from ticketing.models import GateEvent, Outcome

LARGEST_UPLOAD = 250
ONE_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the guard saw, and which doubts somebody put aside for it."""

    outcome: str
    people: int
    alone: bool
    doubts: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Scanner:
    post: Post
    dice: random.Random
    # What its clock shows is the true time plus this.
    wrong_by: timedelta
    cuts: Sequence[tuple[datetime, datetime]]
    # A broken one loses every so many of its scans; 0 loses none.
    loses_every: int = 0
    memory: Memory = field(default_factory=Memory)
    log: list[ToldEvent] = field(default_factory=list)
    waiting: list[ToldEvent] = field(default_factory=list)
    own: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    believed_ms: int = 0
    synced_at: datetime | None = None
    # Device time and true time of each upload, to tell the same again in another order.
    uploads: list[tuple[datetime, datetime]] = field(default_factory=list)

    def is_cut(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.cuts)

    def clock(self, at: datetime) -> datetime:
        return at + self.wrong_by

    def present(self, arrival: Arrival) -> Shown:
        """Ask the server when it can be reached; an answer that is lost is judged again, alone."""
        if self.is_cut(arrival.at):
            return self._judge_alone(arrival)
        result = redeem(
            presentation=Presentation(
                scan_id=arrival.scan_id,
                text=to_text(bytes(arrival.ticket.token)),
                scanned_at=self.clock(arrival.at),
                people=arrival.people,
                document_seen=True,
            ),
            seat=self.post.seat,
            at=arrival.at,
        )
        if self.dice.randrange(200) == 0:
            return self._judge_alone(arrival)
        if result.outcome == Outcome.ADMITTED:
            self._note(arrival, result.admitted_people)
        return Shown(result.outcome, result.admitted_people, alone=False)

    def undo(self, arrival: Arrival, *, at: datetime) -> None:
        """Take an entry back; the server hears of it before the next code is shown to it."""
        self._keep(
            ToldEvent(
                event_id=uuid5(arrival.scan_id, "undo"),
                sequence=len(self.log) + 1,
                kind=GateEvent.Kind.UNDO,
                gate_code=self.post.gate.code,
                reason="wrong button",
                undoes=arrival.scan_id,
                happened_at=self.clock(at),
                offset_ms=self.believed_ms,
                pack_number=self.memory.number,
            )
        )
        self._note(arrival, -arrival.people)

    def _judge_alone(self, arrival: Arrival) -> Shown:
        claims = inspect(to_link_part(bytes(arrival.ticket.token)), self.memory.trusted).claims
        if claims is None:
            return Shown(Outcome.NEEDS_SYNC, 0, alone=True, doubts=("unknown_key",))
        known = self.memory.known(claims, site=self.post.site_bit, own=self.own)
        decision, doubts = self._ask_people(arrival, claims, known)
        self._keep(
            ToldEvent(
                event_id=arrival.scan_id,
                sequence=len(self.log) + 1,
                text=to_link_part(bytes(arrival.ticket.token)),
                gate_code=self.post.gate.code,
                outcome=decision.outcome,
                reason=",".join(doubts),
                people=decision.people,
                happened_at=self.clock(arrival.at),
                offset_ms=self.believed_ms,
                pack_number=self.memory.number,
            )
        )
        if decision.people:
            self._note(arrival, decision.people)
        return Shown(decision.outcome, decision.people, alone=True, doubts=doubts)

    def _ask_people(
        self, arrival: Arrival, claims: TicketClaims, known: Known
    ) -> tuple[Decision, tuple[str, ...]]:
        """Do what an amber screen asks for: look at the document, fetch the supervisor."""
        answers = Answers(people=arrival.people)
        doubts: list[str] = []
        while True:
            decision = judge(
                code=Code(claims=_claims(claims)),
                gate=self._gate(arrival.at),
                known=known,
                answers=answers,
            )
            if decision.ask is None or decision.ask == Ask.ONLINE:
                return decision, tuple(doubts)
            doubts.append(decision.why or "")
            if decision.ask == Ask.DOCUMENT:
                answers = replace(answers, document_seen=True)
            else:
                answers = replace(answers, confirmed_by=Ask.SUPERVISOR)

    def _gate(self, at: datetime) -> Gate:
        now = int((self.clock(at) + self.believed_ms * ONE_MS).timestamp())
        synced = int(self.synced_at.timestamp()) if self.synced_at else None
        ends = int((self.synced_at + LONGEST_ALONE).timestamp()) if self.synced_at else None
        return Gate(
            site=self.post.site_bit,
            at=now,
            alone=True,
            credential_until=ends,
            clock_checked_at=synced,
            lists_checked_at=synced,
            sold_at=self.memory.sold_at,
            sold_until=self.memory.sold_until,
        )

    def _note(self, arrival: Arrival, people: int) -> None:
        key = (arrival.ticket.pk & (1 << 64) - 1, self.post.site_bit)
        inside, _last = self.own.get(key) or self.memory.used.get(key) or (0, 0)
        self.own[key] = (max(inside + people, 0), int(arrival.at.timestamp()))

    def _keep(self, event: ToldEvent) -> None:
        self.log.append(event)
        if not self.loses_every or len(self.log) % self.loses_every:
            self.waiting.append(event)

    # --- With the network -----------------------------------------------------------------

    def flush(self, at: datetime) -> list[Kept]:
        """Tell what waits, in pieces, out of order and twice."""
        told: list[Kept] = []
        while self.waiting:
            piece = self.waiting[:LARGEST_UPLOAD]
            again = self.dice.sample(piece, len(piece) // 10)
            upload = self.dice.sample(piece + again, len(piece) + len(again))
            told += self._tell(upload, at=at)
            # Sometimes the answer is lost: everything is told once more.
            if self.dice.randrange(5) == 0:
                told += self._tell(upload[::-1], at=at + ONE_MS)
            self.waiting = self.waiting[len(piece) :]
        return told

    def fetch(self, at: datetime) -> None:
        """Fetch what is new."""
        # What was told a moment ago must be in it.
        forget_refreshed()
        pack = gate_pack(site=self.post.gate.site, since=self.memory.number, at=at)
        self.memory.take(pack)
        # The pack says what happened at the other gates; own scans are in it as well by now.
        self.own.clear()
        self.synced_at = at
        self.believed_ms = -(self.wrong_by // ONE_MS)
        keep_report(
            device_id=self.post.seat.device_id,
            report=Report(pack_number=pack.number, waiting=0, device_at=self.clock(at)),
            at=at,
        )

    def _tell(self, events: Sequence[ToldEvent], *, at: datetime) -> list[Kept]:
        self.uploads.append((self.clock(at), at))
        report = Report(device_at=self.clock(at))
        return tell(device_id=self.post.seat.device_id, events=events, report=report, at=at)

    def restart(self) -> None:
        """Power is lost and comes back: what was stored is there, what was in memory is not."""
        self.memory.restart()
        self.own.clear()
        undone = {event.undoes for event in self.log}
        for event in self.waiting:
            if event.event_id not in undone and event.outcome == Outcome.ADMITTED:
                self._remember(event)

    def _remember(self, event: ToldEvent) -> None:
        """Own scans that the pack cannot know of yet."""
        claims = inspect(event.text, self.memory.trusted).claims
        if claims is not None:
            key = (claims.ticket_id, self.post.site_bit)
            inside, _last = self.own.get(key) or self.memory.used.get(key) or (0, 0)
            self.own[key] = (inside + event.people, int(event.happened_at.timestamp()))


def _claims(claims: TicketClaims) -> Claims:
    return Claims(
        sites=claims.sites,
        valid_from=int(claims.valid_from.timestamp()),
        valid_until=int(claims.valid_until.timestamp()),
        issued_at=int(claims.issued_at.timestamp()),
        party_size=claims.party_size,
        entry_policy=claims.entry_policy,
    )
