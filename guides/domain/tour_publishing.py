"""The life of a tour's version: one submits, the site's manager approves, a second publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Max

from guides.domain.tour_content import Missing, content_of, hash_of_content, load_tour, missing_in
from guides.models import Tour, TourVersion
from sites.domain.permissions import sites_to_manage
from sites.domain.showing import leave_with_place
from sites.models import HeritageSite, User

State = TourVersion.State
UNDER_WAY = (State.IN_REVIEW, State.APPROVED)

MOVES: Mapping[TourVersion.State, frozenset[TourVersion.State]] = {
    State.IN_REVIEW: frozenset({State.APPROVED, State.REJECTED}),
    State.APPROVED: frozenset({State.PUBLISHED, State.REJECTED}),
    State.PUBLISHED: frozenset({State.REPLACED, State.WITHDRAWN}),
    State.REJECTED: frozenset(),
    State.REPLACED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


class NotNow(StrEnum):
    """Why a step is not taken."""

    NOT_YOURS = "not_yours"
    NOT_IN_THIS_STATE = "not_in_this_state"
    SAME_PERSON = "same_person"
    NOTHING_NEW = "nothing_new"
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class TourMoved:
    version: TourVersion


@dataclass(frozen=True, slots=True)
class TourIncomplete:
    missing: Sequence[Missing]


@dataclass(frozen=True, slots=True)
class TourUnmoved:
    why: NotNow


@transaction.atomic
def submit_tour(
    *, tour: Tour, by: User, at: datetime, note: str = ""
) -> TourMoved | TourIncomplete | TourUnmoved:
    """Take down the tour as it is now, for the manager of the site to look at."""
    if not _manages(by, tour):
        return TourUnmoved(NotNow.NOT_YOURS)
    # Two who submit at once take turns.
    Tour.objects.select_for_update(of=("self",), no_key=True).get(pk=tour.pk)
    loaded = load_tour(tour_id=tour.pk)
    missing = missing_in(loaded)
    if missing:
        return TourIncomplete(missing)
    content = content_of(loaded)
    digest = hash_of_content(content)
    versions = TourVersion.objects.filter(tour=tour)
    if versions.filter(state__in=UNDER_WAY).exists():
        return TourUnmoved(NotNow.UNDER_WAY)
    if versions.filter(state=State.PUBLISHED, content_hash=digest).exists():
        return TourUnmoved(NotNow.NOTHING_NEW)
    number = versions.aggregate(last=Max("number"))["last"] or 0
    return TourMoved(
        TourVersion.objects.create(
            tour=tour,
            number=number + 1,
            content=content,
            content_hash=digest,
            note=note[:400],
            submitted_by=by,
            submitted_at=at,
        )
    )


def approve_tour(*, version: TourVersion, by: User, at: datetime) -> TourMoved | TourUnmoved:
    """Record that the manager of the site has looked at this version and vouches for it."""
    if not _manages(by, version.tour):
        return TourUnmoved(NotNow.NOT_YOURS)
    return _moved(version, to=State.APPROVED, approved_by=by, approved_at=at)


@transaction.atomic
def publish_tour(*, version: TourVersion, by: User, at: datetime) -> TourMoved | TourUnmoved:
    """Show an approved version to everybody; who approved it cannot."""
    if not _manages(by, version.tour):
        return TourUnmoved(NotNow.NOT_YOURS)
    Tour.objects.select_for_update(of=("self",), no_key=True).get(pk=version.tour_id)
    version.refresh_from_db()
    if version.approved_by_id == by.pk:
        return TourUnmoved(NotNow.SAME_PERSON)
    if State.PUBLISHED not in MOVES[State(version.state)]:
        return TourUnmoved(NotNow.NOT_IN_THIS_STATE)
    for earlier in TourVersion.objects.filter(tour=version.tour_id, state=State.PUBLISHED):
        _moved(earlier, to=State.REPLACED, ended_by=by, ended_at=at)
    moved = _moved(version, to=State.PUBLISHED, published_by=by, published_at=at)
    _leave_with_site(version.tour.site)
    return moved


def reject_tour(
    *, version: TourVersion, by: User, at: datetime, note: str
) -> TourMoved | TourUnmoved:
    """Send a version back with a word why."""
    if not _manages(by, version.tour):
        return TourUnmoved(NotNow.NOT_YOURS)
    return _moved(version, to=State.REJECTED, ended_by=by, ended_at=at, note=note[:400])


@transaction.atomic
def withdraw_tour(*, version: TourVersion, by: User, at: datetime) -> TourMoved | TourUnmoved:
    """Take the public version away at once; that needs no second person."""
    if not _manages(by, version.tour):
        return TourUnmoved(NotNow.NOT_YOURS)
    moved = _moved(version, to=State.WITHDRAWN, ended_by=by, ended_at=at)
    _leave_with_site(version.tour.site)
    return moved


def published_tours(*, site: HeritageSite | None = None) -> list[TourVersion]:
    """Return the versions that the public sees, of one site or of all."""
    rows = TourVersion.objects.filter(state=State.PUBLISHED).select_related("tour__site")
    rows = rows.filter(tour__site__published=True)
    if site is not None:
        rows = rows.filter(tour__site=site)
    return list(rows.order_by("tour__position", "tour_id"))


def published_tour(*, tour_id: int) -> TourVersion | None:
    """Return what the public sees of one tour."""
    rows = TourVersion.objects.filter(
        tour=tour_id, state=State.PUBLISHED, tour__site__published=True
    )
    return rows.select_related("tour__site").first()


def _leave_with_site(site: HeritageSite) -> None:
    """Let the page of the place lead to its first published tour."""
    shown = next(iter(published_tours(site=site)), None)
    fact = shown and {
        "titles": {language: each["title"] for language, each in shown.content["texts"].items()},
        "url": f"/tours/{shown.tour_id}",
        "scenes": len(shown.content["scenes"]),
    }
    leave_with_place(site_id=site.pk, kind="virtual_tour", shown=fact)


def _manages(user: User, tour: Tour) -> bool:
    return sites_to_manage(user=user).filter(pk=tour.site_id).exists()


def _moved(
    version: TourVersion, *, to: TourVersion.State, **facts: object
) -> TourMoved | TourUnmoved:
    """The one door: change the state if the table allows it and nobody changed it first."""
    here = State(version.state)
    rows = TourVersion.objects.filter(pk=version.pk, state=here)
    if to not in MOVES[here] or not rows.update(state=to, **facts):
        return TourUnmoved(NotNow.NOT_IN_THIS_STATE)
    version.state = to
    for name, value in facts.items():
        setattr(version, name, value)
    return TourMoved(version)
