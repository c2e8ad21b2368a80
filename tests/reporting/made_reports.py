"""Whole reports as values, for what shows and files them."""

from dataclasses import replace
from datetime import date, datetime

from reporting.domain.calendar import VIETNAM, ReportingWindow
from reporting.domain.indicators.facts import (
    EntryFacts,
    Facts,
    NarrationFacts,
    OfferFacts,
    PairFacts,
    Rows,
    SaleFacts,
    SiteFacts,
    SurveyFacts,
    TourFacts,
)
from reporting.domain.indicators.report import (
    AdoptionReport,
    ContextNumber,
    Correction,
    Denominator,
    ExcusedSite,
    Head,
    SiteRow,
    Words,
)
from reporting.domain.indicators.sites import cells_of
from reporting.domain.indicators.versions import first_table

WINDOW = ReportingWindow(2026, 3)
LAST_DAY = date(2026, 9, 14)


def site_facts(
    number: int,
    *,
    pays: bool = True,
    tour: bool = True,
    narrated: bool = True,
    excused: bool = False,
) -> SiteFacts:
    """A site that counts everywhere, but for what is taken away."""
    return SiteFacts(
        site_id=number,
        excused=excused,
        offer=OfferFacts(
            day=LAST_DAY,
            complete=True,
            snapshots=3,
            on_offer=3 if pays else 0,
            failure="" if pays else "no_method",
        ),
        sales=SaleFacts(counted=Rows((f"payment:{number}",), 1, "a" * 64) if pays else Rows()),
        tour=_tour(number) if tour else TourFacts(),
        narration=_narration(number) if narrated else NarrationFacts(),
        survey=SurveyFacts(answers=9, satisfied=8, invited=40),
        pairs=PairFacts(pairs=2, online=2 if pays else 1),
        entries=EntryFacts(people=120, by_code=100, before_arrival=61, on_paper=20),
    )


def _tour(number: int) -> TourFacts:
    return TourFacts(
        published=1,
        approved=True,
        inside=True,
        probes=92,
        probes_ok=92,
        visits=Rows((f"visit:{number}",), 1, "b" * 64),
    )


def _narration(number: int) -> NarrationFacts:
    return NarrationFacts(
        required_stops=3,
        approved=True,
        covered={"vi": 3, "en": 3},
        heard={"vi": 4, "en": 2},
        rows=Rows((f"play:{number}",), 1, "c" * 64),
    )


def made_report(
    *sites: SiteFacts, window: ReportingWindow = WINDOW, context: tuple[ContextNumber, ...] = ()
) -> AdoptionReport:
    facts = Facts(sites=sites, year=window.year)
    return AdoptionReport(
        head=_head(window),
        indicators=first_table(facts),
        sites=tuple(_row(site) for site in sites),
        denominator=Denominator(
            before=28,
            now=len(sites),
            added=("site-1",),
            removed=(),
            words=Words("mẫu số thay đổi: +1, −0", "denominator changed: +1, −0"),
        ),
        excused=tuple(
            ExcusedSite(
                f"site-{site.site_id}",
                _name(site.site_id),
                "12/QĐ-SVHTT",
                date(2026, 6, 1),
                date(2026, 12, 31),
                Words("tu bổ", "restoration"),
            )
            for site in sites
            if site.excused
        ),
        corrections=(
            Correction("2026-Q2", "A1", "site-2", "20/29", "19/29", Words("hoàn tiền", "refunded")),
        ),
        context=context
        or (
            ContextNumber("tickets", Words("vé bán ra", "tickets sold"), 12345, "12.345"),
            ContextNumber(
                "visitors", Words("khách", "visitors"), 7, "7", site="site-1", category="student"
            ),
        ),
        evidence_digest="d" * 64,
        open_questions=(Words("Cách hiểu 95%?", "Which reading of 95 %?"),),
    )


def whole_province() -> AdoptionReport:
    """29 sites, 25 of them with online payment: 86,2 %."""
    sites = [site_facts(number) for number in range(1, 30)]
    for number in (3, 8, 13, 27):
        sites[number] = replace(site_facts(number + 1, pays=False))
    for number in (4, 8, 15):
        sites[number] = site_facts(number + 1, tour=False, pays=number != 8)
    sites[20] = site_facts(21, narrated=False)
    return made_report(*sites)


def _row(site: SiteFacts) -> SiteRow:
    return SiteRow(
        slug=f"site-{site.site_id}",
        name=_name(site.site_id),
        kind="di_tich" if site.site_id % 3 else "bao_tang",
        paid=True,
        cells=cells_of(site),
        satisfied=site.survey.satisfied,
        answers=site.survey.answers,
    )


def _name(number: int) -> Words:
    return Words(f"Điểm số {number}", f"Site number {number}")


def _head(window: ReportingWindow) -> Head:
    return Head(
        organisation="so-vhtt",
        organisation_name=Words("Sở Văn hóa và Thể thao", "Department of Culture and Sports"),
        calendar=Words("Quý của Bộ", "Quarters of the ministry"),
        window=str(window),
        first_day=window.first_day,
        last_day=window.last_day,
        due=window.due_day,
        due_weekday=Words("Thứ Sáu", "Friday"),
        freeze_day=window.freeze_day,
        as_of=datetime(2026, 9, 18, tzinfo=VIETNAM),
        software_version="0.1.0",
        definitions=1,
        registry_version=3,
        partial=False,
        days_of_operation=window.days,
        environment="test",
        made_up=True,
    )
