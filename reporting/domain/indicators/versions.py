"""The table of indicators by version of the definitions: an old report is computed by its own."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from reporting.domain.indicators import definitions as word
from reporting.domain.indicators.facts import Facts, SiteFacts
from reporting.domain.indicators.figures import of_sites
from reporting.domain.indicators.measured import a6, a7, b1, d1, d4
from reporting.domain.indicators.pending import without_figures
from reporting.domain.indicators.report import Fact, Indicator, Status, Words

NO_COUNTER = Words(
    "Chưa có danh sách thanh toán tại quầy nào được nạp.", "No list of counter payments was loaded."
)


def first_table(facts: Facts) -> tuple[Indicator, ...]:
    """The definitions of the first version."""
    sites, year = facts.sites, facts.year
    past = facts.past.get(word.PAST_YEAR)
    table = (
        of_sites(word.A1, sites, year=year, past=past),
        _counter(of_sites(word.A1B, sites, year=year, past=past), sites),
        of_sites(word.A2, sites, year=year, past=past),
        of_sites(word.A3, sites, year=year, past=past),
        of_sites(word.A4, sites, year=year, past=past),
        of_sites(word.A5, sites, year=year, past=past, facts=_languages(sites)),
        a6(facts),
        a7(facts),
        b1(facts),
        d1(facts),
        d4(facts),
    )
    measured = tuple(_too_short(row) for row in table) if facts.too_short else table
    return (*measured, *without_figures(year))


# A new version is another entry; the old ones stay.
TABLES: Mapping[int, Callable[[Facts], tuple[Indicator, ...]]] = {1: first_table}
NEWEST = max(TABLES)
SHORT_OPERATION = Words(
    "Đơn vị hoạt động chưa đủ 30 ngày trong kỳ.",
    "The organisation worked for less than 30 days of the window.",
)


def _too_short(row: Indicator) -> Indicator:
    """The share is shown, and nothing is concluded from it."""
    return replace(row, status=Status.NOT_ENOUGH_DATA, notes=(*row.notes, SHORT_OPERATION))


def _counter(row: Indicator, sites: tuple[SiteFacts, ...]) -> Indicator:
    told = any(site.counter.counted.count or site.counter.refused for site in sites)
    if told:
        return row
    return replace(row, status=Status.NOT_ENOUGH_DATA, notes=(*row.notes, NO_COUNTER))


def _languages(sites: tuple[SiteFacts, ...]) -> tuple[Fact, ...]:
    """Sub-figures of A5: languages, sites that each one covers whole, plays to the end."""
    covered: dict[str, int] = {}
    plays = 0
    for site in sites:
        narration = site.narration
        plays += sum(narration.heard.values())
        for language, stops in narration.covered.items():
            if narration.required_stops and stops >= narration.required_stops:
                covered[language] = covered.get(language, 0) + 1
    return (
        Fact("languages", Words("số ngôn ngữ", "languages"), str(len(covered)), len(covered)),
        *(
            Fact(
                f"sites_in_{language}",
                Words(f"điểm đủ thuyết minh ({language})", f"sites covered in {language}"),
                str(covered[language]),
                covered[language],
            )
            for language in sorted(covered)
        ),
        Fact("plays", Words("lượt nghe trọn", "completed plays"), str(plays), plays),
    )
