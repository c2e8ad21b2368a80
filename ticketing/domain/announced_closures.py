"""What somebody with a ticket should know: closures of its places while it can be used."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sites.domain.languages import served_language
from sites.models import Closure, ClosureText
from ticketing.domain.wording import tried
from ticketing.models import Entitlement, Ticket, TicketStatus


@dataclass(frozen=True, slots=True)
class AnnouncedClosure:
    """`language` is that of the text, which may be another one than the reader's."""

    site: str
    text: str
    language: str
    starts_at: datetime
    ends_at: datetime | None
    whole_site: bool


def announced_closures(
    tickets: Sequence[Ticket], *, language: str, at: datetime
) -> dict[int, list[AnnouncedClosure]]:
    """By valid ticket, the closures that touch its time and are not over: the earliest first.

    One query, and two more where any place is closed.
    """
    usable = [each for each in tickets if _until(each) > at and each.status == TicketStatus.VALID]
    found: dict[int, list[AnnouncedClosure]] = defaultdict(list)
    if not usable:
        return found
    closures = _closures(usable, at)
    if not closures:
        return found
    texts = _texts([closure.pk for closure in closures], language)
    opened = _opened({ticket.product_id for ticket in usable})
    for ticket in usable:
        found[ticket.pk] = [
            _announced(closure, *texts.get(closure.pk, ("", language)))
            for closure in closures
            if closure.site_id in opened[ticket.product_id] and _concerns(ticket, closure)
        ]
    return found


def _closures(tickets: Sequence[Ticket], at: datetime) -> list[Closure]:
    rows = Closure.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
        site__entitlements__product__in={ticket.product_id for ticket in tickets},
        starts_at__lt=max(_until(ticket) for ticket in tickets),
    )
    return list(rows.select_related("site").order_by("starts_at", "pk").distinct())


def _concerns(ticket: Ticket, closure: Closure) -> bool:
    # A ticket for a time is for the place of that time.
    if ticket.entry_site_id and ticket.entry_site_id != closure.site_id:
        return False
    since = ticket.entry_from or ticket.valid_from
    still_closed = closure.ends_at is None or closure.ends_at > since
    return still_closed and closure.starts_at < _until(ticket)


def _until(ticket: Ticket) -> datetime:
    return ticket.entry_until or ticket.valid_until


def _opened(product_ids: Iterable[int]) -> Mapping[int, set[int]]:
    opened: dict[int, set[int]] = defaultdict(set)
    rows = Entitlement.objects.filter(product_id__in=product_ids)
    for product_id, site_id in rows.values_list("product_id", "site_id"):
        opened[product_id].add(site_id)
    return opened


def _texts(closure_ids: Sequence[int], language: str) -> dict[int, tuple[str, str]]:
    said: dict[int, dict[str, str]] = defaultdict(dict)
    rows = ClosureText.objects.filter(closure_id__in=closure_ids, language__in=tried(language))
    for closure_id, spoken, text in rows.values_list("closure_id", "language", "text"):
        said[closure_id][spoken] = text
    return {
        closure_id: (texts[served], served)
        for closure_id, texts in said.items()
        if (served := served_language(set(texts), asked=language))
    }


def _announced(closure: Closure, text: str, language: str) -> AnnouncedClosure:
    return AnnouncedClosure(
        site=closure.site.slug,
        text=text,
        language=language,
        starts_at=closure.starts_at,
        ends_at=closure.ends_at,
        whole_site=closure.whole_site,
    )
