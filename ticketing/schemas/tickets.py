"""A ticket and an order as their buyer sees them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from sites.models import Language
from sites.schemas.money import Money, vnd
from ticketing.domain.announced_closures import AnnouncedClosure, announced_closures
from ticketing.domain.entries import EntriesLeft, entries_left
from ticketing.domain.gate_names import product_names
from ticketing.domain.pass_texts import places_left_text, until_text
from ticketing.domain.pass_tickets import PassState, pass_states
from ticketing.domain.qr_codes import paths, svg
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_token import to_link_part, to_text
from ticketing.models import Order, OrderStatus, Reissue, Ticket, TicketStatus
from ticketing.schemas.changes import OrderCancellationOut, cancellations_out
from ticketing.schemas.forms import MailOut, TicketForms, mail_out, order_pdfs, ticket_forms
from ticketing.schemas.orders import OrderLineOut, SlotOut, lines_out, slot_out
from ticketing.schemas.times import LocalTime


class TicketProductOut(Schema):
    id: int
    name: str


class RemainingOut(Schema):
    """People who may still enter at one place."""

    site: str
    site_name: str
    left: int


class EntryOut(Schema):
    """When the people of a ticket for a time enter, and where; `until` is exclusive."""

    slot: SlotOut
    site: str
    entry_from: LocalTime
    entry_until: LocalTime


class PassStateOut(Schema):
    """Where a pass stands: places that it still opens, when its time from first use is over.

    `text` says so in words; it is empty before there is anything to say.
    """

    sites_limit: int | None
    places_left: int | None
    in_order: bool
    use_until: LocalTime | None
    text: str


class ReissueOut(Schema):
    """A change that ended tickets and made others: those that name the same `id`."""

    id: int
    kind: Reissue.Kind
    at: LocalTime


class AnnouncedClosureOut(Schema):
    """A closure of one of its places while the ticket can be used; `site` names the place.

    `ends_at` is exclusive; null: until further notice. `language` is that of the text.
    """

    site: str
    text: str
    language: Language
    starts_at: LocalTime
    ends_at: LocalTime | None
    whole_site: bool


class TicketOut(TicketForms):
    """One QR code. `link_part` is the same token for the fragment of a link.

    `made_by`: the change that put it in the place of others. `ended_by`: the one that put others
    in its place; its code is refused from then on.
    """

    id: str
    token: str
    link_part: str
    status: TicketStatus
    party_size: int
    cancelled_people: int
    product: TicketProductOut
    remaining_entries: list[RemainingOut]
    pass_state: PassStateOut | None = None
    valid_from: LocalTime
    valid_until: LocalTime
    entry: EntryOut | None
    category: str
    needs_document: bool
    qr_svg: str
    closures: list[AnnouncedClosureOut] = []
    made_by: ReissueOut | None = None
    ended_by: ReissueOut | None = None


class OrderOut(Schema):
    """An order with its tickets, which are there as soon as it is paid."""

    code: str
    status: OrderStatus
    total: Money
    created_at: LocalTime
    expires_at: LocalTime
    lines: list[OrderLineOut]
    tickets: list[TicketOut]
    pdfs: list[str] = Field([], description="All valid tickets to print, 50 in each file.")
    mail: MailOut | None = None
    cancellations: list[OrderCancellationOut] = []


def order_out(order: Order, *, language: str) -> OrderOut:
    """Seven queries, eight with cancellations, however many lines and tickets there are."""
    lines = list(order.lines.select_related("category", "slot").order_by("pk"))
    tickets = list(
        Ticket.objects.select_related("category", "made_by", "ended_by", "slot", "entry_site")
        .filter(line__in=lines, holder_hash__isnull=True)
        .order_by("line_id", "number")
    )
    at = timezone.now()
    valid = sum(ticket.status == TicketStatus.VALID for ticket in tickets)
    cancellations = order.cancellations.prefetch_related("lines").order_by("pk")
    return OrderOut(
        code=order.code,
        status=OrderStatus(order.status),
        total=vnd(order.total),
        created_at=order.created_at,
        expires_at=order.expires_at,
        lines=lines_out(lines, language=language),
        tickets=tickets_out(tickets, language=language, at=at),
        pdfs=order_pdfs(order, valid, language=language, at=at),
        mail=mail_out(order),
        cancellations=cancellations_out(list(cancellations)),
    )


def tickets_out(
    tickets: Sequence[Ticket], *, language: str, at: datetime | None = None
) -> list[TicketOut]:
    """`tickets` come with their category and what made and ended them."""
    if not tickets:
        return []
    names = product_names(language)
    at = at or timezone.now()
    left = entries_left(tickets, language=language, at=at)
    states = pass_states(tickets)
    closures = announced_closures(tickets, language=language, at=at)
    drawings = paths([bytes(ticket.token) for ticket in tickets])
    return [
        ticket_out(
            ticket,
            name=names.get(ticket.product_id, ""),
            left=left[ticket.pk],
            state=states.get(ticket.pk),
            closures=closures[ticket.pk],
            drawing=one,
            forms=ticket_forms(ticket, language=language, at=at),
        )
        for ticket, one in zip(tickets, drawings, strict=True)
    ]


def ticket_out(
    ticket: Ticket,
    *,
    name: str,
    left: Sequence[EntriesLeft],
    state: PassState | None,
    closures: Sequence[AnnouncedClosure],
    drawing: str,
    forms: TicketForms,
) -> TicketOut:
    token = bytes(ticket.token)
    return TicketOut(
        **dict(forms),
        id=to_hex(ticket.pk),
        token=to_text(token),
        link_part=to_link_part(token),
        status=TicketStatus(ticket.status),
        party_size=ticket.party_size,
        cancelled_people=ticket.cancelled_people,
        product=TicketProductOut(id=ticket.product_id, name=name),
        remaining_entries=[
            RemainingOut(site=place.site, site_name=place.site_name, left=place.left)
            for place in left
        ],
        pass_state=_pass_state(state) if state else None,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        entry=entry_out(ticket),
        category=ticket.category.code,
        needs_document=ticket.needs_document,
        closures=[AnnouncedClosureOut(**asdict(closure)) for closure in closures],
        qr_svg=svg(drawing, title=qr_title(name)),
        made_by=reissue_out(ticket.made_by) if ticket.made_by else None,
        ended_by=reissue_out(ticket.ended_by) if ticket.ended_by else None,
    )


def _pass_state(state: PassState) -> PassStateOut:
    said = []
    if state.places_left is not None and state.sites_limit is not None:
        said.append(places_left_text(left=state.places_left, limit=state.sites_limit))
    if state.use_until is not None:
        said.append(until_text(state.use_until))
    return PassStateOut(
        sites_limit=state.sites_limit,
        places_left=state.places_left,
        in_order=state.in_order,
        use_until=state.use_until,
        text=" · ".join(said),
    )


def reissue_out(reissue: Reissue) -> ReissueOut:
    return ReissueOut(id=reissue.pk, kind=Reissue.Kind(reissue.kind), at=reissue.at)


def entry_out(ticket: Ticket) -> EntryOut | None:
    if not (ticket.slot and ticket.entry_site and ticket.entry_from and ticket.entry_until):
        return None
    return EntryOut(
        slot=slot_out(ticket.slot),
        site=ticket.entry_site.slug,
        entry_from=ticket.entry_from,
        entry_until=ticket.entry_until,
    )


def qr_title(product_name: str) -> str:
    """What a screen reader says of the code."""
    return _("QR code of the ticket: %(product)s") % {"product": product_name}
