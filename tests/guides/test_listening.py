"""Plays: late, in batches, twice, at once; and never where."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from guides.domain.listening import Heard, PlayTold, keep_plays
from guides.models import Play, Stop
from sites.models import User
from tests.at_once import at_once
from tests.factories_guides import make_published, make_stop

URL = "/api/v1/guides/plays"


def told(stop: Stop, **changed: Any) -> dict[str, Any]:
    return {
        "play_id": str(uuid4()),
        "stop_id": stop.pk,
        "language": "vi",
        "started_at": (timezone.now() - timedelta(hours=3)).isoformat(),
        "share_heard": 0.5,
        **changed,
    }


def tell(*plays: Any, client: Client | None = None, probe: bool = False) -> list[dict[str, Any]]:
    headers = {"Ngomon-Probe": "1"} if probe else {}
    answer = (client or Client()).post(
        URL, {"plays": list(plays)}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.fixture
def stop(db: None) -> Stop:
    stop = make_stop()
    make_published(stop=stop)
    return stop


def test_a_play_is_kept_with_its_place_and_narration_and_nothing_of_the_person(stop: Stop) -> None:
    play = told(stop, share_heard=0.8)

    assert tell(play) == [
        {"play_id": play["play_id"], "outcome": "kept", "code": None, "share_heard": 0.8}
    ]

    kept = Play.objects.get()
    assert (kept.site, kept.narration) == (stop.guide.site, stop.narrations.get(language="vi"))
    assert (kept.share_heard, kept.staff) == (Decimal("0.800"), False)
    assert {field.name for field in Play._meta.get_fields()} == {  # noqa: SLF001 # Django's name
        *("id", "client_id", "site", "stop", "language", "narration"),
        *("started_at", "share_heard", "received_at", "staff"),
    }


def test_told_again_it_is_counted_once_and_only_grows(stop: Stop) -> None:
    play = told(stop, share_heard=0.4)

    shares = [0.4, 0.9, 0.2]
    answers = [tell({**play, "share_heard": share})[0] for share in shares]

    assert [(each["outcome"], each["share_heard"]) for each in answers] == [
        ("kept", 0.4),
        ("repeated", 0.9),
        ("repeated", 0.9),
    ]
    assert Play.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lat": 16.47, "lon": 107.58}, "unknown_field"),
        ({"position": {"lat": 16.47}}, "unknown_field"),
        ({"stop_id": 0}, "unreadable"),
        ({"stop_id": 2**62}, "unknown_stop"),
        ({"language": "xx"}, "unreadable"),
        ({"share_heard": 1.5}, "unreadable"),
        ({"share_heard": "1"}, "unreadable"),
        ({"play_id": "mine"}, "unreadable"),
        ({"started_at": "yesterday"}, "unreadable"),
        ({"started_at": (timezone.now() + timedelta(hours=1)).isoformat()}, "in_the_future"),
        ({"started_at": (timezone.now() - timedelta(days=91)).isoformat()}, "too_old"),
    ],
)
def test_a_bad_play_is_refused_and_blocks_no_other(
    stop: Stop, changed: dict[str, Any], code: str
) -> None:
    bad, good = told(stop, **changed), told(stop)

    answers = tell(bad, None, good, 7)

    assert [(each["outcome"], each["code"]) for each in answers] == [
        ("refused", code),
        ("refused", "unreadable"),
        ("kept", None),
        ("refused", "unreadable"),
    ]
    assert str(Play.objects.get().client_id) == good["play_id"]


def test_a_position_beside_the_plays_is_refused_whole(stop: Stop) -> None:
    answer = Client().post(
        URL, {"plays": [told(stop)], "lat": 16.47}, content_type="application/json"
    )

    assert answer.status_code == 422
    assert not Play.objects.exists()


def test_an_id_that_belongs_to_another_play_is_refused(stop: Stop) -> None:
    other = make_stop()
    play = told(stop)
    tell(play)

    assert tell({**play, "stop_id": other.pk})[0]["code"] == "another_play"
    assert tell({**play, "language": "en"})[0]["code"] == "another_play"


def test_our_own_people_and_probes_are_marked(stop: Stop) -> None:
    client = Client()
    client.force_login(User.objects.create(username="staff", is_staff=True))

    tell(told(stop), client=client)
    tell(told(stop), probe=True)
    tell(told(stop))

    assert sorted(Play.objects.values_list("staff", flat=True)) == [False, True, True]


def test_a_batch_takes_two_statements_and_one_for_each_play(
    stop: Stop, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        plays = [
            PlayTold(
                client_id=uuid4(),
                stop_id=stop.pk,
                language="vi",
                started_at=timezone.now(),
                share_heard=1,
            )
            for _number in range(count)
        ]
        # And the savepoint around them.
        with django_assert_num_queries(2 + count + 2):
            keep_plays(plays=plays, staff=False, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_eight_times_at_once_counts_each_play_once() -> None:
    stop = make_stop()
    plays = [told(stop, share_heard=share / 20) for share in range(20)]

    answers = at_once(lambda turn: tell(*(plays if turn % 2 else reversed(plays))), range(8))

    assert Play.objects.count() == 20
    outcomes = [each["outcome"] for answer in answers for each in answer]
    assert (outcomes.count(Heard.KEPT), outcomes.count(Heard.REPEATED)) == (20, 140)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(
    tellings=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 1000), st.booleans()), min_size=1, max_size=12
    )
)
def test_whatever_the_order_the_largest_share_of_each_play_is_kept(
    tellings: list[tuple[int, int, bool]],
) -> None:
    Play.objects.all().delete()
    stop = Stop.objects.first() or make_stop()
    ids = [uuid4() for _number in range(4)]
    at = timezone.now()

    for number, share, staff in tellings:
        play = PlayTold(
            client_id=ids[number],
            stop_id=stop.pk,
            language="vi",
            started_at=at,
            share_heard=share / 1000,
        )
        keep_plays(plays=[play], staff=staff, at=at)

    expected = {
        ids[number]: (
            Decimal(max(share for each, share, _s in tellings if each == number)) / 1000,
            any(staff for each, _share, staff in tellings if each == number),
        )
        for number in {number for number, _share, _staff in tellings}
    }
    kept = Play.objects.values_list("client_id", "share_heard", "staff")
    assert {client_id: (share, staff) for client_id, share, staff in kept} == expected
