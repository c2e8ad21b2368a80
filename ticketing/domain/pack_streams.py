"""What a gate pack says that grows by the minute: tickets sold, revoked and used.

Each starts with a base and goes on with what came later. Facts are read from a little before the
end of the part before, because a transaction may have been open then; what that part already
said is left out.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import Q

from sites.models import HeritageSite
from ticketing.domain.gate_keys import Purpose, gate_key, private_key_of
from ticketing.domain.id_lists import code_ids, read_ids
from ticketing.domain.pack_facts import horizon
from ticketing.domain.revocations import SALT_BYTES, build_set, write_list
from ticketing.domain.ticket_ids import from_column, to_hex
from ticketing.domain.used_tickets import RECORD_BYTES, all_used, used_since
from ticketing.models import Revocation, Ticket, TicketStatus

# Longer than any transaction of ours stays open.
OVERLAP = timedelta(seconds=30)
# Plain ids of so many days stand beside the coded set: a gate is sure of these.
PLAIN_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a part is built from."""

    site: HeritageSite | None
    at: datetime
    number: int
    # The end of what was read before, and what the parts since then said; for a base nothing.
    since: datetime | None = None
    said: tuple[Mapping[str, Any], ...] = ()


class Stream(Protocol):
    """Builds a base, or what came later: nothing when nothing did."""

    def __call__(self, reading: Reading) -> dict[str, Any] | None: ...


def sold(reading: Reading) -> dict[str, Any] | None:
    """Ids of the tickets of the next days that open this site."""
    tickets = Ticket.objects.filter(
        product__entitlements__site=reading.site,
        valid_until__gt=reading.at,
        valid_from__lt=horizon(reading.at),
        status=TicketStatus.VALID,
    )
    if reading.since is not None:
        tickets = tickets.filter(issued_at__gt=reading.since - OVERLAP)
    said = {one for part in reading.said for one in read_ids(part)}
    ids = {from_column(pk) for pk in tickets.values_list("pk", flat=True)} - said
    if reading.since is not None and not ids:
        return None
    return {
        "made_at": int(reading.at.timestamp()),
        "until": int(horizon(reading.at).timestamp()),
        **code_ids(ids),
    }


def revoked(reading: Reading) -> dict[str, Any] | None:
    """A base holds all in a coded set and the latest plainly; what comes later is plain."""
    _list_new_revocations(at=reading.at, number=reading.number)
    if reading.since is None:
        lately = Q(listed_at__gt=reading.at - PLAIN_FOR)
        # The coded set is for whole tickets: those of a part are always told.
        partly = Q(reason=PARTLY, ticket__valid_until__gt=reading.at)
        return {"list": _coded(reading), "plain": _plain(lately | partly)}
    plain = _plain(Q(number=reading.number))
    return {"plain": plain} if plain else None


def _list_new_revocations(*, at: datetime, number: int) -> None:
    """Note the number of the part from which gates can know that a ticket, or a part, is void.

    Whoever ends a ticket only changes its row: this finds it.
    """
    void = Ticket.objects.filter(valid_until__gt=at).filter(
        ~Q(status=TicketStatus.VALID) | Q(cancelled_people__gt=0)
    )
    rows = void.values_list("pk", "status", "party_size", "cancelled_people")
    known = set(
        Revocation.objects.filter(ticket__in=void.values("pk")).values_list("ticket_id", "people")
    )
    new = [
        Revocation(ticket_id=pk, reason=reason, people=people, listed_at=at, number=number)
        for pk, reason, people in (_end(*row) for row in rows)
        if (pk, people) not in known
    ]
    Revocation.objects.bulk_create(new, ignore_conflicts=True)


def _end(pk: int, status: str, party_size: int, cancelled: int) -> tuple[int, str, int]:
    return (pk, PARTLY, cancelled) if status == TicketStatus.VALID else (pk, status, party_size)


# The reason of a ticket of which only some people are void.
PARTLY = "partly"


def _coded(reading: Reading) -> str:
    void = Ticket.objects.filter(valid_until__gt=reading.at).exclude(status=TicketStatus.VALID)
    ids = [from_column(pk) for pk in void.values_list("pk", flat=True)]
    private_key = private_key_of(gate_key(Purpose.LIST, at=reading.at))
    if private_key is None:
        message = "The seed of the list key lies here."
        raise ValueError(message)
    container = write_list(
        build_set(ids, salt=secrets.token_bytes(SALT_BYTES)),
        number=reading.number,
        created_at=reading.at,
        horizon=reading.at,
        private_key=private_key,
    )
    return b64encode(container).decode("ascii")


def _plain(which: Q) -> list[list[Any]]:
    """Id, reason, and how many of the party are void."""
    rows = Revocation.objects.filter(which).order_by("number", "ticket_id", "people")
    return [
        [to_hex(ticket_id), reason, people]
        for ticket_id, reason, people in rows.values_list("ticket_id", "reason", "people")
    ]


def used(reading: Reading) -> dict[str, Any] | None:
    """Entries that count for this site, as records of `used_tickets`."""
    if reading.site is None:
        return None
    if reading.since is None:
        records = set(all_used(site=reading.site, at=reading.at))
    else:
        fresh = used_since(site=reading.site, since=reading.since - OVERLAP, at=reading.at)
        records = set(fresh) - {one for part in reading.said for one in _records(part)}
        if not records:
            return None
    return {"count": len(records), "records": b64encode(b"".join(sorted(records))).decode("ascii")}


def _records(part: Mapping[str, Any]) -> Iterator[bytes]:
    data = b64decode(part["records"])
    for offset in range(0, len(data), RECORD_BYTES):
        yield data[offset : offset + RECORD_BYTES]


FOR_ALL: Mapping[str, Stream] = {"revoked": revoked}
FOR_ONE_SITE: Mapping[str, Stream] = {"sold": sold, "used": used}
