"""A ticket is given to somebody else by a link that works once; the old code ends.

The link's secret stands in its fragment, which no server sees; a hash is kept. Whoever opens it
accepts with a key of their own and gets a secret for the new ticket alone. The buyer never sees
the new code, and the recipient nothing of the order.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from ticketing.domain.change_rules import Fast, judge_ticket, steps_bought
from ticketing.domain.order_secret import NO_HASH, SECRET_BYTES, hash_secret
from ticketing.domain.reissuing import Exchange, Fixed, WhyFixed, exchange, hold_unused
from ticketing.models import ChangeKind, Order, Reissue, Ticket, Transfer

LINK_LASTS = timedelta(days=3)
SALT = "ticketing.ticket-secret"
Status = Transfer.Status


@dataclass(frozen=True, slots=True)
class Offered:
    """The link is shown here and never again."""

    transfer: Transfer
    link: str


@dataclass(frozen=True, slots=True)
class NotOffered:
    """The ticket stays with its buyer; `reason` is stable."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The recipient's ticket, and the secret that opens it."""

    ticket: Ticket
    secret: str


@dataclass(frozen=True, slots=True)
class TakenByAnother:
    """Somebody else has accepted it."""


@dataclass(frozen=True, slots=True)
class Over:
    """The link was withdrawn, is too old, or nobody is left on the ticket."""


@transaction.atomic
def offer(*, order: Order, ticket_id: int, at: datetime) -> Offered | NotOffered:
    """Make a link for everybody of the ticket who was not let in yet; an earlier one ends."""
    held = hold_unused(order=order, ticket_ids=[ticket_id], at=at)
    if isinstance(held, Fixed):
        return NotOffered(held.reason.value)
    ticket = held[0].ticket
    if ticket.holder_hash is not None:
        return NotOffered(WhyFixed.UNKNOWN_TICKET.value)
    steps = steps_bought(product_ids=[ticket.product_id], bought_at=order.created_at)
    allowed = judge_ticket(ticket, kind=ChangeKind.TRANSFER, steps=steps, at=at)
    if isinstance(allowed, Fast):
        return NotOffered(allowed.reason.value, allowed.until)
    _end(Transfer.objects.filter(ticket=ticket), at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    transfer = Transfer.objects.create(
        code=secrets.token_hex(8),
        secret_hash=hash_secret(secret),
        ticket=ticket,
        offered_at=at,
        expires_at=min(at + LINK_LASTS, allowed.until, ticket.valid_until),
    )
    return Offered(transfer, f"{settings.PUBLIC_URL}/tickets/transfers/{transfer.code}#{secret}")


def _end(transfers: QuerySet[Transfer], *, at: datetime) -> int:
    return transfers.filter(status=Status.OFFERED).update(status=Status.WITHDRAWN, ended_at=at)


def transfers_of(order: Order) -> Sequence[Transfer]:
    """Every link of an order, the latest last."""
    return list(Transfer.objects.filter(ticket__line__order=order).order_by("pk"))


@transaction.atomic
def withdraw(*, order: Order, code: str, at: datetime) -> Transfer | None:
    """End a link; one that was accepted meanwhile stays accepted. None: no such link."""
    Order.objects.select_for_update().get(pk=order.pk)
    own = Transfer.objects.filter(code=code, ticket__line__order=order)
    _end(own, at=at)
    return own.first()


def open_transfer(*, code: str, secret: str) -> Transfer | None:
    """The link that this secret opens; None says neither "unknown" nor "wrong secret"."""
    transfer = (
        Transfer.objects.select_related("ticket__line__order", "ticket__category", "made")
        .filter(code=code)
        .first()
    )
    kept = NO_HASH if transfer is None else bytes(transfer.secret_hash)
    return transfer if constant_time_compare(hash_secret(secret), kept) else None


@transaction.atomic
def accept(*, transfer: Transfer, key: str, at: datetime) -> Accepted | TakenByAnother | Over:
    """Give the ticket to whoever comes first; the same person is answered the same again."""
    order = Order.objects.select_for_update().get(pk=transfer.ticket.line.order_id)
    locked = Transfer.objects.select_for_update().get(pk=transfer.pk)
    secret = _secret_of(locked, key)
    if locked.status == Status.ACCEPTED and locked.made_id is not None:
        mine = constant_time_compare(hash_secret(key), bytes(locked.recipient_hash or b""))
        return Accepted(_made(locked.made_id), secret) if mine else TakenByAnother()
    if locked.status == Status.WITHDRAWN or at >= locked.expires_at:
        return Over()
    held = hold_unused(order=order, ticket_ids=[locked.ticket_id], at=at)
    if isinstance(held, Fixed):
        return Over()
    wanted = Exchange(
        kind=Reissue.Kind.TRANSFER,
        parties=[held[0].unused],
        terms={"holder_hash": hash_secret(secret)},
    )
    [made] = exchange(held=held, wanted=wanted, at=at)
    Transfer.objects.filter(pk=locked.pk).update(
        status=Status.ACCEPTED, ended_at=at, made=made, recipient_hash=hash_secret(key)
    )
    return Accepted(_made(made.pk), secret)


def _secret_of(transfer: Transfer, key: str) -> str:
    """Derived from the recipient's own key, so that a repeat gets the same and no row holds it."""
    value = f"{transfer.code}\x00{key}"
    mac = salted_hmac(SALT, value, secret=str(settings.SECRET_KEY), algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()[:SECRET_BYTES]).decode("ascii")


def _made(ticket_id: int) -> Ticket:
    related = ("line__order", "category", "made_by", "ended_by", "slot", "entry_site")
    return Ticket.objects.select_related(*related).get(pk=ticket_id)
