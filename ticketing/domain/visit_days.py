"""Days as visitors and gates mean them: from midnight to midnight in Việt Nam."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=VIETNAM)


def validity_of(*, visit_date: date, days: int | None) -> tuple[datetime, datetime]:
    """From when until when (exclusive) a ticket is valid; one day where no source states it."""
    return start_of(visit_date), start_of(visit_date + timedelta(days=days or 1))
