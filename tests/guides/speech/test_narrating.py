"""Jobs of speech: who speaks, who comes next, and that nothing is spoken twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from guides.domain.freshness import write_text
from guides.domain.narrating import (
    Fall,
    NothingToSpeak,
    Progress,
    ask_for_speech,
    cancel,
    progress_of,
    resume,
    retry,
)
from guides.domain.recordings import voice_of
from guides.domain.speaking import work
from guides.domain.storing import path_of
from guides.gateways import ffmpeg, sound_marks
from guides.gateways.gtts_simulator import Faults
from guides.models import (
    NameSaid,
    Origin,
    SegmentText,
    SpeechItem,
    SpeechJob,
    SpokenSegment,
    VoiceOrder,
)
from tests.factories import OPENING
from tests.factories_guides import make_guide, make_narration, make_recording, make_stop
from tests.guides.speech.desk import Desk, asked, kept_files, the_recording, working_files

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_narration_gets_a_marked_recording_of_the_text_as_it_stands(desk: Desk) -> None:
    narration = make_narration(stop=make_stop(sentences=2))

    job = asked(narration)
    desk.work()

    recording = the_recording(narration)
    assert (recording.origin, recording.engine, recording.voice) == ("synthetic", "gtts", "vi")
    assert recording.stale_since is None
    assert abs(float(recording.loudness_lufs or 0) - ffmpeg.TARGET_LUFS) <= 1
    files = list(recording.files.all())
    assert len({(file.format, file.quality) for file in files}) == 4
    for file in files:
        path = path_of(file.name)
        assert sound_marks.read_marks(path)[sound_marks.SYNTHETIC] == "yes"
        assert path.stat().st_size == file.bytes
        assert abs(ffmpeg.measure(path).lufs - ffmpeg.TARGET_LUFS) <= 1
    assert progress_of(job=job) == Progress(SpeechJob.Status.DONE, 3, 3, 1, 0, 0, 0, ())
    assert working_files() == []


def test_without_a_network_the_offline_voice_speaks_and_the_job_says_so(desk: Desk) -> None:
    first, second = (make_narration(stop=make_stop(sentences=1)) for _ in range(2))
    desk.simulator.stop()

    jobs = [asked(first), asked(second)]
    desk.work()

    assert {the_recording(each).engine for each in (first, second)} == {"espeak"}
    assert the_recording(first).voice == "vi-vn-x-central"
    assert [progress_of(job=job).falls for job in jobs] == [
        (Fall(first.pk, "gtts", "NO_NETWORK"),),
        (Fall(second.pk, "gtts", "NO_NETWORK"),),
    ]


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        (Faults(busy_from=3, retry_after_s=900), "BUSY"),
        (Faults(hanging_from=3), "TOO_SLOW"),
        (Faults(soundless=True), "BROKEN"),
    ],
)
def test_a_story_is_told_by_one_voice_even_when_the_first_stops_in_the_middle(
    desk: Desk, faults: Faults, reason: str
) -> None:
    narration = make_narration(stop=make_stop(sentences=4))
    desk.simulator.faults = faults
    desk.patience_s = 2 if faults.hanging_from else 20

    job = asked(narration)
    desk.work()

    assert the_recording(narration).engine == "espeak"
    assert sum(desk.espeak.said.values()) == 4
    progress = progress_of(job=job)
    assert progress.falls == (Fall(narration.pk, "gtts", reason),)
    assert (progress.done, progress.total) == (5, 5)


def test_a_server_that_is_busy_is_left_alone_by_every_job_until_it_wants(desk: Desk) -> None:
    desk.simulator.faults = Faults(busy_from=1, retry_after_s=900)
    first, second, third = (make_narration(stop=make_stop(sentences=1)) for _ in range(3))

    asked(first)
    desk.work()
    asked(second)
    desk.work()
    assert desk.simulator.asked == 1

    desk.simulator.faults = Faults()
    asked(third)
    work(at=OPENING + timedelta(seconds=901), engines=desk.engine, seconds=60)
    assert the_recording(third).engine == "gtts"


def test_too_long_for_one_voice_is_spoken_by_the_next(desk: Desk) -> None:
    stop = make_stop(sentences=1)
    narration = make_narration(stop=stop)
    [segment] = stop.segments.all()
    write_text(segment=segment, language="vi", text="Huế. " * 3, at=OPENING)
    desk.longest = 10

    job = asked(narration)
    desk.work()

    assert [fall.reason for fall in progress_of(job=job).falls] == ["TOO_LONG"]
    assert the_recording(narration).engine == "espeak"


def test_a_site_says_who_speaks_which_language(desk: Desk) -> None:
    stop = make_stop(sentences=1, languages=("vi", "en"))
    site = stop.guide.site
    VoiceOrder.objects.create(site=site, language="en", engines=["espeak", "gtts"])
    vi, en = make_narration(stop=stop), make_narration(stop=stop, language="en")

    asked(vi, en)
    desk.work()

    assert (the_recording(vi).engine, the_recording(en).engine) == ("gtts", "espeak")


def test_no_voice_at_all_is_said_and_a_retry_finds_the_voice_that_came(desk: Desk) -> None:
    stop = make_stop(sentences=1, languages=("vi", "ja"))
    [segment] = stop.segments.all()
    write_text(segment=segment, language="ja", text="皇城の門", at=OPENING)
    narration = make_narration(stop=stop, language="ja")
    desk.simulator.faults = Faults(busy_from=1)

    job = asked(narration)
    desk.work()

    progress = progress_of(job=job)
    assert progress.status == SpeechJob.Status.FAILED
    assert [fall.reason for fall in progress.falls] == ["BUSY", "NO_VOICE"]
    assert progress.percent == 100
    assert voice_of(narration=narration) is None

    write_text(segment=segment, language="ja", text="皇城《こうじょう》のもん", at=OPENING)
    again = retry(job=job, at=OPENING)
    desk.work()

    assert isinstance(again, SpeechJob)
    assert progress_of(job=again).status == SpeechJob.Status.DONE
    assert progress_of(job=job) == progress
    assert desk.espeak.said == {"こうじょうのもん": 1, "皇城の門": 1}


def test_the_same_words_are_spoken_once_for_all_stops(desk: Desk) -> None:
    guide = make_guide()
    narrations = []
    for _ in range(3):
        stop = make_stop(guide=guide, sentences=1)
        [segment] = stop.segments.all()
        write_text(segment=segment, language="vi", text="Mời quý khách đi tiếp.", at=OPENING)
        narrations.append(make_narration(stop=stop))

    asked(*narrations)
    desk.work()

    assert desk.simulator.spoken == {"Mời quý khách đi tiếp.": 1}
    assert SpokenSegment.objects.count() == 1
    assert {the_recording(each).duration_ms for each in narrations} == {
        the_recording(narrations[0]).duration_ms
    }


def test_after_an_edit_only_the_edited_passage_is_spoken(desk: Desk) -> None:
    stop = make_stop(sentences=3)
    narration = make_narration(stop=stop)
    asked(narration)
    desk.work()
    before = set(desk.simulator.spoken)

    segment = stop.segments.order_by("position")[1]
    write_text(segment=segment, language="vi", text="Câu này mới.", at=OPENING)
    asked(narration)
    desk.work()

    assert set(desk.simulator.spoken) - before == {"Câu này mới."}
    assert set(desk.simulator.spoken.values()) == {1}


def test_what_is_said_has_numbers_in_words_and_names_as_the_site_says_them(desk: Desk) -> None:
    stop = make_stop(sentences=1, languages=("vi", "en"))
    [segment] = stop.segments.all()
    write_text(segment=segment, language="vi", text="Xây năm 1833.", at=OPENING)
    write_text(segment=segment, language="en", text="Tự Đức at Vọng.", at=OPENING)
    NameSaid.objects.create(site=stop.guide.site, language="en", name="Vọng", say="Vom")

    asked(make_narration(stop=stop), make_narration(stop=stop, language="en"))
    desk.work()

    assert set(desk.simulator.spoken) == {
        "Xây năm một nghìn tám trăm ba mươi ba.",
        "Too Dook at Vom.",
    }


def test_a_person_wins_before_during_and_after(desk: Desk) -> None:
    before, during = (make_narration(stop=make_stop(sentences=1)) for _ in range(2))
    human = make_recording(narration=before)
    nothing = ask_for_speech(site=before.stop.guide.site, narrations=[before], at=OPENING)
    assert nothing == NothingToSpeak()

    job = asked(during)
    desk.work(seconds=0)
    make_recording(narration=during)
    desk.work()

    assert progress_of(job=job).kept == 1
    assert the_recording(during).origin == Origin.HUMAN
    assert desk.simulator.asked == 0
    make_recording(narration=before, origin=Origin.SYNTHETIC, at=OPENING + timedelta(days=1))
    assert voice_of(narration=before) == human


def test_a_text_that_changes_meanwhile_makes_no_recording_of_the_old_one(desk: Desk) -> None:
    stop = make_stop(sentences=1)
    narration = make_narration(stop=stop)
    [segment] = stop.segments.all()

    job = asked(narration)
    write_text(segment=segment, language="vi", text="Khác rồi.", at=OPENING)
    desk.work()

    assert progress_of(job=job).outdated == 1
    assert voice_of(narration=narration) is None


def test_a_stopped_job_stops_and_goes_on_where_it_was(desk: Desk) -> None:
    narration = make_narration(stop=make_stop(sentences=3))
    job = asked(narration)

    work(at=OPENING, engines=desk.engine, seconds=1, clock=iter([0, 0, 0, 2]).__next__)
    assert cancel(job_id=job.pk, at=OPENING)
    assert desk.work() == 0
    stopped = progress_of(job=job)
    assert resume(job_id=job.pk)
    assert not resume(job_id=job.pk)
    desk.work()

    assert (stopped.status, stopped.done, stopped.total) == (SpeechJob.Status.CANCELLED, 2, 4)
    assert progress_of(job=job).status == SpeechJob.Status.DONE
    assert set(desk.simulator.spoken.values()) == {1}


def test_a_narration_with_a_passage_missing_is_not_read(desk: Desk) -> None:
    stop = make_stop(sentences=2)
    narration = make_narration(stop=stop)
    SegmentText.objects.filter(segment__stop=stop).first().delete()  # type: ignore[union-attr] # there are two

    answer = ask_for_speech(site=stop.guide.site, narrations=[narration], at=OPENING)

    assert answer == NothingToSpeak()


def test_narrations_of_another_site_are_not_read(desk: Desk) -> None:
    mine, other = make_narration(stop=make_stop()), make_narration(stop=make_stop())

    job = ask_for_speech(site=mine.stop.guide.site, narrations=[mine, other], at=OPENING)

    assert isinstance(job, SpeechJob)
    assert [item.narration_id for item in SpeechItem.objects.all()] == [mine.pk]


def test_a_lost_file_is_spoken_again_and_a_found_one_is_not(desk: Desk, tmp_path: Path) -> None:
    narration = make_narration(stop=make_stop(sentences=1))
    asked(narration)
    desk.work()
    [kept] = SpokenSegment.objects.all()
    path_of(kept.name).unlink()

    asked(narration)
    desk.work()

    assert list(desk.simulator.spoken.values()) == [2]
    assert kept.name in " ".join(kept_files())
