"""What the department's pages show of a report: rows with their words, charts and tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reporting.domain.indicators.report import (
    AdoptionReport,
    Cell,
    Indicator,
    SiteRow,
    Verdict,
    Words,
)
from reporting.domain.outlook import Foreseen, Measured, Outlook, Reached, TooFewQuarters, foresee
from reporting.domain.reading import Source, table_of
from reporting.schemas.charts import Outlook as Wedge
from reporting.schemas.charts import PinState, Point, gauge, trend
from reporting.schemas.paper import goals_of
from reporting.schemas.wording import KIND, MARK, STATUS, VERDICT, target_words

COLUMNS = ("A1", "A1b", "A2", "A3", "A4", "A5")
ON_TOP = ("A3", "A1", "A2", "A5", "A6", "B1")
LONGEST_HISTORY = 9
QUARTERS_AHEAD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorCard:
    """One indicator, its answer first."""

    it: Indicator
    status: Words
    target: Words
    gauge: SafeString | None
    trend: SafeString | None
    history: Sequence[tuple[str, Indicator]]
    outlook: Words | None
    milestones: Sequence[tuple[Words, object, Words]]
    readings: Sequence[tuple[object, Words]]


def history_of(sources: Sequence[Source], until: Source) -> list[Source]:
    """The windows up to this one: frozen ones, and this one whatever it is."""
    earlier = [each for each in sources if each.window < until.window and each.frozen]
    return [*earlier, until][-LONGEST_HISTORY:]


def card_of(indicator: Indicator, history: Sequence[Source]) -> IndicatorCard:
    past = [
        (str(each.window), row)
        for each in history
        for row in table_of(each)
        if row.code == indicator.code
    ]
    measured = [
        Measured(each.window, row.num, row.den)
        for each in history
        for row in table_of(each)
        if row.code == indicator.code and row.num is not None and row.den
    ]
    outlook = (
        foresee(measured, percent=indicator.target.percent)
        if indicator.target and measured
        else None
    )
    return IndicatorCard(
        it=indicator,
        status=STATUS[indicator.status],
        target=target_words(indicator.target),
        gauge=_gauge(indicator),
        trend=_trend(indicator, past, outlook),
        history=past,
        outlook=outlook_words(outlook) if outlook else None,
        milestones=[(target_words(m.target), m, STATUS[m.status]) for m in indicator.milestones],
        readings=[(each, STATUS[each.status]) for each in indicator.readings],
    )


def _gauge(indicator: Indicator) -> SafeString | None:
    if indicator.num is None or not indicator.den:
        return None
    return gauge(num=indicator.num, den=indicator.den, goals=goals_of(indicator))


def _trend(
    indicator: Indicator, past: Sequence[tuple[str, Indicator]], outlook: Outlook | None
) -> SafeString | None:
    points = [Point(window, _percent(row), row.display) for window, row in past]
    if sum(point.percent is not None for point in points) < 2:  # noqa: PLR2004 # a line has two ends
        return None
    goal = indicator.target
    wedge = None
    if isinstance(outlook, Foreseen):
        wedge = Wedge(QUARTERS_AHEAD, *outlook.in_a_year)
    return trend(
        points=points,
        goal=goal.percent if goal else None,
        goal_label=f"{goal.percent} % ({goal.year})" if goal else "",
        outlook=wedge,
    )


def _percent(row: Indicator) -> float | None:
    return 100 * row.num / row.den if row.num is not None and row.den else None


def outlook_words(outlook: Outlook) -> Words:
    if isinstance(outlook, Reached):
        return Words("Đã đạt mục tiêu trong kỳ này.", "The target is reached in this quarter.")
    if isinstance(outlook, TooFewQuarters):
        return Words(
            f"Mới có {outlook.known} kỳ số liệu: chưa dự báo được ngày đạt.",
            f"Only {outlook.known} quarters are known: too few for a forecast.",
        )
    if isinstance(outlook, Foreseen):
        latest = outlook.latest
        last_vi = f"{latest.last_day:%d/%m/%Y}" if latest else "chưa thấy được"
        last_en = f"{latest.last_day:%d/%m/%Y}" if latest else "not in sight"
        first = f"{outlook.earliest.last_day:%d/%m/%Y}"
        middle = f"{outlook.middle.last_day:%d/%m/%Y}"
        return Words(
            f"Theo nhịp đến nay: đạt khoảng {middle}; sớm nhất {first}, muộn nhất {last_vi}.",
            f"At the pace so far: reached about {middle}; earliest {first}, latest {last_en}.",
        )
    return Words(
        "Theo nhịp đến nay, chưa thấy ngày đạt mục tiêu trong mười năm tới.",
        "At the pace so far the target is not in sight within ten years.",
    )


@dataclass(frozen=True, slots=True)
class MatrixCell:
    cell: Cell
    mark: str
    words: Words


@dataclass(frozen=True, slots=True)
class MatrixLine:
    row: SiteRow
    kind: Words
    state: PinState
    cells: Sequence[MatrixCell]


def line_of(row: SiteRow) -> MatrixLine:
    return MatrixLine(
        row=row,
        kind=KIND.get(row.kind, Words(row.kind, row.kind)),
        state=state_of(row),
        cells=[
            MatrixCell(cell, MARK[cell.verdict], VERDICT[cell.verdict])
            for code in COLUMNS
            if (cell := row.cell(code))
        ],
    )


def state_of(row: SiteRow) -> PinState:
    """What a map says of a site: payment and tour, one of them, none, or excused."""
    parts = [cell.verdict for code in ("A1", "A2") if (cell := row.cell(code))]
    if Verdict.EXCUSED in parts:
        return PinState.EXCUSED
    counted = parts.count(Verdict.YES)
    if counted == len(parts):
        return PinState.BOTH
    return PinState.SOME if counted else PinState.NONE


STATES: Mapping[PinState, Words] = {
    PinState.BOTH: Words("thanh toán và thực tế ảo", "payment and tour"),
    PinState.SOME: Words("một trong hai", "one of the two"),
    PinState.NONE: Words("chưa có", "neither"),
    PinState.EXCUSED: Words("miễn tính", "excused"),
}


def reasons_of(report: AdoptionReport, code: str) -> list[tuple[Words, Sequence[SiteRow]]]:
    """Why sites do not count for one indicator, the most frequent reason first."""
    found: dict[tuple[str, str], list[SiteRow]] = {}
    for row in report.sites:
        cell = row.cell(code)
        if cell and cell.reason and cell.verdict != Verdict.YES:
            found.setdefault((cell.reason.vi, cell.reason.en), []).append(row)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(Words(*words), rows) for words, rows in ordered]


def states_counted(rows: Sequence[SiteRow]) -> list[tuple[PinState, Words, int]]:
    counted = Counter(state_of(row) for row in rows)
    return [(state, STATES[state], counted[state]) for state in PinState]
