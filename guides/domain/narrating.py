"""Reading narrations aloud: jobs that are asked for, seen, stopped, taken up again and retried.

Work is found in rows and done in small turns by any number of workers. A worker that dies leaves
nothing to clean up: its locks go with its connection, what was spoken is kept, and files become a
recording in one transaction at the end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from guides.domain.freshness import Passage, transcripts_of
from guides.domain.glossary import with_names_said
from guides.domain.normalising import to_say
from guides.domain.recordings import is_spoken_by_a_person
from guides.domain.voices import order_for
from guides.models import NameSaid, Narration, SpeechItem, SpeechJob, SpeechPart
from sites.models import HeritageSite, User

OPEN = (SpeechJob.Status.WAITING, SpeechJob.Status.RUNNING)


@dataclass(frozen=True, slots=True)
class NothingToSpeak:
    """No narration has a whole text that a machine may read."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One engine did not speak a narration, and why."""

    narration_id: int
    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `done` never becomes smaller."""

    status: SpeechJob.Status
    done: int
    total: int
    made: int
    kept: int
    outdated: int
    failed: int
    falls: tuple[Fall, ...]

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 100


@transaction.atomic
def ask_for_speech(
    *,
    site: HeritageSite,
    narrations: Iterable[Narration],
    at: datetime,
    by: User | None = None,
    over_stale: bool = False,
    retry_of: SpeechJob | None = None,
) -> SpeechJob | NothingToSpeak:
    """Ask for narrations of one site to be read; those that a person speaks are left alone.

    `over_stale` lets a machine read where a person's recording speaks an older text.
    """
    wanted = [
        narration
        for narration in narrations
        if narration.stop.guide.site_id == site.pk
        and not is_spoken_by_a_person(narration_id=narration.pk, over_stale=over_stale)
    ]
    told = _texts_of(wanted)
    if not told:
        return NothingToSpeak()
    job = SpeechJob.objects.create(
        site=site, asked_by=by, asked_at=at, over_stale=over_stale, retry_of=retry_of
    )
    for narration, text_hash, texts in told:
        item = SpeechItem.objects.create(
            job=job,
            narration=narration,
            text_hash=text_hash,
            engines=order_for(site_id=site.pk, language=narration.language),
        )
        _write_parts(item, narration, [each.text for each in texts], site_id=site.pk, at=at)
    finish_if_over(job_id=job.pk, at=at)
    return job


def _texts_of(narrations: list[Narration]) -> list[tuple[Narration, str, list[Passage]]]:
    """Read the texts in the order asked; a narration with a passage missing is not read."""
    told: dict[int, tuple[Narration, str, list[Passage]]] = {}
    for language in sorted({narration.language for narration in narrations}):
        here = [narration for narration in narrations if narration.language == language]
        transcripts = transcripts_of(stops=[each.stop for each in here], language=language)
        for narration in here:
            transcript = transcripts[narration.stop_id]
            if transcript.is_complete:
                told[narration.pk] = narration, transcript.text_hash, list(transcript.passages)
    return [told[narration.pk] for narration in narrations if narration.pk in told]


def _write_parts(
    item: SpeechItem, narration: Narration, texts: list[str], *, site_id: int, at: datetime
) -> None:
    language = narration.language
    names = NameSaid.objects.filter(site=site_id, language=language)
    own = dict(names.values_list("name", "say"))
    SpeechPart.objects.bulk_create(
        SpeechPart(item=item, position=position, say=say)
        for position, say in enumerate(
            (say_of(text=text, language=language, own=own) for text in texts), start=1
        )
    )
    if not item.engines:
        give_up(item_id=item.pk, at=at)


def say_of(*, text: str, language: str, own: dict[str, str]) -> str:
    """Return what a voice is given for a passage."""
    return with_names_said(to_say(text=text, language=language), language=language, own=own)


def give_up(*, item_id: int, at: datetime) -> None:
    """No engine is left for a narration; its passages count as settled, so progress goes on."""
    SpeechItem.objects.filter(pk=item_id, status=SpeechItem.Status.WAITING).update(
        status=SpeechItem.Status.FAILED
    )
    settle(item_id=item_id, at=at)


def settle(*, item_id: int, at: datetime) -> None:
    SpeechPart.objects.filter(item=item_id, settled_at__isnull=True).update(settled_at=at)


def finish_if_over(*, job_id: int, at: datetime) -> None:
    """Close a job in which nothing waits any more."""
    with transaction.atomic():
        job = SpeechJob.objects.select_for_update(no_key=True).get(pk=job_id)
        if job.status not in OPEN:
            return
        states = set(job.items.values_list("status", flat=True))
        if SpeechItem.Status.WAITING in states:
            return
        bad = {SpeechItem.Status.FAILED, SpeechItem.Status.OUTDATED}
        job.status = SpeechJob.Status.FAILED if states & bad else SpeechJob.Status.DONE
        job.finished_at = at
        job.save(update_fields=["status", "finished_at"])


def cancel(*, job_id: int, at: datetime) -> bool:
    """Stop a job after the passages in hand; what is made stays."""
    rows = SpeechJob.objects.filter(pk=job_id, status__in=OPEN)
    return bool(rows.update(status=SpeechJob.Status.CANCELLED, finished_at=at))


def resume(*, job_id: int) -> bool:
    """Take up a stopped job where it was."""
    rows = SpeechJob.objects.filter(pk=job_id, status=SpeechJob.Status.CANCELLED)
    return bool(rows.update(status=SpeechJob.Status.RUNNING, finished_at=None))


def retry(*, job: SpeechJob, at: datetime, by: User | None = None) -> SpeechJob | NothingToSpeak:
    """Ask again for what failed or was outdated, as the texts and the engines are now.

    It is a job of its own: the progress of the first one stays what it was.
    """
    again = [SpeechItem.Status.FAILED, SpeechItem.Status.OUTDATED]
    narrations = Narration.objects.filter(
        speech_items__job=job, speech_items__status__in=again
    ).select_related("stop__guide")
    return ask_for_speech(
        site=job.site,
        narrations=narrations,
        at=at,
        by=by,
        over_stale=job.over_stale,
        retry_of=job,
    )


def progress_of(*, job: SpeechJob) -> Progress:
    """Count passages that are settled and narrations that are finished."""
    job.refresh_from_db(fields=["status"])
    status = SpeechItem.Status
    finished = ~Q(status=status.WAITING)
    items = job.items.aggregate(
        items=Count("pk"),
        finished=Count("pk", filter=finished),
        made=Count("pk", filter=Q(status=status.MADE)),
        kept=Count("pk", filter=Q(status=status.KEPT)),
        outdated=Count("pk", filter=Q(status=status.OUTDATED)),
        failed=Count("pk", filter=Q(status=status.FAILED)),
    )
    parts = SpeechPart.objects.filter(item__job=job).aggregate(
        all=Count("pk"), settled=Count("pk", filter=Q(settled_at__isnull=False))
    )
    falls = tuple(
        Fall(narration, fall["engine"], fall["reason"])
        for narration, row in job.items.order_by("pk").values_list("narration", "falls")
        for fall in row
    )
    return Progress(
        status=SpeechJob.Status(job.status),
        done=parts["settled"] + items["finished"],
        total=parts["all"] + items["items"],
        made=items["made"],
        kept=items["kept"],
        outdated=items["outdated"],
        failed=items["failed"],
        falls=falls,
    )
