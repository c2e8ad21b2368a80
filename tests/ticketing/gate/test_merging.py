"""The merge as a pure function: the order in which gates bring their scans never matters."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import OPENING
from ticketing.domain.merging import (
    Bucket,
    Entry,
    People,
    Reading,
    Verdict,
    corrected,
    people,
    settle,
)
from ticketing.domain.passes import PassRule
from ticketing.models import EntryPolicy


def entry(number: int, *, minute: int, device: int = 1, site: int = 1, party: int = 1) -> Entry:
    at = OPENING + timedelta(minutes=minute)
    return Entry(at, device, number, UUID(int=number), device, site, party)


entries = st.builds(
    entry,
    st.integers(1, 12),
    minute=st.integers(0, 3 * 24 * 60),
    device=st.integers(1, 4),
    site=st.integers(1, 3),
    party=st.integers(1, 4),
)
logs = st.frozensets(entries, max_size=14)
undoings = st.frozensets(
    st.tuples(st.integers(1, 4), st.builds(UUID, int=st.integers(1, 12))), max_size=3
)
policies = st.sampled_from(list(EntryPolicy))
rules = st.sampled_from(
    [
        None,
        PassRule(sites_limit=1),
        PassRule(sites_limit=2, sequence=(1, 2, 3)),
        PassRule(sequence=(3, 1, 2)),
        PassRule(use_within_minutes=600),
        PassRule(sites_limit=2, days_from_first_use=1),
    ]
)


@given(logs, logs, logs, undoings, policies, rules)
def test_any_order_and_any_repetition_of_what_is_told_settles_alike(
    one: frozenset[Entry],
    two: frozenset[Entry],
    three: frozenset[Entry],
    undone: frozenset[tuple[int, UUID]],
    policy: EntryPolicy,
    rule: PassRule | None,
) -> None:
    told = [*one, *two, *three]
    terms: dict[str, Any] = {"policy": policy, "party": 4, "undone": undone, "rule": rule}

    def settled(*parts: frozenset[Entry]) -> object:
        brought = [entry for part in parts for entry in part]
        return settle(brought, **terms)

    whole = settle(told, **terms)
    # Commutative, associative, idempotent: joined in any way, the log says the same.
    assert (
        whole == settled(three, one, two) == settled(one | two, three) == settled(one, two | three)
    )
    assert whole == settle(told[::-1] + told, **terms)


@given(logs, undoings, policies, rules)
def test_people_by_right_never_exceed_the_party_and_nobody_is_forgotten(
    log: frozenset[Entry],
    undone: frozenset[tuple[int, UUID]],
    policy: EntryPolicy,
    rule: PassRule | None,
) -> None:
    settled = settle(log, policy=policy, party=4, undone=undone, rule=rule)

    by_bucket: dict[Bucket, int] = {}
    for one in settled:
        by_bucket[one.bucket] = by_bucket.get(one.bucket, 0) + one.counted
    assert sorted(one.entry for one in settled) == sorted(log)
    assert policy == EntryPolicy.UNLIMITED or all(inside <= 4 for inside in by_bucket.values())
    opened = {one.entry.site_id for one in settled if one.counted}
    limit = None if rule is None or policy == EntryPolicy.ONCE else rule.sites_limit
    assert limit is None or len(opened) <= limit
    counts = people(settled)
    standing = [one.entry.people for one in settled if one.verdict != Verdict.UNDONE]
    assert counts.let_in == sum(standing) >= counts.valid


def test_who_came_first_by_the_true_clock_came_by_right() -> None:
    early, late = entry(2, minute=0, device=2), entry(1, minute=3)

    first, second = settle([late, early], policy=EntryPolicy.ONCE_PER_SITE, party=1)

    assert (first.entry, first.verdict, first.first) == (early, Verdict.VALID, None)
    assert (second.entry, second.verdict, second.first) == (late, Verdict.DUPLICATE, early)


def test_people_let_in_and_people_by_right_are_two_numbers() -> None:
    log = [entry(1, minute=0, party=18), entry(2, minute=1, device=2, party=25)]

    settled = settle(log, policy=EntryPolicy.ONCE_PER_SITE, party=25)

    assert people(settled) == People(let_in=43, valid=25)


def test_in_the_same_instant_the_device_and_its_sequence_decide() -> None:
    log = [entry(2, minute=0, device=1), entry(1, minute=0, device=2), entry(1, minute=0, device=1)]

    settled = settle(log, policy=EntryPolicy.ONCE, party=1)

    assert [(one.entry.device_id, one.entry.sequence) for one in settled] == [
        (1, 1),
        (1, 2),
        (2, 1),
    ]
    assert [one.verdict for one in settled] == ["valid", "duplicate", "duplicate"]


def test_a_pass_for_two_places_that_was_let_in_at_three_counts_at_the_first_two() -> None:
    palace, tomb, museum = (
        entry(site, minute=minute, device=site, site=site)
        for site, minute in ((1, 0), (2, 40), (3, 20))
    )

    rule = PassRule(sites_limit=2)
    settled = settle([tomb, museum, palace], policy=EntryPolicy.ONCE_PER_SITE, party=1, rule=rule)

    assert {one.entry.site_id: (one.verdict, one.first) for one in settled} == {
        1: (Verdict.VALID, None),
        2: (Verdict.DUPLICATE, museum),
        3: (Verdict.VALID, None),
    }


@pytest.mark.parametrize(
    ("rule", "before_its_turn", "who"),
    [
        # Every place has its turn: the second was opened too early, so the third was as well.
        (PassRule(sequence=(1, 2, 3)), {2: "out_of_order", 3: "out_of_order"}, None),
        # Places may be left out, but nobody goes back: the second was open.
        (PassRule(sites_limit=2, sequence=(1, 2, 3)), {1: "out_of_order"}, 2),
        # Half an hour from the first entry, to the second.
        (PassRule(use_within_minutes=30), {3: "time_over"}, 2),
        (PassRule(use_within_minutes=31), {}, None),
    ],
)
def test_a_pass_let_in_against_its_order_or_its_time_opens_nothing_there(
    rule: PassRule, before_its_turn: dict[int, str], who: int | None
) -> None:
    log = [
        entry(site, minute=minute, device=site, site=site, party=4)
        for site, minute in ((1, 10), (2, 0), (3, 30))
    ]

    settled = settle(log, policy=EntryPolicy.ONCE_PER_SITE, party=4, rule=rule)

    wrong = {one.entry.site_id: one for one in settled if one.verdict != Verdict.VALID}
    assert {site: one.breach for site, one in wrong.items()} == before_its_turn
    assert {one.verdict for one in wrong.values()} <= {Verdict.RULED_OUT}
    assert [one.first and one.first.site_id for one in wrong.values()] == [who] * len(wrong)
    assert people(settled) == People(let_in=12, valid=4 * (3 - len(wrong)))


def test_who_broke_the_order_and_then_keeps_it_comes_in_by_right() -> None:
    second, first, again = (
        entry(number, minute=minute, site=site)
        for number, (minute, site) in enumerate(((0, 2), (10, 1), (20, 2)))
    )

    settled = settle(
        [second, first, again],
        policy=EntryPolicy.ONCE_PER_SITE,
        party=1,
        rule=PassRule(sequence=(1, 2)),
    )

    assert {one.entry: one.verdict for one in settled} == {
        second: Verdict.RULED_OUT,
        first: Verdict.VALID,
        again: Verdict.VALID,
    }


def test_between_two_readings_a_clock_drifts_evenly() -> None:
    readings = [Reading(OPENING, 0), Reading(OPENING + timedelta(hours=2), 60_000)]

    def true(at: datetime) -> datetime:
        return corrected(at, readings=readings, believed_ms=5)

    assert true(OPENING + timedelta(hours=1)) == OPENING + timedelta(hours=1, seconds=30)
    # Before the first and after the last, the nearest is believed.
    assert true(OPENING - timedelta(hours=1)) == OPENING - timedelta(hours=1)
    assert true(OPENING + timedelta(hours=3)) == OPENING + timedelta(hours=3, seconds=60)


def test_without_a_reading_the_device_is_believed() -> None:
    assert corrected(OPENING, readings=[], believed_ms=-1000) == OPENING - timedelta(seconds=1)


@given(entries, st.integers(1, 4), undoings, policies)
def test_who_comes_later_changes_nothing_for_who_came_first(
    first: Entry, party: int, undone: frozenset[tuple[int, UUID]], policy: EntryPolicy
) -> None:
    later = first._replace(at=first.at + timedelta(days=9), scan_id=UUID(int=99), sequence=99)

    (alone,) = settle([first], policy=policy, party=party, undone=undone)
    among = settle([later, first], policy=policy, party=party, undone=undone)

    assert [one for one in among if one.entry == first] == [alone]
