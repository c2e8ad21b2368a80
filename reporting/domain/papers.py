"""Frozen reports are set on paper in the background: for a large one it takes a minute."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from guides.domain.alone import alone
from reporting.domain.filing import issue
from reporting.models import FiledPaper, FrozenReport

# The text of a report and its SHA-256; what comes back is kept as it is.
Setter = Callable[[str, str], bytes]


def reports_without_paper() -> QuerySet[FrozenReport]:
    """What waits to be set, the newest first: the row itself is the order to do so."""
    papers = FiledPaper.objects.filter(
        filing__report=OuterRef("pk"), kind=FiledPaper.Kind.HANDED_OUT
    )
    return FrozenReport.objects.filter(~Exists(papers)).order_by("-frozen_at", "pk")


def set_papers(*, setter: Setter, at: datetime) -> int:
    """Set every report that waits; one worker at a time does it, and others come in vain."""
    done = 0
    with alone("papers of reports") as mine:
        for pk in list(reports_without_paper().values_list("pk", flat=True)) if mine else ():
            report = FrozenReport.objects.get(pk=pk)
            issue(report=report, pdf=setter(report.body, report.sha256), at=at)
            done += 1
    return done
