"""Packs: complete, compared with earlier versions, opened by a ticket or free."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from guides.api import guides as guides_api
from guides.api import packs as packs_api
from guides.domain.freshness import write_text
from guides.domain.storing import path_of, store_bytes
from guides.models import Guide, NarrationVersion, PackVersion, SoundFile, Stop
from sites.models import HeritageSite
from tests.factories import make_site, make_ticket
from tests.factories_guides import (
    make_guide,
    make_picture,
    make_published,
    make_stop,
    publish_as_is,
    segments_of,
)
from ticketing.domain.ticket_token import to_text
from ticketing.models import Ticket, TicketStatus

pytestmark = pytest.mark.django_db
SOUND_BYTES = 20_000


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def give_sounds(stop: Stop) -> None:
    """Put real bytes behind the recordings of a stop."""
    for file in SoundFile.objects.filter(recording__narration__stop=stop):
        stored = store_bytes(data=f"{file.pk} ".encode() * (SOUND_BYTES // 8), suffix=file.format)
        SoundFile.objects.filter(pk=file.pk).update(
            name=stored.name, sha256=stored.sha256, bytes=stored.bytes
        )


def make_full_guide(
    *, stops: int = 5, site: HeritageSite | None = None, free: bool = True
) -> Guide:
    guide = make_guide(site=site, is_free=free)
    for _number in range(stops):
        stop = make_stop(guide=guide, languages=("vi", "en"))
        make_published(stop=stop, languages=("vi", "en"))
        give_sounds(stop)
    return guide


def ask(guide: Guide, token: str = "", **question: str) -> Any:
    packs_api.packs.forget()
    headers = {"Ticket-Token": token} if token else {}
    return Client().get(f"/api/v1/guides/{guide.pk}/pack", question, headers=headers)


def change(stop: Stop, sentence: str) -> None:
    """Edit one passage, speak it anew and publish that."""
    write_text(segment=segments_of(stop)[0], language="vi", text=sentence, at=timezone.now())
    NarrationVersion.objects.filter(narration__stop=stop, narration__language="vi").update(
        status="withdrawn"
    )
    stop.narrations.filter(language="vi").update(status="draft", live=None)
    publish_as_is(stop.narrations.get(language="vi"))
    give_sounds(stop)


def test_a_pack_lists_everything_once_with_its_true_size_and_hash() -> None:
    guide = make_full_guide(stops=3)
    make_picture(stop=guide.stops.get(number=2))

    pack = ask(guide, language="vi").json()

    kinds = [(file["kind"], file["stop"]) for file in pack["files"]]
    assert kinds == [
        ("guide", 0),
        *[("stop", 1), ("sound", 1)],
        *[("stop", 2), ("sound", 2), ("picture", 2)],
        *[("stop", 3), ("sound", 3)],
    ]
    assert pack["bytes"] == sum(file["bytes"] for file in pack["files"])
    assert (pack["since"], pack["removed"], pack["download_bytes"]) == (None, [], pack["bytes"])
    for file in pack["files"]:
        if file["kind"] != "picture":
            content = path_of(file["url"].removeprefix("/media/")).read_bytes()
            assert len(content) == file["bytes"]
            assert file["sha256"] in file["url"]
    document = pack["files"][1]
    stop = orjson.loads(path_of(document["url"].removeprefix("/media/")).read_bytes())
    assert stop["narration"]["sha256"] == pack["files"][2]["sha256"]
    assert stop["narration"]["transcript"].startswith("Passage 1")


def test_language_format_and_quality_give_different_packs_of_the_same_stops() -> None:
    guide = make_full_guide(stops=2)

    forms = [
        {"language": "vi"},
        {"language": "en"},
        {"language": "vi", "quality": "low"},
        {"language": "vi", "format": "opus"},
    ]
    packs = [ask(guide, **form).json() for form in forms]

    assert len({pack["version"] for pack in packs}) == 4
    assert {len(pack["files"]) for pack in packs} == {5}
    assert packs[3]["files"][2]["url"].endswith(".opus")


def test_large_pictures_stay_out_of_low_quality() -> None:
    guide = make_full_guide(stops=1)
    asset = make_picture(stop=guide.stops.get())
    type(asset).objects.filter(pk=asset.pk).update(bytes=400_000)

    kinds = {
        quality: [file["kind"] for file in ask(guide, quality=quality).json()["files"]]
        for quality in ("high", "low")
    }

    assert kinds == {
        "high": ["guide", "stop", "sound", "picture"],
        "low": ["guide", "stop", "sound"],
    }


def test_changing_one_stop_costs_less_than_twice_that_stop() -> None:
    guide = make_full_guide(stops=30)
    before = ask(guide, language="vi").json()
    changed = guide.stops.get(number=7)

    change(changed, "Ngọ Môn có năm lối đi.")
    answer = ask(guide, language="vi", since=before["version"])
    after = answer.json()

    stop = sum(file["bytes"] for file in before["files"] if file["stop"] == 7)
    cost = after["download_bytes"] + len(answer.content)
    assert cost < 2 * stop < before["bytes"]
    assert {(file["kind"], file["stop"]) for file in after["files"]} <= {
        ("guide", 0),
        ("stop", 7),
        ("sound", 7),
    }
    held = {file["sha256"] for file in before["files"]}
    held = (held | {file["sha256"] for file in after["files"]}) - set(after["removed"])
    assert held == {file["sha256"] for file in ask(guide, language="vi").json()["files"]}


def test_a_phone_that_is_up_to_date_fetches_nothing() -> None:
    guide = make_full_guide(stops=2)
    version = ask(guide).json()["version"]

    again = ask(guide, since=version).json()

    assert (again["files"], again["removed"], again["download_bytes"]) == ([], [], 0)
    assert again["since"] == again["version"] == version


def test_a_version_that_nobody_knows_gives_the_whole_pack() -> None:
    guide = make_full_guide(stops=2)

    for since in ("0123456789abcdef", "'; DROP", "x" * 64):
        pack = ask(guide, since=since).json()
        assert (pack["since"], len(pack["files"])) == (None, 5)


def test_equal_packs_have_equal_versions_and_one_row() -> None:
    guide = make_full_guide(stops=2)

    assert ask(guide).json() == ask(guide).json()
    assert PackVersion.objects.count() == 1


def test_the_list_is_short_lived_and_says_when_it_is_unchanged() -> None:
    guide = make_full_guide(stops=1)
    first = ask(guide)

    assert first.headers["Cache-Control"] == "public, max-age=10"
    again = Client().get(
        f"/api/v1/guides/{guide.pk}/pack", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def code_of(ticket: Ticket) -> str:
    return to_text(bytes(ticket.token))


def test_a_guide_that_is_not_free_opens_with_a_ticket_of_its_place() -> None:
    site = make_site()
    guide = make_full_guide(site=site, stops=1, free=False)
    now = timezone.now()
    tomorrow = make_ticket(sites=[site], visit_date=(now + timedelta(days=1)).date())

    answer = ask(guide, code_of(tomorrow))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, max-age=10"


def test_anything_else_is_refused_with_a_code_and_a_reason() -> None:
    site = make_site()
    guide = make_full_guide(site=site, stops=1, free=False)
    now = timezone.now()
    good = make_ticket(sites=[site])
    cancelled = make_ticket(sites=[site], status=TicketStatus.CANCELLED)
    other = make_ticket(sites=[make_site()])
    old = make_ticket(sites=[site], at=now - timedelta(days=40))
    forged = code_of(good)[:-4] + "0000"

    refused = {
        name: (answer.status_code, answer.json()["code"], answer.json().get("reason"))
        for name, answer in {
            "none": ask(guide),
            "forged": ask(guide, forged),
            "words": ask(guide, "hello"),
            "cancelled": ask(guide, code_of(cancelled)),
            "other": ask(guide, code_of(other)),
            "old": ask(guide, code_of(old)),
        }.items()
    }

    assert refused == {
        "none": (403, "ticket_needed", None),
        "forged": (403, "ticket_refused", "not_ours"),
        "words": (403, "ticket_refused", "not_ours"),
        "cancelled": (403, "ticket_refused", "not_valid"),
        "other": (403, "ticket_refused", "other_place"),
        "old": (403, "ticket_refused", "expired"),
    }
    assert ask(guide, code_of(good)).status_code == 200


def test_the_voices_of_a_paid_guide_are_named_to_its_ticket_alone() -> None:
    site = make_site()
    guides_api.guides.forget()
    guide = make_full_guide(stops=1, site=site, free=False)
    address = f"/api/v1/guides/{guide.pk}"
    tickets = {
        "own": code_of(make_ticket(sites=[site])),
        "other": code_of(make_ticket(sites=[make_site()])),
        "none": "",
    }

    answers = {
        name: Client().get(address, headers={"Ticket-Token": code})
        for name, code in tickets.items()
    }

    [told, *_others] = answers["own"].json()["stops"]
    assert told["narration"]["audio_url"].endswith(".mp3")
    for name in ("other", "none"):
        [silent, *_others] = answers[name].json()["stops"]
        assert silent["narration"]["transcript"] == told["narration"]["transcript"]
        assert silent["narration"]["files"] == []
        assert {silent["narration"][each] for each in ("audio_url", "sha256", "bytes")} == {None}
        assert told["narration"]["sha256"] not in answers[name].content.decode()
    assert {answer.headers["Cache-Control"].split(",")[0] for answer in answers.values()} == {
        "private"
    }


def test_a_remembered_list_is_still_behind_its_ticket() -> None:
    site = make_site()
    guide = make_full_guide(site=site, stops=1, free=False)
    assert ask(guide, code_of(make_ticket(sites=[site]))).status_code == 200

    assert Client().get(f"/api/v1/guides/{guide.pk}/pack").status_code == 403


def test_no_guide_no_pack() -> None:
    for guide_id in (1, 2**63, 2**80):
        answer = Client().get(f"/api/v1/guides/{guide_id}/pack")
        assert (answer.status_code, answer.json()["code"]) == (404, "guide_not_found")


def test_three_stops_are_read_with_as_many_statements_as_one(
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for stops in (1, 3):
        guide = make_full_guide(stops=stops)
        with django_assert_max_num_queries(20) as counted:
            ask(guide)
        counts.append(len(counted))

    assert counts[0] == counts[1]
