"""Real workers on one job, some of them really killed."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from guides.domain.narrating import progress_of
from guides.domain.storing import path_of
from guides.gateways.gtts_simulator import Faults
from guides.models import (
    Recording,
    SegmentText,
    SoundFile,
    SpeechJob,
    SpeechPart,
    SpokenSegment,
    VoiceOrder,
)
from tests.factories_guides import make_narration, make_stop
from tests.guides.speech.desk import Desk, asked, kept_files

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import django; django.setup()
from django.utils import timezone
from guides.domain.speaking import take_turn
print("ready", flush=True)
while True:
    take_turn(at=timezone.now())
"""
PATIENCE_S = 180


def worker() -> "subprocess.Popen[str]":
    """A worker of its own process on the database and the folders of this test."""
    of = connection.settings_dict
    address = f"{of['HOST']}:{of['PORT']}/{of['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{of['USER']}:{of['PASSWORD']}@{address}",
        "NGOMON_MODE": django_settings.MODE,
        "NGOMON_ROOT": str(Path(django_settings.MEDIA_ROOT).parent),
        "GTTS_API_BASE": django_settings.GTTS_API_BASE,
    }
    process = subprocess.Popen(  # noqa: S603 # our own worker
        [sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)


@contextmanager
def working() -> Iterator[None]:
    """A worker that is killed when the block ends, however it ends."""
    process = worker()
    try:
        yield
    finally:
        kill(process)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def is_over(job: SpeechJob) -> bool:
    return progress_of(job=job).status not in {SpeechJob.Status.WAITING, SpeechJob.Status.RUNNING}


def everything_public_is_whole() -> bool:
    """Every row has four files, and every file the bytes of its name."""
    for file in SoundFile.objects.all():
        if hashlib.sha256(path_of(file.name).read_bytes()).hexdigest() != file.sha256:
            return False
    return SoundFile.objects.count() == 4 * Recording.objects.count()


@pytest.mark.slow
def test_a_worker_killed_in_mid_job_leaves_nothing_half_and_the_next_speaks_nothing_twice(
    desk: Desk,
) -> None:
    narrations = [make_narration(stop=make_stop(sentences=3))]
    job = asked(*narrations)

    # Killed while it waits for an answer.
    desk.simulator.faults = Faults(hanging_from=3)
    with working():
        wait_until(lambda: desk.simulator.asked >= 3)
    assert Recording.objects.count() == 0
    assert progress_of(job=job).done == 2
    desk.simulator.faults = Faults()

    # Killed while it joins and encodes what was spoken.
    with working():
        wait_until(lambda: not SpeechPart.objects.filter(settled_at__isnull=True).exists())
    assert everything_public_is_whole()

    with working():
        wait_until(lambda: is_over(job))

    assert progress_of(job=job).status == SpeechJob.Status.DONE
    assert Recording.objects.count() == 1
    assert everything_public_is_whole()
    assert sorted(desk.simulator.spoken.values()) == [1, 1, 1]
    assert [name for name in kept_files() if ".part-" in name] == []


@pytest.mark.slow
def test_two_workers_on_two_hundred_passages_show_progress_that_never_goes_back(
    desk: Desk,
) -> None:
    stop = make_stop(sentences=200)
    narration = make_narration(stop=stop)
    VoiceOrder.objects.create(site=stop.guide.site, language="vi", engines=["espeak"])
    for segment in stop.segments.all():
        said = f"Mời vào cửa {segment.position % 40}."
        SegmentText.objects.filter(segment=segment).update(text=said)
    job = asked(narration)
    seen = [progress_of(job=job)]

    def all_spoken() -> bool:
        seen.append(progress_of(job=job))
        return seen[-1].done >= 200

    with working(), working():
        wait_until(all_spoken)

    steps = [progress.done for progress in seen]
    assert steps == sorted(steps)
    assert {progress.total for progress in seen} == {201}
    assert len(set(steps)) > 3
    assert SpokenSegment.objects.count() == 40
