"""Every night: the books beside the lists, and every difference kept with a name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from payments.domain.money_rules import rules_of
from payments.domain.reconciling.comparing import Found, Listed, Lists, Name, differences
from payments.domain.reconciling.inside import found_inside
from payments.domain.reconciling.lists import ASKED, span_of
from payments.models import (
    AccountKind,
    Difference,
    DifferenceKind,
    Entry,
    ListedDay,
    ListedMovement,
    ListSource,
    MovementKind,
    PostingKind,
)

log = structlog.get_logger("payments.reconciling")

# Lists come late: the last days are compared again each night.
LOOK_BACK = timedelta(days=3)
# Every transfer shows in the bank account by itself; of cards only what is paid out.
BANK_SEES: Mapping[str, frozenset[MovementKind]] = defaultdict(
    lambda: frozenset({MovementKind.PAYOUT}),
    vietqr=frozenset(
        {
            MovementKind.PAYMENT,
            MovementKind.REFUND,
            MovementKind.DISPUTE,
            MovementKind.PAYOUT,
        }
    ),
)
KINDS = {
    PostingKind.REFUND_PAID: MovementKind.REFUND,
    PostingKind.REFUND_RETURNED: MovementKind.REFUND,
    PostingKind.DISPUTE_OPENED: MovementKind.DISPUTE,
    PostingKind.DISPUTE_WON: MovementKind.DISPUTE,
    PostingKind.DISPUTE_LOST: MovementKind.DISPUTE,
    PostingKind.PROVIDER_FEE: MovementKind.FEE,
    PostingKind.PAYOUT: MovementKind.PAYOUT,
}
# A line of the bank that nothing explains: that we wrote it down ourselves does not explain it.
NOBODYS = Q(posting__kind=PostingKind.UNMATCHED, posting__payment__isnull=True)


@dataclass(frozen=True, slots=True)
class Compared:
    """How a run ended: how much was compared, and what does not agree."""

    movements: int
    found: int
    vanished: int


@dataclass(frozen=True, slots=True)
class Book:
    """The books of one organisation with one provider."""

    organisation_id: int | None
    provider: str


def reconcile(*, day: date, at: datetime) -> Compared:
    """Compare one day; run again, it says the same, and closes what agrees meanwhile."""
    seen: list[int] = []
    movements = 0
    for book in _books(day):
        found, compared = _differences(book, day=day)
        seen += _keep(found, book=book, day=day, at=at)
        movements += compared
    seen += _keep(found_inside(day=day, at=at), book=Book(None, ""), day=day, at=at)
    gone = Difference.objects.filter(
        day=day, status__in=[Difference.Status.OPEN, Difference.Status.TAKEN]
    ).exclude(pk__in=seen)
    vanished = gone.update(status=Difference.Status.VANISHED, seen_at=at)
    log.info("reconciled", day=day.isoformat(), found=len(seen), movements=movements)
    return Compared(movements=movements, found=len(seen), vanished=vanished)


def reconcile_lately(*, today: date, at: datetime) -> list[Compared]:
    """What runs each night: yesterday, and the days before whose lists may have come since."""
    days = [today - timedelta(days=back) for back in range(LOOK_BACK.days, 0, -1)]
    return [reconcile(day=day, at=at) for day in days]


def _books(day: date) -> list[Book]:
    """Whoever moved money that day, by our books or by anybody's list."""
    start, end = span_of(day)
    booked = Entry.objects.filter(
        account__kind=AccountKind.CLEARING,
        posting__posted_at__gte=start,
        posting__posted_at__lt=end,
    ).values_list("account__organisation_id", "account__provider")
    listed = ListedMovement.objects.filter(day=day).values_list("organisation_id", "provider")
    found = {Book(*one) for one in (*booked.distinct(), *listed.distinct())}
    return sorted(found, key=lambda book: (book.organisation_id or 0, book.provider))


def _differences(book: Book, *, day: date) -> tuple[list[Found], int]:
    """What does not agree in one book, and how many movements were compared."""
    lists = _lists(book, day)
    found = differences(lists)
    if lists.untold:
        # One for each organisation: each has a list of its own to bring.
        about = f"{book.provider} {day.isoformat()} {book.organisation_id}"
        name = Name(MovementKind.PAYMENT, about)
        booked = sum(lists.untold.values())
        found.append(Found(kind=DifferenceKind.LIST_MISSING, name=name, booked=booked))
    return found, len(lists.booked.keys() | (lists.listed or {}).keys())


def _lists(book: Book, day: date) -> Lists:
    """All three sides of a day: what either of them names is looked up on any day of the others."""
    booked = _booked(book, day=day)
    listed = _listed(book, ListSource.PROVIDER, day=day)
    banked = _listed(book, ListSource.BANK, day=day)
    names = booked.keys() | (listed or {}).keys() | (banked or {}).keys()
    everywhere = _booked(book, names=names)
    return Lists(
        booked=booked | everywhere,
        listed=None if listed is None else _listed_by_name(book, ListSource.PROVIDER, names),
        banked=None if banked is None else _listed_by_name(book, ListSource.BANK, names),
        bank_sees=BANK_SEES[book.provider],
        fee_permille_at_most=rules_of(book.organisation_id or 0).fee_permille_at_most,
        whole=_is_whole(book, ListSource.PROVIDER, day=day),
    )


def _booked(
    book: Book, *, day: date | None = None, names: set[Name] | None = None
) -> dict[Name, int]:
    """What our books say moved at the provider, by the provider's own names."""
    entries = Entry.objects.filter(
        account__organisation_id=book.organisation_id or 0,
        account__kind=AccountKind.CLEARING,
        account__provider=book.provider,
    ).exclude(NOBODYS)
    if day is not None:
        start, end = span_of(day)
        entries = entries.filter(posting__posted_at__gte=start, posting__posted_at__lt=end)
    if names is not None:
        references = {name.reference for name in names}
        entries = entries.filter(
            posting__payment__provider_reference__in=references
        ) | entries.filter(posting__refund__provider_reference__in=references)
    sums: dict[Name, int] = defaultdict(int)
    for entry in entries.select_related("posting__payment", "posting__refund", "posting__dispute"):
        sums[_name(entry)] += entry.amount
    wanted = sums if names is None else {name: sums[name] for name in names & sums.keys()}
    # A refund that came back leaves nothing to compare.
    return {name: amount for name, amount in wanted.items() if amount}


def _name(entry: Entry) -> Name:
    posting = entry.posting
    kind = KINDS.get(PostingKind(posting.kind), MovementKind.PAYMENT)
    about = {
        MovementKind.REFUND: posting.refund,
        MovementKind.DISPUTE: posting.dispute,
        MovementKind.PAYMENT: posting.payment,
    }.get(kind)
    return Name(kind, about.provider_reference if about else posting.source_key.split(":", 2)[-1])


def _listed(book: Book, source: ListSource, *, day: date) -> dict[Name, Listed] | None:
    """What a side says of the day; None when it said nothing at all."""
    found = {_named(row): _said(row) for row in _rows(book, source).filter(day=day)}
    return found if found or _is_whole(book, source, day=day) else None


def _is_whole(book: Book, source: ListSource, *, day: date) -> bool:
    """Whether the whole list of the day was obtained, and not only answers to questions."""
    of_book = Q(organisation=book.organisation_id) | Q(organisation__isnull=True)
    obtained = ListedDay.objects.filter(of_book, provider=book.provider, source=source, day=day)
    return obtained.exists()


def _said(row: ListedMovement) -> Listed:
    return Listed(amount=row.amount, times=row.times, asked=row.listed_in == ASKED)


def _listed_by_name(book: Book, source: ListSource, names: set[Name]) -> dict[Name, Listed]:
    rows = _rows(book, source).filter(reference__in={name.reference for name in names})
    found = {_named(row): _said(row) for row in rows}
    return {name: listed for name, listed in found.items() if name in names}


def _rows(book: Book, source: ListSource) -> QuerySet[ListedMovement]:
    rows = ListedMovement.objects.filter(provider=book.provider, source=source)
    return rows.filter(_of(book))


def _of(book: Book) -> Q:
    """What belongs to the organisation, or to nobody that we know."""
    if book.organisation_id is None:
        return Q(organisation__isnull=True)
    return Q(organisation=book.organisation_id)


def _named(row: ListedMovement) -> Name:
    return Name(MovementKind(row.kind), row.reference)


@transaction.atomic
def _keep(found: Iterable[Found], *, book: Book, day: date, at: datetime) -> list[int]:
    """Write what was found, each once; return the rows."""
    seen = []
    for one in found:
        difference, new = Difference.objects.get_or_create(
            provider=book.provider,
            kind=one.kind,
            movement=one.name.kind,
            reference=one.name.reference,
            day=day,
            defaults={
                "organisation_id": book.organisation_id,
                "found_at": at,
                "seen_at": at,
                **_sides(one),
            },
        )
        seen.append(difference.pk)
        if not new:
            _see_again(difference, one, at=at)
    return seen


def _see_again(difference: Difference, found: Found, *, at: datetime) -> None:
    """What was thought to agree and differs again is open again; a person's word stays."""
    back = {"status": Difference.Status.OPEN} if difference.status == "vanished" else {}
    Difference.objects.filter(pk=difference.pk).update(seen_at=at, **_sides(found), **back)


def _sides(found: Found) -> dict[str, int | None]:
    return {"booked": found.booked, "listed": found.listed, "banked": found.banked}
