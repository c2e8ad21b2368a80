"""Who did what to the guides of a site: a line is added where it happens, in its transaction."""

from datetime import datetime
from enum import StrEnum

from guides.models import GuideEvent, Stop
from sites.models import User

SUMMARY_LENGTH = 400


class Act(StrEnum):
    """What can have been done. Kept in rows: names never change."""

    TEXT_WRITTEN = "text_written"
    TEXT_CONFIRMED = "text_confirmed"
    PASSAGE_ADDED = "passage_added"
    PASSAGE_REMOVED = "passage_removed"
    PASSAGES_ORDERED = "passages_ordered"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    PUBLISHED = "published"
    HELD_UP = "held_up"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ROLLED_BACK = "rolled_back"
    COMMENTED = "commented"
    SETTLED = "settled"
    STOPS_PROPOSED = "stops_proposed"
    STOPS_APPROVED = "stops_approved"
    RULE_CHANGED = "rule_changed"


def tell(
    *,
    act: Act,
    stop: Stop,
    by: User | None,
    at: datetime,
    language: str = "",
    summary: str = "",
) -> GuideEvent:
    """Add a line to the trail; `by` is null when the clock did it."""
    return GuideEvent.objects.create(
        site_id=stop.guide.site_id,
        stop=stop,
        language=language,
        what=act.value,
        by=by,
        at=at,
        summary=summary[:SUMMARY_LENGTH],
    )
