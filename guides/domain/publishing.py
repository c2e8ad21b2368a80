"""From draft to public: one person submits, another publishes, and every version is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from guides.domain.checks import Blocker, Why, best_recording, blockers_of, pictures_blocking
from guides.domain.freshness import Transcript, confirm_text, transcript_of
from guides.domain.published import leave_facts
from guides.domain.trail import Act, tell
from guides.domain.version_status import move, settle_narration
from guides.models import (
    LegText,
    Narration,
    NarrationVersion,
    Origin,
    Recording,
    Segment,
    Status,
    Stop,
)
from sites.models import User


@dataclass(frozen=True, slots=True)
class Submitted:
    version: NarrationVersion


@dataclass(frozen=True, slots=True)
class Published:
    version: NarrationVersion


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Approved; the clock publishes it at `version.publish_at`."""

    version: NarrationVersion


@dataclass(frozen=True, slots=True)
class Blocked:
    """What has to be put right first."""

    blockers: Sequence[Blocker]


class WhyNot(StrEnum):
    OWN_WORK = "own_work"
    IN_REVIEW_ALREADY = "in_review_already"
    NOT_IN_REVIEW = "not_in_review"
    NOT_PUBLISHED = "not_published"
    TIMES_NOT_IN_ORDER = "times_not_in_order"


@dataclass(frozen=True, slots=True)
class Refused:
    reason: WhyNot


@transaction.atomic
def submit(
    *, narration: Narration, by: User, at: datetime, note: str = ""
) -> Submitted | Blocked | Refused:
    """Hand in what is written and spoken now; later edits do not change what was handed in."""
    narration = _locked(narration)
    version = narration.versions.filter(status__in=[Status.DRAFT, Status.IN_REVIEW]).first()
    if version and version.status == Status.IN_REVIEW:
        return Refused(WhyNot.IN_REVIEW_ALREADY)
    told = transcript_of(stop=narration.stop, language=narration.language)
    recording = best_recording(narration=narration, told=told)
    blockers = blockers_of(
        narration=narration, title=narration.title, told=told, recording=recording
    )
    if blockers:
        return Blocked(blockers)
    version = version or NarrationVersion(narration=narration, number=_next_number(narration))
    _fill(version, told, recording)
    version.note, version.submitted_by, version.submitted_at = note, by, at
    version.status = version.status or Status.DRAFT
    version.save()
    move(version, to=Status.IN_REVIEW)
    settle_narration(narration)
    _tell(Act.SUBMITTED, version, by, at, note)
    return Submitted(version)


def _next_number(narration: Narration) -> int:
    newest = narration.versions.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _fill(version: NarrationVersion, told: Transcript, recording: Recording | None) -> None:
    """Copy the words as they stand, and the voice that speaks them."""
    narration = version.narration
    version.title, version.recording, version.text_hash = (
        narration.title,
        recording,
        told.text_hash,
    )
    version.segments = [
        {
            "segment": each.segment,
            "text": each.text,
            "text_hash": each.text_hash,
            "source_hash": each.source_hash,
            "origin": each.origin,
        }
        for each in told.passages
    ]
    leg = LegText.objects.filter(leg__from_stop=narration.stop_id, language=narration.language)
    version.onward = leg.values_list("text", flat=True).first() or ""


@transaction.atomic
def send_back(
    *, version: NarrationVersion, by: User, at: datetime, reason: str = ""
) -> NarrationVersion | Refused:
    """Return a version to its author, who may also take it back; an approval ends with it."""
    narration = _locked(version.narration)
    version.refresh_from_db()
    facts = {"approved_by": None, "approved_at": None, "publish_at": None, "expires_at": None}
    if version.status != Status.IN_REVIEW or not move(version, to=Status.DRAFT, **facts):
        return Refused(WhyNot.NOT_IN_REVIEW)
    settle_narration(narration)
    _tell(Act.SENT_BACK, version, by, at, reason)
    return version


@transaction.atomic
def approve(  # each is a decision of the second person
    *,
    version: NarrationVersion,
    by: User,
    at: datetime,
    publish_at: datetime | None = None,
    expires_at: datetime | None = None,
    vouches: bool = False,
) -> Published | Scheduled | Blocked | Refused:
    """Publish what another person handed in, now or at `publish_at`, until `expires_at`.

    With `vouches` the second person says they have read and heard all of it: what a machine wrote
    or spoke counts as checked from then on.
    """
    narration = _locked(version.narration)
    version.refresh_from_db()
    if reason := _why_not(version, by, at, publish_at, expires_at):
        return Refused(reason)
    if blockers := _blocked_now(version):
        return Blocked(blockers)
    if vouches:
        _vouch(version, by, at)
    version.approved_by, version.approved_at = by, at
    version.publish_at, version.expires_at = publish_at, expires_at
    version.save(
        update_fields=["approved_by", "approved_at", "publish_at", "expires_at", "segments"]
    )
    _tell(Act.APPROVED, version, by, at, f"{publish_at or ''}")
    if publish_at and publish_at > at:
        return Scheduled(version)
    _publish(version, narration, by, at)
    return Published(version)


def _why_not(
    version: NarrationVersion,
    by: User,
    at: datetime,
    publish_at: datetime | None,
    expires_at: datetime | None,
) -> WhyNot | None:
    if version.status != Status.IN_REVIEW:
        return WhyNot.NOT_IN_REVIEW
    if version.submitted_by_id == by.pk:
        return WhyNot.OWN_WORK
    if expires_at and expires_at <= max(at, publish_at or at):
        return WhyNot.TIMES_NOT_IN_ORDER
    return None


def _blocked_now(version: NarrationVersion) -> list[Blocker]:
    """Look again: pictures and words may have changed since it was handed in."""
    narration = version.narration
    told = transcript_of(stop=narration.stop, language=narration.language)
    if told.text_hash != version.text_hash:
        return [Blocker(Why.CHANGED_SINCE)]
    return blockers_of(
        narration=narration, title=version.title, told=told, recording=version.recording
    )


def _vouch(version: NarrationVersion, by: User, at: datetime) -> None:
    version.narration.recordings.filter(
        pk__in=[version.recording_id], origin=Origin.SYNTHETIC
    ).update(origin=Origin.REVIEWED, reviewed_by=by, reviewed_at=at)
    for passage in version.segments:
        if passage["origin"] == Origin.SYNTHETIC:
            passage["origin"] = Origin.REVIEWED.value
            segment = Segment.objects.get(pk=passage["segment"])
            confirm_text(segment=segment, language=version.narration.language, by=by, at=at)


def _publish(
    version: NarrationVersion, narration: Narration, by: User | None, at: datetime
) -> None:
    """The version before it ends in the same instant; the page of the place is told."""
    before = narration.versions.filter(status=Status.PUBLISHED).first()
    if before:
        move(before, to=Status.WITHDRAWN, withdrawn_by=by, withdrawn_at=at)
    move(version, to=Status.PUBLISHED, published_at=at)
    settle_narration(narration)
    leave_facts(site_id=narration.stop.guide.site_id, at=at)
    _tell(Act.PUBLISHED, version, by, at)


@transaction.atomic
def withdraw(*, narration: Narration, by: User | None, at: datetime) -> Narration | Refused:
    """Take what is public away from the public; `by` is null when its time was over."""
    narration = _locked(narration)
    version = narration.versions.filter(status=Status.PUBLISHED).first()
    if version is None:
        return Refused(WhyNot.NOT_PUBLISHED)
    move(version, to=Status.WITHDRAWN, withdrawn_by=by, withdrawn_at=at)
    settle_narration(narration)
    leave_facts(site_id=narration.stop.guide.site_id, at=at)
    _tell(Act.WITHDRAWN if by else Act.EXPIRED, version, by, at)
    return narration


def publish_due(*, at: datetime) -> int:
    """Publish what was approved for a time that has come; return how many narrations changed."""
    due = NarrationVersion.objects.filter(
        status=Status.IN_REVIEW, approved_by__isnull=False, publish_at__lte=at
    )
    return sum(_publish_in_time(version, at) for version in due.order_by("publish_at", "pk"))


@transaction.atomic
def _publish_in_time(version: NarrationVersion, at: datetime) -> bool:
    narration = _locked(version.narration)
    version.refresh_from_db()
    if version.status != Status.IN_REVIEW or not version.approved_by_id:
        return False
    # The words were approved; only what law and access demand is looked at again.
    blockers = pictures_blocking(stop_id=narration.stop_id, language=narration.language)
    if blockers:
        NarrationVersion.objects.filter(pk=version.pk).update(
            approved_by=None, approved_at=None, publish_at=None
        )
        _tell(Act.HELD_UP, version, None, at, ", ".join(each.why for each in blockers))
        return False
    _publish(version, narration, None, at)
    return True


def expire_due(*, at: datetime) -> int:
    """Withdraw what was to be public until now; return how many narrations changed."""
    due = NarrationVersion.objects.filter(status=Status.PUBLISHED, expires_at__lte=at)
    ended = [
        withdraw(narration=version.narration, by=None, at=at)
        for version in due.select_related("narration").order_by("pk")
    ]
    return sum(isinstance(each, Narration) for each in ended)


def _locked(narration: Narration) -> Narration:
    """Acts on one stop take turns, with edits of its words too."""
    list(Stop.objects.select_for_update(of=("self",), no_key=True).filter(pk=narration.stop_id))
    rows = Narration.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("stop__guide").get(pk=narration.pk)


def _tell(
    act: Act, version: NarrationVersion, by: User | None, at: datetime, summary: str = ""
) -> None:
    narration = version.narration
    tell(
        act=act,
        stop=narration.stop,
        by=by,
        at=at,
        language=narration.language,
        summary=f"v{version.number} {summary}".strip(),
    )
