"""What a ticket says to people, in one language: the same words in mail, PDF and wallets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.gis.geos import Point
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.models import OrganisationText
from ticketing.domain.code_search import short_code
from ticketing.domain.gate_names import category_names, product_names
from ticketing.domain.spoken import amount_text, days_text, hours_text
from ticketing.domain.visit_days import day_of
from ticketing.domain.wording import by_language, site_names, tried
from ticketing.models import Entitlement, Order, Ticket, TicketStatus


@dataclass(frozen=True, slots=True)
class OpenedPlace:
    """A place that a ticket opens, as a calendar or a wallet wants to know it."""

    site_id: int
    name: str
    address: str
    point: Point | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line; `key` names it for programs."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSheet:
    """One ticket in one language, ready to be set, mailed or signed."""

    ticket: Ticket
    language: str
    issuer: str
    product: str
    day: str
    facts: Sequence[Fact]
    notes: Sequence[str]
    # What a screen reader says of the code.
    code_title: str
    # What a guard can type when no camera reads the code.
    short_code: str
    places: Sequence[OpenedPlace]

    @property
    def token(self) -> bytes:
        return bytes(self.ticket.token)

    @property
    def words(self) -> list[str]:
        """Everything that is written on the sheet, in reading order."""
        said = [word for fact in self.facts for word in (fact.label, fact.value)]
        return [self.issuer, self.product, self.day, *said, self.short_code, *self.notes]


def valid_tickets(order: Order) -> list[Ticket]:
    """The tickets of an order's buyer that open a gate, in the order of its lines."""
    found = Ticket.objects.filter(
        line__order=order, status=TicketStatus.VALID, holder_hash__isnull=True
    )
    return list(found.select_related("line__order", "category").order_by("line_id", "number"))


def sheets_of(tickets: Sequence[Ticket], *, language: str) -> list[TicketSheet]:
    """Four queries, however many tickets; they come with their line, order and category."""
    products = {ticket.product_id for ticket in tickets}
    places = _places(products, language)
    issuers = _issuers(products, language)
    with translation.override(language):
        return [
            _sheet(
                ticket,
                language=language,
                issuer=issuers.get(ticket.product_id, ""),
                places=places[ticket.product_id],
            )
            for ticket in tickets
        ]


def _places(product_ids: Collection[int], language: str) -> Mapping[int, list[OpenedPlace]]:
    rows = list(
        Entitlement.objects.filter(product_id__in=product_ids)
        .order_by("pk")
        .values_list("product_id", "site_id", "site__slug", "site__address", "site__location")
    )
    names = site_names({site_id for _product, site_id, *_rest in rows}, language)
    found: dict[int, list[OpenedPlace]] = defaultdict(list)
    for product_id, site_id, slug, address, point in rows:
        name = names.get(site_id, slug)
        found[product_id].append(OpenedPlace(site_id, name=name, address=address, point=point))
    return found


def _issuers(product_ids: Collection[int], language: str) -> Mapping[int, str]:
    texts = OrganisationText.objects.filter(
        organisation__product__in=product_ids, language__in=tried(language)
    )
    rows: Iterable[tuple[int, str, str]] = texts.values_list(
        "organisation__product", "language", "name"
    )
    return by_language(rows, language)


def _sheet(
    ticket: Ticket, *, language: str, issuer: str, places: Sequence[OpenedPlace]
) -> TicketSheet:
    product = product_names(language).get(ticket.product_id, "")
    return TicketSheet(
        ticket=ticket,
        language=language,
        issuer=issuer,
        product=product,
        day=_day(ticket, language),
        facts=_facts(ticket, language=language, places=places),
        notes=_notes(ticket),
        code_title=_("QR code of the ticket: %(product)s") % {"product": product},
        short_code=short_code(ticket.pk),
        places=places,
    )


def _day(ticket: Ticket, language: str) -> str:
    last = ticket.valid_until - timedelta(seconds=1)
    return days_text(day_of(ticket.valid_from), day_of(last), language=language)


def _facts(ticket: Ticket, *, language: str, places: Sequence[OpenedPlace]) -> list[Fact]:
    _code, category = category_names(language)[ticket.category.token_code]
    people = people_coming(ticket)
    amount = ticket.line.unit_amount * people
    facts = [
        Fact("people", _("For"), f"{people_text(people)} · {category}"),
        Fact("places", _("Opens"), " · ".join(place.name for place in places)),
        Fact("price", _("Price"), amount_text(amount, language=language)),
        Fact("order", _("Order"), ticket.line.order.code),
    ]
    if ticket.entry_from is not None and ticket.entry_until is not None:
        hours = hours_text(ticket.entry_from, ticket.entry_until, language=language)
        facts.insert(0, Fact("entry", _("Entry"), hours))
    return facts


def people_coming(ticket: Ticket) -> int:
    """Whom the ticket still stands for: its party without those who cancelled."""
    return ticket.party_size - ticket.cancelled_people


def _notes(ticket: Ticket) -> list[str]:
    notes = [
        _("Show this code at the gate, on the screen or on paper."),
        _("Whoever has this code can use the ticket. Keep it to yourself."),
    ]
    if ticket.needs_document:
        notes.insert(0, _("Bring the document for this kind of ticket."))
    return notes


def people_text(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
