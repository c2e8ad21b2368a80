"""The first page: the answer, why, and where."""

from collections.abc import Sequence
from threading import Condition

from cachetools import TTLCache, cached
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.filing import filing_status
from reporting.domain.indicators.report import SiteRow
from reporting.domain.reading import Source, read
from reporting.models import Filing
from reporting.schemas.board import (
    ON_TOP,
    STATES,
    card_of,
    history_of,
    line_of,
    reasons_of,
    state_of,
    states_counted,
)
from reporting.schemas.charts import Pin, mark, site_map
from reporting.schemas.wording import FILING
from sites.models import HeritageSite

# Sites that lie closer than this to the middle of the city have a map of their own.
CENTRE = (107.577, 16.469)
CENTRE_REACH = (0.03, 0.025)
SECTIONS_KEPT = 32
# A place that moves on the map moves here too, some minutes later.
SECTION_LIVES_S = 600


@require_safe
@at_desk(whole=False)
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The province to the department; to a manager, their own sites."""
    if desk.source is None:
        return render(request, "department/empty.html", desk.context())
    report = desk.shown.report
    if not desk.viewer.whole:
        lines = [line_of(row) for row in desk.viewer.rows(report.sites)]
        return render(
            request,
            "department/own.html",
            desk.context(report=report, shown=desk.shown, lines=lines),
        )
    history = history_of(desk.sources, desk.source)
    cards = [card_of(row, history) for code in ON_TOP if (row := report.indicator(code))]
    status = filing_status_of(desk)
    return render(
        request,
        "department/home.html",
        desk.context(
            report=report,
            shown=desk.shown,
            headline=cards[0] if cards else None,
            cards=cards,
            reasons=reasons_of(report, "A3")[:6],
            status=status,
            map_section=map_section(desk.source, desk.lang, desk.query),
        ),
    )


def filing_status_of(desk: Desk) -> object:
    window = desk.source.window if desk.source else None
    if window is None:
        return None
    status = filing_status(organisation_id=desk.viewer.body.organisation_id, window=window)
    if desk.shown.frozen and status == Filing.Status.DRAFT:
        # Frozen, and nobody has asked for its paper yet.
        return FILING[Filing.Status.FROZEN]
    return FILING[status]


@cached(TTLCache(SECTIONS_KEPT, SECTION_LIVES_S), condition=Condition())
def map_section(source: Source, lang: str, query: str) -> SafeString:
    """The map with its list: a thousand lines, drawn once for all who look at the same report."""
    told = {"lang": lang, "query": query, **_map(read(source).report.sites, lang)}
    return render_to_string("department/map.html", told)


def _map(rows: Sequence[SiteRow], lang: str) -> dict[str, object]:
    points = dict(
        HeritageSite.objects.filter(slug__in=[row.slug for row in rows]).values_list(
            "slug", "location"
        )
    )
    pins = [
        Pin(
            number,
            point.x,
            point.y,
            state_of(row),
            f"{row.name.vi if lang == 'vi' else row.name.en}: "
            f"{STATES[state_of(row)].vi if lang == 'vi' else STATES[state_of(row)].en}",
        )
        for number, row in enumerate(rows, start=1)
        if (point := points.get(row.slug))
    ]
    inner = [pin for pin in pins if _is_central(pin)]
    return {
        "map": site_map(pins),
        "inner_map": site_map(inner) if 1 < len(inner) < len(pins) else "",
        "map_states": [(mark(state), words, count) for state, words, count in states_counted(rows)],
        "map_rows": [
            (number, row, mark(state_of(row)), STATES[state_of(row)])
            for number, row in enumerate(rows, start=1)
        ],
    }


def _is_central(pin: Pin) -> bool:
    return (
        abs(pin.longitude - CENTRE[0]) < CENTRE_REACH[0]
        and abs(pin.latitude - CENTRE[1]) < CENTRE_REACH[1]
    )
