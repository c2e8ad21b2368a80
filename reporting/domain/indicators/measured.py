"""A6, A7, B1, D1 and D4: the indicators that are not a share of sites."""

from collections import Counter
from collections.abc import Sequence

from reporting.domain.indicators.definitions import A6, A7, B1, D1, D4
from reporting.domain.indicators.facts import Facts, SiteFacts
from reporting.domain.indicators.figures import figure, indicator
from reporting.domain.indicators.reasons import refused_words
from reporting.domain.indicators.report import Fact, Indicator, Milestone, Status, Words
from reporting.domain.indicators.shares import (
    NO_SHARE,
    display,
    reaches,
    status_of,
    wilson,
)

# Fewer answers say nothing.
FEWEST_ANSWERS = 30
AVAILABLE_PERCENT = 99
PER_HOUR = Words("kiểm tra mua mỗi giờ thành công", "hourly buy probes that succeed")


def a6(facts: Facts) -> Indicator:
    """Q2: both readings of «95% các dịch vụ thanh toán trực tuyến»."""
    sites = _counted(facts.sites)
    num, den = sum(one.pairs.online for one in sites), sum(one.pairs.pairs for one in sites)
    money = facts.money
    counts = money.online_count + money.counter_cashless_count + money.cash_count
    amounts = money.online_amount + money.counter_cashless_amount + money.cash_amount
    target = A6.target_in(facts.year)
    percent = target.percent if target else None
    by_count = Words("cách 2: theo số thanh toán", "reading 2: by number of payments")
    by_value = Words("cách 2: theo giá trị", "reading 2: by value")
    return indicator(
        A6,
        (num, den),
        year=facts.year,
        readings=(
            figure(by_count, money.online_count, counts, percent=percent),
            figure(by_value, money.online_amount, amounts, percent=percent),
        ),
        notes=(TO_BE_CONFIRMED, *_refused(sites)),
    )


TO_BE_CONFIRMED = Words(
    "Chờ cơ quan quản lý xác nhận cách hiểu.", "The reading is to be confirmed by the department."
)


def _refused(sites: Sequence[SiteFacts]) -> tuple[Words, ...]:
    """Payments online at the sites that count nowhere, by their reasons."""
    refused: Counter[str] = Counter()
    for site in sites:
        refused.update(site.sales.refused)
    said = refused_words(refused)
    if said is None:
        return ()
    return (Words(f"Không được tính: {said.vi}.", f"Not counted: {said.en}."),)


def a7(facts: Facts) -> Indicator:
    """Q3: people with an electronic ticket, bought before arrival, at any hour."""
    sites = facts.sites
    people = sum(one.entries.people for one in sites)
    by_code = sum(one.entries.by_code for one in sites)
    early = sum(one.entries.before_arrival for one in sites)
    estimated = sum(one.entries.estimated for one in sites)
    probes = facts.probes
    return indicator(
        A7,
        (by_code, people),
        year=facts.year,
        readings=(
            figure(Words("mua trực tuyến trước khi đến", "bought before arrival"), early, people),
            figure(PER_HOUR, probes.succeeded, probes.asked, percent=AVAILABLE_PERCENT),
        ),
        facts=(
            _fact("on_paper", Words("lượt ghi giấy", "on paper"), _sum(sites, "on_paper")),
            _fact("by_hand", Words("đếm tay", "counted by hand"), _sum(sites, "by_hand")),
            _fact("estimated", Words("ước tính", "estimated"), estimated),
            _fact(
                "probes_expected",
                Words("số lần kiểm tra mua theo lịch", "buy probes by the timetable"),
                probes.expected,
            ),
        ),
        notes=(ESTIMATED,) if estimated else (),
    )


ESTIMATED = Words(
    "Mẫu số có phần ước tính (đếm tay).", "The denominator holds estimates (hand counts)."
)


def b1(facts: Facts) -> Indicator:
    """Q5: four or five of five points, with the interval that the answers leave open."""
    sites = facts.sites
    answers = sum(one.survey.answers for one in sites)
    satisfied = sum(one.survey.satisfied for one in sites)
    invited = sum(one.survey.invited for one in sites)
    gate = sum(one.survey.gate_answers for one in sites)
    gate_good = sum(one.survey.gate_satisfied for one in sites)
    target = B1.target_in(facts.year)
    percent = target.percent if target else 0
    enough = answers >= FEWEST_ANSWERS
    status = status_of(satisfied, answers, percent=percent)
    return indicator(
        B1,
        (satisfied, answers),
        year=facts.year,
        status=status if enough else Status.NOT_ENOUGH_DATA,
        milestones=_past(facts),
        readings=(
            figure(Words("tỷ lệ trả lời", "response rate"), answers, invited),
            figure(Words("tại cổng, không kèm đơn", "at the gate, no order"), gate_good, gate),
        ),
        facts=(
            _fact("n", Words("số câu trả lời hợp lệ", "valid answers"), answers),
            _fact("invited", Words("số đơn được mời", "orders invited"), invited),
            _fact(
                "excluded",
                Words("câu trả lời bị loại", "answers left out"),
                sum(one.survey.excluded for one in sites),
            ),
            *_interval(satisfied, answers, percent=percent, enough=enough),
        ),
    )


def d1(facts: Facts) -> Indicator:
    """Q8, Q21, Q22: reports due in the year so far that were signed in time."""
    reports = facts.reports
    return indicator(
        D1,
        (reports.signed, reports.due),
        year=facts.year,
        facts=(_fact("late", Words("ký trễ hạn", "signed late"), reports.late),),
        notes=_unsigned(reports.unsigned),
    )


def _unsigned(names: Sequence[str]) -> tuple[Words, ...]:
    listed = ", ".join(names)
    return (Words(f"Chưa ký: {listed}.", f"Not signed: {listed}."),) if names else ()


def d4(facts: Facts) -> Indicator:
    """Q29: open datasets that keep what the catalogue promises."""
    good, every = facts.datasets.good, facts.datasets.all
    return indicator(
        D4, (good, every), year=facts.year, notes=() if good == every else (NOT_UP_TO_DATE,)
    )


NOT_UP_TO_DATE = Words(
    "Có tập dữ liệu không được cập nhật đúng tần suất đã công bố.",
    "A dataset was not updated as often as it declares.",
)


def _counted(sites: Sequence[SiteFacts]) -> list[SiteFacts]:
    return [site for site in sites if not site.excused]


def _fact(code: str, label: Words, value: int) -> Fact:
    return Fact(code, label, f"{value:,}".replace(",", "."), value)


def _sum(sites: Sequence[SiteFacts], name: str) -> int:
    return sum(getattr(one.entries, name) for one in sites)


def _interval(satisfied: int, answers: int, *, percent: int, enough: bool) -> tuple[Fact, ...]:
    if not enough:
        return ()
    interval = wilson(satisfied, answers)
    label = Words("khoảng tin cậy Wilson 95%", "Wilson's interval of 95 %")
    facts = (Fact("interval", label, str(interval)),)
    if reaches(satisfied, answers, percent=percent) and interval.is_above(percent):
        return (*facts, Fact("certain", Words("chắc chắn", "certain"), "chắc chắn", 1))
    return facts


def _past(facts: Facts) -> tuple[Milestone, ...]:
    found = []
    for target in B1.milestones_in(facts.year):
        sites = facts.past.get(target.year)
        answers = sum(one.survey.answers for one in sites or ())
        good = sum(one.survey.satisfied for one in sites or ())
        if answers < FEWEST_ANSWERS:
            found.append(Milestone(target, None, None, NO_SHARE, Status.NOT_ENOUGH_DATA))
            continue
        status = status_of(good, answers, percent=target.percent)
        found.append(Milestone(target, good, answers, display(good, answers), status))
    return tuple(found)
