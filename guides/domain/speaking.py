"""One turn of a worker at the jobs that wait: speak a passage, fall back, or finish a narration."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from guides.domain.alone import alone
from guides.domain.narrating import OPEN, finish_if_over, give_up, settle
from guides.domain.recordings import (
    PersonSpeaks,
    Speaker,
    TextChanged,
    is_spoken_by_a_person,
    keep_recording,
    make_files,
)
from guides.domain.spoken import Elsewhere, speak_once
from guides.domain.storing import path_of
from guides.domain.voices import let_rest, resting
from guides.gateways.engines import engine_named
from guides.gateways.ffmpeg import Undecodable
from guides.gateways.speaking import NotSpoken, Reason, SpeechEngine
from guides.models import Origin, Recording, SpeechItem, SpeechJob, SpeechPart, SpokenSegment

# Several workers look at so many passages to find one that nobody else is speaking.
LOOK_AHEAD: Final = 16
# So many workers may speak at once; the others are free for tickets and money.
SLOTS: Final = 2

Engines = Callable[[str], SpeechEngine]


def take_turn(*, at: datetime) -> int:
    """Work for a few seconds, unless enough workers do already."""
    for slot in range(SLOTS):
        with alone(f"speaking {slot}") as mine:
            if mine:
                return work(at=at)
    return 0


def work(
    *,
    at: datetime,
    seconds: float = 4,
    engines: Engines = engine_named,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Take steps until the time is over or nothing is left; return how many were taken.

    Safe to repeat, to run many times at once, and to be killed anywhere.
    """
    until = clock() + seconds
    steps = 0
    while clock() < until and _step(at=at, engines=engines):
        steps += 1
    return steps


def _step(*, at: datetime, engines: Engines) -> bool:
    for job in SpeechJob.objects.filter(status__in=OPEN).order_by("asked_at", "pk"):
        if job.status == SpeechJob.Status.WAITING:
            SpeechJob.objects.filter(pk=job.pk, status=job.status).update(
                status=SpeechJob.Status.RUNNING
            )
        if _finish_one(job, at) or _speak_one(job, at, engines):
            return True
    return False


# --- A passage ----------------------------------------------------------------------------


def _speak_one(job: SpeechJob, at: datetime, engines: Engines) -> bool:
    """Speak the first passage that waits and that nobody is speaking."""
    waiting = SpeechPart.objects.filter(
        item__job=job, item__status=SpeechItem.Status.WAITING, spoken__isnull=True
    )
    rows = waiting.select_related("item__narration", "item__job").order_by("item_id", "position")
    return any(_speak(part, at, engines) for part in rows[:LOOK_AHEAD])


def _speak(part: SpeechPart, at: datetime, engines: Engines) -> bool:
    item = part.item
    language = item.narration.language
    if is_spoken_by_a_person(narration_id=item.narration_id, over_stale=item.job.over_stale):
        return _leave(item, SpeechItem.Status.KEPT, at)
    name = item.engines[item.engine_at]
    reason = resting(engine=name, at=at)
    if reason is not None:
        return _fall_back(item, reason, at)
    answer = speak_once(engine=engines(name), language=language, say=part.say, at=at)
    match answer:
        case SpokenSegment():
            return _settle_part(part, answer, at)
        case NotSpoken():
            let_rest(engine=name, answer=answer, at=at)
            return _fall_back(item, answer.reason, at)
        case Elsewhere():
            return False


@transaction.atomic
def _settle_part(part: SpeechPart, spoken: SpokenSegment, at: datetime) -> bool:
    """Note what was spoken, unless the narration went to another voice meanwhile."""
    item = SpeechItem.objects.select_for_update(no_key=True).get(pk=part.item_id)
    if item.status == SpeechItem.Status.WAITING and item.engine_at == part.item.engine_at:
        SpeechPart.objects.filter(pk=part.pk).update(spoken=spoken)
        SpeechPart.objects.filter(pk=part.pk, settled_at__isnull=True).update(settled_at=at)
    return True


@transaction.atomic
def _fall_back(seen: SpeechItem, reason: Reason, at: datetime) -> bool:
    """Give a narration to the next voice, whole: nobody wants two voices in one story."""
    item = SpeechItem.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if item.status != SpeechItem.Status.WAITING or item.engine_at != seen.engine_at:
        return True  # another worker did
    engine = item.engines[item.engine_at]
    item.falls = [*item.falls, {"engine": engine, "reason": reason, "at": at.isoformat()}]
    item.engine_at += 1
    item.save(update_fields=["falls", "engine_at"])
    SpeechPart.objects.filter(item=item).update(spoken=None)
    if item.engine_at == len(item.engines):
        give_up(item_id=item.pk, at=at)
        finish_if_over(job_id=item.job_id, at=at)
    return True


# --- A narration --------------------------------------------------------------------------


def _finish_one(job: SpeechJob, at: datetime) -> bool:
    """Make the recording of a narration all of whose passages are spoken."""
    waiting = job.items.filter(status=SpeechItem.Status.WAITING)
    unspoken = SpeechPart.objects.filter(item__job=job, spoken__isnull=True)
    ready = waiting.exclude(pk__in=unspoken.values("item"))
    for item in ready.select_related("narration__stop__guide__site", "job__asked_by").order_by(
        "pk"
    ):
        with alone(f"speech item {item.pk}") as mine:
            if mine and ready.filter(pk=item.pk).exists():
                _finish(item, at)
                return True
    return False


def _finish(item: SpeechItem, at: datetime) -> None:
    pieces = list(item.parts.order_by("position").select_related("spoken"))
    spoken = [part.spoken for part in pieces if part.spoken is not None]
    first = spoken[0]
    speaker = Speaker(
        Origin.SYNTHETIC,
        item.text_hash,
        first.engine,
        first.voice,
        item.job.asked_by,
        item.job.over_stale,
    )
    try:
        paths = [path_of(each.name) for each in spoken]
        made = make_files(pieces=paths, narration=item.narration, speaker=speaker)
    except Undecodable:
        _fall_back(item, Reason.BROKEN, at)
        return
    with transaction.atomic():
        kept = keep_recording(narration=item.narration, made=made, speaker=speaker, at=at)
        match kept:
            case PersonSpeaks():
                _leave(item, SpeechItem.Status.KEPT, at)
            case TextChanged():
                _leave(item, SpeechItem.Status.OUTDATED, at)
            case Recording():
                SpeechItem.objects.filter(pk=item.pk, status=SpeechItem.Status.WAITING).update(
                    status=SpeechItem.Status.MADE, recording=kept
                )
                finish_if_over(job_id=item.job_id, at=at)


@transaction.atomic
def _leave(item: SpeechItem, status: SpeechItem.Status, at: datetime) -> bool:
    """Finish a narration without a new recording."""
    SpeechItem.objects.filter(pk=item.pk, status=SpeechItem.Status.WAITING).update(status=status)
    settle(item_id=item.pk, at=at)
    finish_if_over(job_id=item.job_id, at=at)
    return True
