"""What a simulated device remembers: the parts of its pack, read as the gate app reads them."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ticketing.domain.gate_facts import Known, Revoked, Rule, Window
from ticketing.domain.gate_pack import Pack
from ticketing.domain.id_lists import read_ids
from ticketing.domain.revocations import RevocationSet, place_in_set, read_list
from ticketing.domain.ticket_token import TicketClaims, TrustedKey
from ticketing.domain.used_tickets import RECORD, RECORD_BYTES

# By ticket and site: people inside, last entry.
Own = Mapping[tuple[int, int], tuple[int, int]]


@dataclass(slots=True)
class Memory:
    """Parts by number; what follows from them is read again only when they change."""

    number: int = 0
    texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    trusted: dict[int, TrustedKey] = field(default_factory=dict)
    documents: dict[int, bool] = field(default_factory=dict)
    products: frozenset[int] = frozenset()
    sold: set[int] = field(default_factory=set)
    sold_at: int = 0
    sold_until: int = 0
    plain: dict[int, tuple[str, int]] = field(default_factory=dict)
    coded: RevocationSet | None = None
    values: frozenset[int] = frozenset()
    rules: dict[int, Rule] = field(default_factory=dict)
    # When the people of a ticket enter here: from, until.
    windows: dict[int, tuple[int, int]] = field(default_factory=dict)
    # By ticket and site: people inside, last entry.
    used: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def take(self, pack: Pack) -> None:
        """Take what is new; a number below the one held is refused."""
        if pack.number < self.number:
            return
        self.number = pack.number
        for part in pack.parts:
            self.texts[part.number] = (part.name, part.text)
            READERS.get(part.name, _nothing)(self, json.loads(part.text))
        listed = {part["number"] for part in json.loads(pack.manifest)["parts"]}
        self.texts = {number: text for number, text in self.texts.items() if number in listed}

    def restart(self) -> None:
        """Lose what was only in memory, and read the stored parts again."""
        stored = dict(self.texts)
        self.sold, self.plain, self.used = set(), {}, {}
        for _number, (name, text) in sorted(stored.items()):
            READERS.get(name, _nothing)(self, json.loads(text))

    def known(
        self, claims: TicketClaims, *, site: int, own: Mapping[tuple[int, int], Any]
    ) -> Known:
        """All that is known of this ticket at this site; own scans are newer than the pack's."""
        ticket, here = claims.ticket_id, (claims.ticket_id, site)
        reason, people = self.plain.get(ticket, ("", 0))
        rule, window = self.rules.get(claims.product_id), self.windows.get(ticket)
        inside, last_at = own.get(here) or self.used.get(here) or (0, None)
        return Known(
            sold=ticket in self.sold,
            revoked=self._revoked(ticket, reason),
            cancelled_people=people if reason == "partly" else 0,
            product_known=claims.product_id in self.products,
            needs_document=self.documents.get(claims.category, False),
            window=Window(site=site, entry_from=window[0], entry_until=window[1])
            if window
            else None,
            rule=rule,
            inside=inside,
            last_at=last_at,
            opened=self._opened(ticket, own) if rule else (),
        )

    def _opened(self, ticket: int, own: Own) -> tuple[tuple[int, int], ...]:
        """Each place where anybody of the party was let in, and when."""
        seen = {key: value for key, value in self.used.items() if key[0] == ticket}
        seen |= {key: value for key, value in own.items() if key[0] == ticket}
        return tuple((site, at) for (_one, site), (people, at) in seen.items() if people)

    def _revoked(self, ticket: int, reason: str) -> Revoked:
        if reason and reason != "partly":
            return Revoked(reason)
        if self.coded is None or not self.coded.count:
            return Revoked.NO
        place = place_in_set(ticket, salt=self.coded.salt, count=self.coded.count)
        return Revoked.MAYBE if place in self.values else Revoked.NO


def _nothing(memory: Memory, text: Mapping[str, Any]) -> None:
    """Parts that a device without a screen does not need."""


def _trust(memory: Memory, text: Mapping[str, Any]) -> None:
    keys = json.loads(text["text"])["ticket_keys"]
    memory.trusted = {key["kid"]: TrustedKey(bytes.fromhex(key["public_key"])) for key in keys}


def _products(memory: Memory, text: Mapping[str, Any]) -> None:
    memory.products = frozenset(product["id"] for product in text["products"])
    memory.rules = {
        product["id"]: Rule(**product["rule"] | {"sequence": tuple(product["rule"]["sequence"])})
        for product in text["products"]
        if product["rule"]
    }
    memory.documents = {one["number"]: one["needs_document"] for one in text["categories"]}


def _sold(memory: Memory, text: Mapping[str, Any]) -> None:
    memory.sold |= read_ids(text)
    memory.sold_at, memory.sold_until = text["made_at"], text["until"]


def _windows(memory: Memory, text: Mapping[str, Any]) -> None:
    memory.windows = {
        ticket: (window["entry_from"], window["entry_until"])
        for window in text["windows"]
        for ticket in read_ids(window)
    }


def _revoked(memory: Memory, text: Mapping[str, Any]) -> None:
    if "list" in text:
        memory.coded = read_list(b64decode(text["list"])).revoked
        memory.values = memory.coded.values()
    for ticket, reason, people in text["plain"]:
        memory.plain[int(ticket, 16)] = (reason, people)


def _used(memory: Memory, text: Mapping[str, Any]) -> None:
    for ticket, site, _day, people, _first_at, last_at, _gate in _records(text["records"]):
        memory.used[ticket, site] = (people, last_at)


def _records(coded: str) -> Iterator[tuple[Any, ...]]:
    data = b64decode(coded)
    for offset in range(0, len(data), RECORD_BYTES):
        yield RECORD.unpack_from(data, offset)


READERS = {
    "trust": _trust,
    "products": _products,
    "sold": _sold,
    "windows": _windows,
    "revoked": _revoked,
    "used": _used,
}
