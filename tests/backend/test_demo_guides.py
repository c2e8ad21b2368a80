"""The demonstration's guides are heard where people wrote them, and wait where a machine did."""

import pytest

from backend.demo_guides import Heard, prepare_guides
from guides.domain.freshness import write_text
from guides.models import Narration, NarrationVersion, Origin, SpeechJob, Status
from tests.factories import OPENING
from tests.factories_guides import make_narration, make_recording, make_stop, make_writer

pytestmark = pytest.mark.django_db


def prepare() -> list[Heard]:
    return list(prepare_guides(author=make_writer("manager"), editor=make_writer("admin")))


def test_what_people_wrote_is_published_and_what_a_machine_translated_is_in_review() -> None:
    stop = make_stop(languages=("vi",), sentences=1)
    narrations = {"vi": make_narration(stop=stop, language="vi")}
    segment = stop.segments.get()
    for language, origin in (("en", Origin.HUMAN), ("fr", Origin.SYNTHETIC)):
        write_text(
            segment=segment,
            language=language,
            text="Here stands a gate that is very old, and people pass it every day.",
            origin=origin,
            at=OPENING,
        )
        narrations[language] = make_narration(stop=stop, language=language)
    for narration in narrations.values():
        make_recording(narration=narration, origin=Origin.SYNTHETIC, duration_ms=3_000)

    heard = prepare()

    assert heard == [Heard(spoken=3, public=2, total=3, over=True)]
    states = dict(Narration.objects.values_list("language", "status"))
    assert states == {"vi": Status.PUBLISHED, "en": Status.PUBLISHED, "fr": Status.IN_REVIEW}


def test_what_has_no_voice_is_asked_for_once() -> None:
    make_stop(languages=("vi", "en"))
    author, editor = make_writer("manager"), make_writer("admin")

    for _turn in range(2):
        first = next(prepare_guides(author=author, editor=editor))
        assert first == Heard(spoken=0, public=0, total=2, over=False)

    assert SpeechJob.objects.count() == 1
    assert not NarrationVersion.objects.exists()
