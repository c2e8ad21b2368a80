"""What was heard of the stops of somebody's places, by stop and language."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Count, Q

from guides.models import Play
from sites.domain.opening import TIMEZONE
from sites.domain.permissions import Somebody, sites_to_see

# From here on the report of the province counts a play as heard.
HEARD = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class StopHeard:
    """The plays of one stop in one language; our own people's are left away."""

    site: str
    guide: str
    number: int
    stop: str
    language: str
    plays: int
    completed: int
    average: float

    @property
    def completed_percent(self) -> int:
        """Cut, not rounded: nothing looks fuller than it is."""
        return 100 * self.completed // self.plays if self.plays else 0


def what_was_heard(*, user: Somebody, first: date, last: date) -> list[StopHeard]:
    """Sum up the plays that began on these days, in one statement."""
    since = datetime.combine(first, time(), tzinfo=TIMEZONE)
    until = datetime.combine(last + timedelta(days=1), time(), tzinfo=TIMEZONE)
    rows = (
        Play.objects.filter(
            site__in=sites_to_see(user=user),
            staff=False,
            started_at__gte=since,
            started_at__lt=until,
        )
        .values_list("site__slug", "stop__guide__slug", "stop__number", "stop__slug", "language")
        .annotate(
            plays=Count("pk"),
            completed=Count("pk", filter=Q(share_heard__gte=HEARD)),
            average=Avg("share_heard"),
        )
        .order_by("site__slug", "stop__guide__slug", "stop__number", "language")
    )
    return [
        StopHeard(
            site=site,
            guide=guide,
            number=number,
            stop=stop,
            language=language,
            plays=plays,
            completed=completed,
            average=float(average),
        )
        for site, guide, number, stop, language, plays, completed, average in rows
    ]
