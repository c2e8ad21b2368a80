"""The buttons under a tour: each makes one domain call and says what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guides.admin.tour_sentences import REFUSALS, gap_sentences
from guides.domain.tour_publishing import (
    NotNow,
    TourIncomplete,
    TourMoved,
    TourUnmoved,
    approve_tour,
    publish_tour,
    reject_tour,
    submit_tour,
    withdraw_tour,
)
from guides.models import Tour, TourVersion
from sites.models import User

State = TourVersion.State
Answer = TourMoved | TourIncomplete | TourUnmoved


@dataclass(frozen=True, slots=True)
class Act:
    """A button, in which states of a version it stands there (none: always), and its answer."""

    label: Any
    done: Any
    needs: frozenset[str] = frozenset()


ACTS = {
    "submit": Act(_("Hand in"), _("Handed in. The manager of the place approves it.")),
    "approve": Act(
        _("Approve"),
        _("Approved. A second person publishes it."),
        frozenset({State.IN_REVIEW.value}),
    ),
    "publish": Act(
        _("Publish"), _("Published. Everybody can look around."), frozenset({State.APPROVED.value})
    ),
    "reject": Act(
        _("Send back"),
        _("Sent back to be worked on."),
        frozenset({State.IN_REVIEW.value, State.APPROVED.value}),
    ),
    "withdraw": Act(
        _("Withdraw"),
        _("Withdrawn. Nobody sees it any more."),
        frozenset({State.PUBLISHED.value}),
    ),
}


def act_on(*, tour: Tour, act: str, by: User, note: str, at: datetime) -> tuple[bool, list[Any]]:
    """Do what a button says; true and a sentence, or false and the reasons."""
    match _answer(tour, act, by, note, at):
        case TourMoved():
            return True, [ACTS[act].done]
        case TourIncomplete(missing):
            return False, [*gap_sentences(missing)]
        case TourUnmoved(why):
            return False, [REFUSALS[why]]


def _answer(tour: Tour, act: str, by: User, note: str, at: datetime) -> Answer:
    if act == "submit":
        return submit_tour(tour=tour, by=by, at=at, note=note)
    rows = TourVersion.objects.filter(tour=tour, state__in=ACTS[act].needs).select_related(
        "tour__site"
    )
    version = rows.order_by("-number").first()
    if version is None:
        return TourUnmoved(NotNow.NOT_IN_THIS_STATE)
    if act == "reject":
        return reject_tour(version=version, by=by, at=at, note=note)
    steps: dict[str, Callable[..., TourMoved | TourUnmoved]] = {
        "approve": approve_tour,
        "publish": publish_tour,
        "withdraw": withdraw_tour,
    }
    return steps[act](version=version, by=by, at=at)
