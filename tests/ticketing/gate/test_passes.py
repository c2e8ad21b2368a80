"""Passes at the gate: any k places, an order, a time from first use."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.models import HeritageSite
from tests.at_once import at_once
from tests.factories import OPENING, make_gate, make_pass, make_site, make_ticket
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.enrolment import Seat
from ticketing.domain.outcome_texts import outcome_text
from ticketing.domain.passes import Breach, Opened, PassRule, judge_pass, use_until
from ticketing.domain.presentation import ScanResult
from ticketing.domain.redemption import redeem
from ticketing.models import Admission, Product, Scan, Ticket, TicketStatus, ValidityMode

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def seats_at(ticket: Ticket, sites: list[HeritageSite]) -> list[Seat]:
    return [make_seat(ticket, gate=make_gate(site=site)) for site in sites]


def scan(ticket: Ticket, seat: Seat, *, at: datetime = OPENING, people: int | None = None) -> str:
    result = redeem(presentation=present(ticket, people=people), seat=seat, at=at)
    return result.outcome.value


def make_pass_ticket(
    *, places: int, party_size: int = 1, **rules: Any
) -> tuple[Ticket, list[Seat]]:
    """A ticket of a pass, and a seat at each of its places in order."""
    sites = [make_site() for _ in range(places)]
    product = make_pass(sites=sites, **rules)
    ticket = make_ticket(product=product, party_size=party_size, at=OPENING)
    return ticket, seats_at(ticket, sites)


def test_any_two_of_three_places_open_and_the_third_hears_the_rule() -> None:
    ticket, (palace, tomb, museum) = make_pass_ticket(places=3, sites_limit=2)

    assert [scan(ticket, seat) for seat in (museum, palace)] == ["admitted", "admitted"]
    refused = redeem(presentation=present(ticket), seat=tomb, at=OPENING)

    assert refused.outcome == "party_exhausted"
    assert refused.ticket is not None
    assert refused.ticket.left == 0
    assert outcome_text(refused, language="en") == (
        "This pass opens 2 places, and all of them are used."
    )
    assert scan(ticket, palace) == "already_admitted"
    assert Scan.objects.filter(broken_rule__breach="places_used").count() == 1


def test_latecomers_of_a_party_enter_where_it_is_and_nowhere_else() -> None:
    ticket, (palace, tomb, museum) = make_pass_ticket(places=3, party_size=5, sites_limit=2)

    outcomes = [
        scan(ticket, palace, people=3),
        scan(ticket, tomb, people=5),
        scan(ticket, museum, people=1),
        scan(ticket, palace, people=2),
        scan(ticket, palace, people=1),
    ]

    assert outcomes == ["admitted", "admitted", "party_exhausted", "admitted", "party_exhausted"]


def test_places_in_order_name_the_one_that_comes_first() -> None:
    ticket, (first, second, third) = make_pass_ticket(places=3, in_order=True)

    refused = redeem(presentation=present(ticket), seat=third, at=OPENING)
    name = ticket.product.entitlements.get(position=0).site.texts.get(language="en").name

    assert refused.outcome == "wrong_site"
    assert outcome_text(refused, language="en") == (
        f"The places of this pass follow each other. Please visit {name} first."
    )
    assert [scan(ticket, seat) for seat in (second, first, third, second, third)] == [
        "wrong_site",
        "admitted",
        "wrong_site",
        "admitted",
        "admitted",
    ]


def test_in_order_with_a_limit_leaves_places_out_but_never_goes_back() -> None:
    ticket, (first, second, third) = make_pass_ticket(places=3, in_order=True, sites_limit=2)

    assert scan(ticket, second) == "admitted"
    back = redeem(presentation=present(ticket), seat=first, at=OPENING)

    assert back.outcome == "wrong_site"
    assert "lies behind" in outcome_text(back, language="en")
    assert scan(ticket, third) == "admitted"
    assert scan(ticket, first) == "party_exhausted"


def test_the_time_runs_from_the_first_admission_and_ends_sharp() -> None:
    ticket, (palace, tomb) = make_pass_ticket(places=2, use_within_minutes=240)
    start = OPENING + HOUR
    end = start + 4 * HOUR

    assert scan(ticket, palace, at=start) == "admitted"
    late = redeem(presentation=present(ticket), seat=tomb, at=end)

    assert late.outcome == "expired"
    assert outcome_text(late, language="en") == (
        "This pass was valid until 13:00 22/11/2026, counted from its first entry."
    )
    assert scan(ticket, tomb, at=end - timedelta(microseconds=1)) == "admitted"


def test_days_from_first_use_end_at_midnight_in_viet_nam_within_the_outer_bound() -> None:
    rules: dict[str, Any] = {
        "validity_mode": ValidityMode.FROM_FIRST_USE,
        "validity_days": 2,
        "outer_days": 30,
    }
    ticket, (palace, tomb, museum) = make_pass_ticket(places=3, **rules)
    week = timedelta(days=7)
    midnight = OPENING.replace(hour=0) + week + timedelta(days=2)

    assert ticket.valid_until == OPENING.replace(hour=0) + timedelta(days=30)
    assert scan(ticket, palace, at=OPENING + week) == "admitted"
    assert scan(ticket, tomb, at=midnight - timedelta(seconds=1)) == "admitted"
    assert scan(ticket, museum, at=midnight) == "expired"


def test_a_repeat_of_a_refused_pass_answers_the_same() -> None:
    ticket, (palace, tomb) = make_pass_ticket(places=2, sites_limit=1)
    scan(ticket, palace)
    presentation = present(ticket)
    answers = [
        redeem(presentation=presentation, seat=tomb, at=OPENING + number * HOUR)
        for number in range(2)
    ]

    assert answers[0] == answers[1]
    assert answers[0].broken is not None
    assert Scan.objects.count() == 2


@pytest.mark.parametrize("status", [TicketStatus.CANCELLED, TicketStatus.REVOKED])
def test_a_cancelled_pass_is_refused_by_that_name(status: TicketStatus) -> None:
    ticket, (palace, tomb) = make_pass_ticket(places=2, sites_limit=1)
    scan(ticket, palace)
    Ticket.objects.filter(pk=ticket.pk).update(status=status)

    assert scan(ticket, tomb) == status.value


def test_rules_are_those_of_the_day_of_issue() -> None:
    ticket, (palace, tomb) = make_pass_ticket(places=2, sites_limit=1)
    Product.objects.filter(pk=ticket.product_id).update(sites_limit=None)

    assert [scan(ticket, palace), scan(ticket, tomb)] == ["admitted", "party_exhausted"]


def test_an_ordinary_combo_has_no_rule_and_is_judged_in_one_statement() -> None:
    ticket, (palace, _tomb) = make_pass_ticket(places=2)

    with CaptureQueriesContext(connection) as queries:
        assert scan(ticket, palace) == "admitted"

    assert ticket.rule is None
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_place_of_a_pass_opens_at_one_of_six_gates_at_once_twenty_times() -> None:
    model, seats = make_pass_ticket(places=6, sites_limit=1)

    for _run in range(20):
        ticket = make_ticket(product=model.product, at=OPENING)
        outcomes = at_once(partial(scan, ticket), seats)

        assert sorted(outcomes) == ["admitted"] + ["party_exhausted"] * 5
        assert Admission.objects.filter(ticket=ticket).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_scan_of_a_pass_sent_eight_times_at_once_counts_once() -> None:
    ticket, seats = make_pass_ticket(places=2, party_size=20, sites_limit=1)
    presentation = present(ticket, people=3)

    def send(_number: int) -> ScanResult:
        return redeem(presentation=presentation, seat=seats[0], at=OPENING)

    results = at_once(send, range(8))

    assert results == [results[0]] * 8
    assert (results[0].outcome, Admission.objects.get().people) == ("admitted", 3)


RULES = st.builds(
    PassRule,
    sites_limit=st.none() | st.integers(1, 4),
    sequence=st.permutations(range(4)).map(tuple) | st.just(()),
    use_within_minutes=st.none() | st.integers(1, 600),
    days_from_first_use=st.none() | st.integers(1, 3),
)
VISITS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5_000)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(rule=RULES, visits=VISITS)
def test_whatever_is_tried_a_pass_keeps_each_of_its_rules(
    rule: PassRule, visits: list[tuple[int, int]]
) -> None:
    opened: list[Opened] = []
    for place, minute in sorted(visits, key=lambda visit: visit[1]):
        at = OPENING + timedelta(minutes=minute)
        broken = judge_pass(rule=rule, opened=opened, place=place, at=at)
        if broken is None and place not in {one.place for one in opened}:
            opened.append(Opened(place, at))
        if broken is not None and broken.breach == Breach.TIME_OVER:
            assert broken.until is not None
            assert at >= broken.until

    turns = [rule.sequence.index(one.place) for one in opened if one.place in rule.sequence]
    assert rule.sites_limit is None or len(opened) <= rule.sites_limit
    assert turns == sorted(turns)
    assert rule.sites_limit is not None or turns == list(range(len(turns)))
    until = use_until(rule=rule, opened=opened)
    assert until is None or all(one.first_at < until for one in opened)
