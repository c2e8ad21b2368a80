"""What stands above a report: who, which window, until when, by which versions."""

from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.db.models import Max

from reporting.domain.calendar import ReportingWindow
from reporting.domain.indicators.report import Head, Words
from reporting.models import ChainLink, ReportingBody
from sites.models import OrganisationText

WEEKDAYS = (
    Words("Thứ Hai", "Monday"),
    Words("Thứ Ba", "Tuesday"),
    Words("Thứ Tư", "Wednesday"),
    Words("Thứ Năm", "Thursday"),
    Words("Thứ Sáu", "Friday"),
    Words("Thứ Bảy", "Saturday"),
    Words("Chủ nhật", "Sunday"),
)
CALENDAR = Words("Quý theo lịch báo cáo của Bộ (Q39, Q40, Q41)", "Quarters of the ministry's plan")
OWN_CALENDAR = Words("Lịch báo cáo riêng của đơn vị", "The organisation's own calendar")
PRODUCTION = "production"


def head_of(
    *, body: ReportingBody, window: ReportingWindow, at: datetime, definitions: int
) -> Head:
    starts = max(window.first_day, body.operates_from)
    days = max(0, (window.last_day - starts).days + 1)
    return Head(
        organisation=body.organisation.slug,
        organisation_name=_name_of(body),
        calendar=CALENDAR if window.rules == type(window.rules)() else OWN_CALENDAR,
        window=str(window),
        first_day=window.first_day,
        last_day=window.last_day,
        due=window.due_day,
        due_weekday=WEEKDAYS[window.due_day.weekday()],
        freeze_day=window.freeze_day,
        as_of=at,
        software_version=software_version(),
        definitions=definitions,
        registry_version=_registry_version(body, at),
        partial=starts > window.first_day,
        days_of_operation=days,
        environment=settings.MODE,
        made_up=is_made_up(),
    )


def is_made_up() -> bool:
    """Whether this installation shows activity that nobody had; the report says so."""
    return bool(settings.MODE != PRODUCTION)


def is_long_enough(head: Head) -> bool:
    """Whether the organisation has worked long enough for its figures to mean something."""
    return timedelta(days=head.days_of_operation) >= SHORTEST_OPERATION


SHORTEST_OPERATION = timedelta(days=30)


def software_version() -> str:
    try:
        return version("ngomon")
    except PackageNotFoundError:
        # Run from its checkout, as it usually is.
        return "0.1.0"


def _name_of(body: ReportingBody) -> Words:
    texts = OrganisationText.objects.filter(organisation=body.organisation_id)
    said = dict(texts.values_list("language", "name"))
    slug = body.organisation.slug
    return Words(said.get("vi") or said.get("en") or slug, said.get("en") or said.get("vi") or slug)


def _registry_version(body: ReportingBody, at: datetime) -> int:
    links = ChainLink.objects.filter(organisation=body.organisation_id, linked_at__lte=at)
    changes = links.exclude(subject=ChainLink.Subject.REPORT)
    return changes.aggregate(last=Max("number"))["last"] or 0
