"""The shipped guides of a demonstration: read by a machine, looked at by a second person, heard.

What stands in Vietnamese and English was written by people and is published. What a machine
translated is read aloud too, and waits in review for somebody who knows the language.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.utils import timezone

from guides.domain.narrating import OPEN, ask_for_speech
from guides.domain.publishing import Submitted, approve, submit
from guides.models import Narration, Origin, Recording, SegmentText, SpeechJob, Status
from sites.models import Language, User

# Seconds between two looks at what the worker has spoken.
PAUSE = 2
PATIENCE_S = 30 * 60
WRITTEN = (Language.VI, Language.EN)
# What people wrote comes first, and stop by stop: somebody may be looking already.
FIRST_TO_BE_HEARD = (
    Case(When(language__in=WRITTEN, then=0), default=1),
    "stop__guide__site__ticket_bit",
    "stop__guide__site",
    "stop__number",
    "language",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """How far the guides are; `over` when nothing is left that a machine still speaks."""

    spoken: int
    public: int
    total: int
    over: bool


def prepare_guides(
    *, author: User, editor: User, sites: Sequence[str] = (), stops: Sequence[str] = ()
) -> Iterator[Heard]:
    """Ask for what is not spoken yet, and publish each narration as soon as it is."""
    rows = Narration.objects.select_related("stop__guide__site").order_by(*FIRST_TO_BE_HEARD)
    if sites:
        rows = rows.filter(stop__guide__site__slug__in=sites)
    if stops:
        rows = rows.filter(stop__slug__in=stops)
    _ask(rows, author)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        over = not SpeechJob.objects.filter(status__in=OPEN).exists()
        _hand_on(rows, author=author, editor=editor)
        total, spoken = rows.count(), rows.filter(_has_voice()).count()
        yield Heard(spoken, rows.filter(live__isnull=False).count(), total, over)
        if over:
            return
        time.sleep(PAUSE)


def _has_voice() -> Exists:
    return Exists(Recording.objects.filter(narration=OuterRef("pk")))


def _ask(rows: QuerySet[Narration], author: User) -> None:
    if SpeechJob.objects.filter(status__in=OPEN).exists():
        return
    silent = rows.exclude(_has_voice())
    for (_late, site), narrations in groupby(
        silent, key=lambda each: (each.language not in WRITTEN, each.stop.guide.site)
    ):
        ask_for_speech(site=site, narrations=list(narrations), by=author, at=timezone.now())


def _hand_on(rows: QuerySet[Narration], *, author: User, editor: User) -> None:
    fresh = rows.filter(_has_voice(), status=Status.DRAFT)
    by_machine = SegmentText.objects.filter(
        segment__stop=OuterRef("stop"), language=OuterRef("language"), origin=Origin.SYNTHETIC
    )
    for narration in fresh.annotate(translated=Exists(by_machine)):
        handed_in = submit(narration=narration, by=author, at=timezone.now())
        if isinstance(handed_in, Submitted) and not narration.translated:
            approve(version=handed_in.version, by=editor, at=timezone.now())
