"""Ways to look better than one is, and that none of them counts."""

from datetime import date, datetime, timedelta

import pytest

from reporting.domain.adoption import build_report
from reporting.domain.calendar import VIETNAM
from reporting.domain.freezing import Frozen, freeze
from reporting.domain.indicators import reasons
from reporting.domain.indicators.report import AdoptionReport, Cell, Indicator, Status
from reporting.models import FormerState, ReportingBody, SurveyAnswer
from sites.models import HeritageSite, User
from tests.factories import make_gate, make_paid_order, make_product, make_site
from tests.reporting.making import (
    AT_FREEZE,
    IN_WINDOW,
    LAST_DAY,
    SINCE,
    WINDOW,
    answer,
    counter_payment,
    excuse,
    make_body,
    paid_order,
    pay,
    person,
    refund,
    register,
    registered_site,
    scan,
    sell,
    snapshot,
)
from tests.reporting.showing import make_guide, make_tour, play, probe_days, track, visit
from ticketing.models import Ticket

pytestmark = pytest.mark.django_db

NOTHING_COUNTS = "chưa có giao dịch trong kỳ được tính"


def report(at: datetime = AT_FREEZE) -> AdoptionReport:
    return build_report(organisation=make_body().organisation, window=WINDOW, at=at)


def cell(site: HeritageSite, code: str = "A1") -> Cell:
    row = report().site(site.slug)
    assert row is not None
    found = row.cell(code)
    assert found is not None
    return found


def said(site: HeritageSite, code: str = "A1") -> tuple[str, str]:
    found = cell(site, code)
    return str(found.verdict), found.reason.vi if found.reason else ""


def row(code: str) -> Indicator:
    found = report().indicator(code)
    assert found is not None
    return found


def offered() -> HeritageSite:
    """A site whose offer is beyond doubt, so that only its use is in question."""
    site = registered_site()
    for hour in (1, 7, 13, 19):
        snapshot(site, hour=hour)
    return site


def test_staff_who_buy_their_own_ticket_do_not_count() -> None:
    site = offered()
    User.objects.create(
        username="clerk", email="Clerk@hue.example", is_staff=True, date_joined=SINCE
    )
    sell(site, email="clerk@HUE.example")

    assert said(site) == ("no", "chưa có giao dịch trong kỳ được tính (1 giao dịch của nhân viên)")


def test_a_product_of_one_dong_does_not_count() -> None:
    site = offered()
    sell(site, price=1)

    assert said(site) == (
        "no",
        "chưa có giao dịch trong kỳ được tính (1 giao dịch dưới mức giá sàn)",
    )


def test_two_thousand_tickets_of_one_dong_are_still_below_the_floor() -> None:
    site = offered()
    product = make_product(sites=[site], price=1)
    order = paid_order(product=product, quantity=200)
    pay(order)
    ReportingBody.objects.update(price_floor=150)

    assert said(site)[0] == "no"


@pytest.mark.parametrize(("floor", "verdict"), [(1000, "yes"), (1001, "no")])
def test_the_floor_is_a_setting(floor: int, verdict: str) -> None:
    make_body(price_floor=floor)
    site = offered()
    sell(site, price=1000)

    assert said(site)[0] == verdict


def test_a_product_switched_on_for_one_hour_is_no_offer() -> None:
    site = registered_site()
    sell(site)
    for hour in (1, 7, 19):
        snapshot(site, hour=hour, failure="no_product")
    snapshot(site, hour=13)

    assert said(site) == (
        "no",
        "ngày mở cửa cuối kỳ 14/06/2026: không có vé nào bán trực tuyến",
    )


def test_an_offer_of_the_day_before_does_not_speak_for_the_last_open_day() -> None:
    site = registered_site()
    sell(site)
    snapshot(site, day=LAST_DAY - timedelta(days=1))

    assert said(site) == ("no", "thiếu bản chụp dịch vụ của ngày mở cửa cuối kỳ")


def test_on_a_closed_last_day_the_day_before_is_the_last_open_one() -> None:
    site = registered_site()
    sell(site)
    snapshot(site, day=LAST_DAY - timedelta(days=1))
    snapshot(site, failure="no_room", open_day=False)

    assert said(site)[0] == "yes"


def test_a_payment_that_is_refunded_the_next_day_does_not_count() -> None:
    site = offered()
    refund(sell(site), at=IN_WINDOW + timedelta(days=1))

    assert said(site) == (
        "no",
        "chưa có giao dịch trong kỳ được tính (1 giao dịch đã hoàn tiền toàn bộ)",
    )


def test_a_payment_that_is_refunded_in_part_counts() -> None:
    site = offered()
    refund(sell(site), at=IN_WINDOW + timedelta(days=1), amount=50_000)

    assert said(site)[0] == "yes"


def test_a_payment_that_no_list_knows_does_not_count() -> None:
    site = offered()
    order = paid_order(product=make_product(sites=[site]))
    payment = pay(order, listed_at=AT_FREEZE + timedelta(seconds=1))

    assert said(site) == (
        "no",
        f"{NOTHING_COUNTS} (1 giao dịch chưa đối soát với nhà cung cấp hoặc ngân hàng)",
    )
    assert payment.use == "settles"


def test_a_combo_that_is_sold_counts_only_where_somebody_came() -> None:
    here, there = offered(), offered()
    combo = make_product(sites=[here, there])
    order = paid_order(product=combo)
    pay(order)
    scan(gate=make_gate(site=here), ticket=Ticket.objects.get(line__order=order))

    assert said(here)[0] == "yes"
    assert said(there) == (
        "no",
        f"{NOTHING_COUNTS} (1 giao dịch vé liên tuyến chưa có lượt vào tại điểm)",
    )


def test_a_tour_whose_page_is_not_found_does_not_count() -> None:
    site = registered_site()
    tour = make_tour(site)
    visit(tour)
    probe_days(tour, ok=0, failed=4)

    assert said(site, "A2") == (
        "no",
        "trang chỉ trả lời 0/4 lần kiểm tra hằng ngày (cần 95%)",
    )


def test_a_tour_that_only_staff_and_probes_walk_does_not_count() -> None:
    site = registered_site()
    tour = make_tour(site)
    probe_days(tour, ok=4)
    visit(tour, staff=True)
    visit(tour, seconds=9)

    assert said(site, "A2") == ("no", "chưa có lượt xem từ 10 giây của khách trong kỳ")
    visit(tour, seconds=10)
    assert said(site, "A2") == ("yes", "")


def test_a_required_stop_that_is_let_off_or_put_in_needs_another_approval() -> None:
    site = registered_site()
    guide = make_guide(site, stops=2)
    for language in ("vi", "en"):
        track(guide, language=language)
        play(guide, language=language)
    assert said(site, "A5")[0] == "yes"
    required = FormerState(
        subject="stop",
        subject_id=guide.stops.get(number=2).pk,
        state={"guide_id": guide.pk, "number": 2, "slug": "stop-2", "required": False},
        held_until=WINDOW.ends_at,
    )
    required.save()

    assert said(site, "A5") == ("no", "chưa có danh sách điểm dừng được phê duyệt")


def test_an_audio_track_of_one_second_does_not_count() -> None:
    site = registered_site()
    guide = make_guide(site)
    for language in ("vi", "en"):
        track(guide, language=language, duration_ms=1000)
        play(guide, language=language)

    verdict, reason = said(site, "A5")

    assert verdict == "no"
    assert "bản thu quá ngắn" in reason


def test_a_machine_voice_counts_once_a_person_has_reviewed_it() -> None:
    unheard, heard = registered_site(), registered_site()
    for site, origin in ((unheard, "synthetic"), (heard, "reviewed")):
        guide = make_guide(site)
        for language in ("vi", "en"):
            track(guide, language=language, origin=origin)
            play(guide, language=language)

    assert "giọng máy chưa được người kiểm duyệt" in said(unheard, "A5")[1]
    assert said(heard, "A5") == ("yes", "")


def test_plays_that_stop_early_or_are_of_staff_do_not_count() -> None:
    site = registered_site()
    guide = make_guide(site)
    for language in ("vi", "en"):
        track(guide, language=language)
    play(guide, language="vi", share=0.799)
    play(guide, language="en", staff=True)

    assert said(site, "A5") == (
        "no",
        f"{reasons.NOT_HEARD_VIETNAMESE.vi}; {reasons.NOT_HEARD_OTHER.vi}",
    )


def test_twenty_nine_answers_of_five_are_not_enough_data() -> None:
    site = registered_site()
    product = make_product(sites=[site])
    for _number in range(29):
        answer(site, order=make_paid_order(product=product, at=IN_WINDOW))

    assert (row("B1").num, row("B1").den, row("B1").status) == (29, 29, Status.NOT_ENOUGH_DATA)
    answer(site, order=make_paid_order(product=product, at=IN_WINDOW))
    assert row("B1").status == Status.REACHED


def test_answers_that_were_paid_for_or_given_by_staff_are_left_out_and_hidden_ones_count() -> None:
    site = registered_site()
    answer(site, incentivised=True)
    answer(site, by_staff=True)
    low = answer(site, score=1)
    SurveyAnswer.objects.filter(pk=low.pk).update(
        hidden_at=IN_WINDOW, hidden_by=person("lan"), hidden_reason="xúc phạm"
    )

    assert (row("B1").num, row("B1").den) == (0, 1)


def test_an_inventory_shrunk_in_the_last_week_makes_no_number() -> None:
    """Without a declared inventory nothing is computed over what happens to be in the database."""
    found = row("C1")

    assert (found.num, found.den, found.status) == (None, None, Status.NOT_ENOUGH_DATA)


def test_a_registry_that_loses_a_bad_site_in_the_last_week_says_so() -> None:
    registered_site("good")
    bad = registered_site("bad")
    body = make_body()
    before = freeze(body=body, window=WINDOW.before(), at=WINDOW.before().freezes_at)
    assert isinstance(before, Frozen)
    at = datetime(2026, 6, 9, 9, tzinfo=VIETNAM)
    register(bad, in_scope_to=date(2026, 6, 10), at=at, reason="điều chỉnh danh mục")

    found = report()

    assert found.denominator.words.vi == "mẫu số thay đổi: +0, −1"
    assert [(one.site, one.what) for one in found.registry_changes] == [("bad", "removed")]


def test_an_excuse_does_not_hold_for_a_place_that_let_people_in() -> None:

    site = offered()
    excuse(site, first=date(2026, 3, 1), until=date(2026, 7, 1))
    product = make_product(sites=[site])
    order = paid_order(product=product)
    pay(order)
    scan(gate=make_gate(site=site), ticket=Ticket.objects.get(line__order=order))

    assert report().excused == ()
    assert said(site)[0] == "yes"


def test_cash_at_the_counter_is_not_cashless() -> None:
    site = registered_site()
    counter_payment(site, method="cash")

    assert said(site, "A1b") == (
        "no",
        "chưa có giao dịch trong kỳ được tính (1 giao dịch bằng tiền mặt)",
    )
    counter_payment(site, method="pos")
    assert said(site, "A1b")[0] == "yes"


def test_a_site_outside_the_registry_changes_nothing() -> None:
    stranger = make_site()
    snapshot(stranger)
    sell(stranger)
    registered_site()

    assert (row("A1").num, row("A1").den) == (0, 1)
