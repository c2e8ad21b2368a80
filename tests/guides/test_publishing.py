"""Draft, review, public, withdrawn: two people for every version, and every version is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from guides.domain.checks import SHORTEST_MS, Blocker, Why
from guides.domain.freshness import add_segment, write_text
from guides.domain.publishing import (
    Blocked,
    Published,
    Refused,
    Scheduled,
    Submitted,
    WhyNot,
    approve,
    expire_due,
    publish_due,
    send_back,
    submit,
    withdraw,
)
from guides.domain.trail import Act
from guides.domain.versions import Change, Piece, RolledBack, compare, pieces_of, roll_back
from guides.models import (
    Asset,
    GuideEvent,
    Narration,
    NarrationVersion,
    Origin,
    Recording,
    SegmentText,
    Status,
)
from sites.models import HeritageSite
from tests.at_once import at_once
from tests.factories import OPENING
from tests.factories_guides import (
    make_narration,
    make_picture,
    make_recording,
    make_stop,
    make_writer,
    segments_of,
)

LATER = OPENING + timedelta(hours=1)


def ready(language: str = "vi", origin: Origin = Origin.HUMAN) -> Narration:
    """Written and spoken, waiting for somebody to hand it in."""
    stop = make_stop(languages=list(dict.fromkeys(("vi", language))))
    narration = make_narration(stop=stop, language=language)
    make_recording(narration=narration, origin=origin)
    return narration


def handed_in(narration: Narration | None = None) -> NarrationVersion:
    done = submit(narration=narration or ready(), by=make_writer("author"), at=OPENING)
    assert isinstance(done, Submitted), done
    return done.version


def publish(narration: Narration) -> NarrationVersion:
    done = approve(version=handed_in(narration), by=make_writer("editor"), at=OPENING)
    assert isinstance(done, Published), done
    return done.version


def status_of(narration: Narration) -> tuple[str, int | None]:
    narration.refresh_from_db()
    return narration.status, narration.live.number if narration.live else None


def blockers(done: object) -> list[Blocker]:
    assert isinstance(done, Blocked), done
    return list(done.blockers)


@pytest.mark.django_db
def test_one_person_hands_in_and_another_publishes() -> None:
    narration = ready()
    assert status_of(narration) == ("draft", None)
    version = handed_in(narration)
    assert status_of(narration) == ("in_review", None)

    done = approve(version=version, by=make_writer("editor"), at=LATER)

    assert isinstance(done, Published)
    assert status_of(narration) == ("published", 1)
    acts = list(GuideEvent.objects.order_by("pk").values_list("what", "by__username"))
    assert acts == [
        (Act.SUBMITTED, "author"),
        (Act.APPROVED, "editor"),
        (Act.PUBLISHED, "editor"),
    ]
    site = HeritageSite.objects.get(pk=narration.stop.guide.site_id)
    assert site.shown["guides"][0]["languages"] == ["vi"]


@pytest.mark.django_db
def test_nobody_publishes_what_they_handed_in_themselves() -> None:
    version = handed_in()

    done = approve(version=version, by=version.submitted_by, at=LATER)

    assert done == Refused(WhyNot.OWN_WORK)
    with pytest.raises(IntegrityError, match="version_approved_by_another"), transaction.atomic():
        NarrationVersion.objects.filter(pk=version.pk).update(
            approved_by=version.submitted_by_id, approved_at=LATER
        )


@pytest.mark.django_db
def test_the_database_publishes_nothing_without_a_second_person_and_a_voice() -> None:
    version = handed_in()
    facts: dict[str, Any] = {"status": Status.PUBLISHED, "published_at": LATER}
    with pytest.raises(IntegrityError, match="approval_and_voice"), transaction.atomic():
        NarrationVersion.objects.filter(pk=version.pk).update(**facts)
    facts |= {"approved_by": make_writer("editor"), "approved_at": LATER, "recording": None}
    with pytest.raises(IntegrityError, match="approval_and_voice"), transaction.atomic():
        NarrationVersion.objects.filter(pk=version.pk).update(**facts)
    with pytest.raises(IntegrityError, match="published_has_its_version"), transaction.atomic():
        Narration.objects.filter(pk=version.narration_id).update(status=Status.PUBLISHED)


@pytest.mark.django_db
def test_what_is_public_stays_public_until_the_next_version_takes_over() -> None:
    narration = ready()
    first = publish(narration)
    write_text(segment=segments_of(narration.stop)[0], language="vi", text="Newer.", at=LATER)
    make_recording(narration=narration, at=LATER)
    second = handed_in(narration)
    assert status_of(narration) == ("published", 1)

    approve(version=second, by=make_writer("editor"), at=LATER)

    first.refresh_from_db()
    assert status_of(narration) == ("published", 2)
    assert (first.status, first.withdrawn_at) == (Status.WITHDRAWN, LATER)
    assert first.segments[0]["text"] != second.segments[0]["text"] == "Newer."


@pytest.mark.django_db
def test_a_version_sent_back_is_handed_in_again_under_its_number() -> None:
    narration = ready()
    version = handed_in(narration)

    send_back(version=version, by=make_writer("editor"), at=LATER, reason="Say the year.")

    assert status_of(narration) == ("draft", None)
    assert approve(version=version, by=make_writer("editor"), at=LATER) == Refused(
        WhyNot.NOT_IN_REVIEW
    )
    assert handed_in(narration).number == version.number
    again = submit(narration=narration, by=make_writer("author"), at=LATER)
    assert again == Refused(WhyNot.IN_REVIEW_ALREADY)


@pytest.mark.django_db
def test_withdrawn_is_not_public_and_only_a_new_version_is() -> None:
    narration = ready()
    publish(narration)

    withdraw(narration=narration, by=make_writer("author"), at=LATER)

    assert status_of(narration) == ("withdrawn", None)
    assert HeritageSite.objects.get(pk=narration.stop.guide.site_id).shown["guides"] == []
    again = withdraw(narration=narration, by=make_writer("author"), at=LATER)
    assert again == Refused(WhyNot.NOT_PUBLISHED)
    assert publish(narration).number == 2


@pytest.mark.django_db
def test_a_version_waits_for_its_time_and_goes_when_it_is_over() -> None:
    narration = ready()
    version, editor = handed_in(narration), make_writer("editor")
    times: dict[str, Any] = {"publish_at": LATER, "expires_at": LATER + timedelta(days=1)}

    done = approve(version=version, by=editor, at=OPENING, **times)

    assert isinstance(done, Scheduled)
    assert publish_due(at=LATER - timedelta(seconds=1)) == 0
    assert status_of(narration) == ("in_review", None)
    assert (publish_due(at=LATER), publish_due(at=LATER)) == (1, 0)
    assert status_of(narration) == ("published", 1)
    assert expire_due(at=LATER + timedelta(hours=23)) == 0
    assert expire_due(at=LATER + timedelta(days=1)) == 1
    assert status_of(narration) == ("withdrawn", None)


@pytest.mark.django_db
def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    version = handed_in()
    done = approve(version=version, by=make_writer("editor"), at=LATER, expires_at=OPENING)

    assert done == Refused(WhyNot.TIMES_NOT_IN_ORDER)


@pytest.mark.django_db
def test_a_picture_that_lost_its_rights_holds_up_what_was_approved_for_later() -> None:
    narration = ready()
    picture = make_picture(stop=narration.stop)
    version = handed_in(narration)
    approve(version=version, by=make_writer("editor"), at=OPENING, publish_at=LATER)
    Asset.objects.filter(pk=picture.pk).update(rights=Asset.Rights.UNKNOWN)

    assert publish_due(at=LATER) == 0
    assert status_of(narration) == ("in_review", None)
    assert GuideEvent.objects.filter(what=Act.HELD_UP, by=None).count() == 1
    assert publish_due(at=LATER) == 0


@pytest.mark.django_db
def test_words_changed_since_they_were_handed_in_are_not_published() -> None:
    version = handed_in()
    segment = segments_of(version.narration.stop)[0]
    write_text(segment=segment, language="vi", text="Changed.", at=LATER)

    done = approve(version=version, by=make_writer("editor"), at=LATER)

    assert blockers(done) == [Blocker(Why.CHANGED_SINCE)]


def without_title(narration: Narration) -> None:
    narration.title = " "
    narration.save(update_fields=["title"])


def without_a_passage(narration: Narration) -> None:
    add_segment(stop=narration.stop, at=LATER)
    make_recording(narration=narration)


def with_another_source(narration: Narration) -> None:
    segment = segments_of(narration.stop)[1]
    write_text(segment=segment, language="vi", text="Another source.", at=LATER)


def without_voice(narration: Narration) -> None:
    Recording.objects.filter(narration=narration).delete()


def of_one_second(narration: Narration) -> None:
    Recording.objects.filter(narration=narration).update(duration_ms=SHORTEST_MS - 500)


def of_an_hour(narration: Narration) -> None:
    Recording.objects.filter(narration=narration).update(duration_ms=3_600_000)


def too_slow(narration: Narration) -> None:
    Recording.objects.filter(narration=narration).update(duration_ms=600_000)


def too_fast(narration: Narration) -> None:
    text = "A very long sentence. " * 30
    write_text(segment=segments_of(narration.stop)[0], language="en", text=text, at=LATER)
    make_recording(narration=narration)


def with_a_silent_picture(narration: Narration) -> None:
    make_picture(stop=narration.stop, languages=("vi",))


def with_a_picture_of_nobody(narration: Narration) -> None:
    make_picture(stop=narration.stop, languages=("en",), credit="")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_title, {Why.NO_TITLE}),
        (without_a_passage, {Why.TEXT_MISSING}),
        (with_another_source, {Why.TEXT_STALE, Why.VOICE_STALE}),
        (without_voice, {Why.NO_VOICE}),
        (of_one_second, {Why.TOO_SHORT}),
        (of_an_hour, {Why.TOO_LONG}),
        (too_slow, {Why.TOO_SLOW}),
        (too_fast, {Why.TOO_FAST}),
        (with_a_silent_picture, {Why.NO_ALT_TEXT}),
        (with_a_picture_of_nobody, {Why.NO_RIGHTS}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_is_not_whole_is_not_handed_in(spoil: Any, why: set[Why]) -> None:
    narration = ready("en")
    spoil(narration)

    done = submit(narration=narration, by=make_writer("author"), at=LATER)

    assert {each.why for each in blockers(done)} == why
    assert not NarrationVersion.objects.exists()


@pytest.mark.django_db
def test_what_became_unfit_after_it_was_handed_in_is_not_published() -> None:
    narration = ready("en")
    version = handed_in(narration)
    with_a_picture_of_nobody(narration)

    done = approve(version=version, by=make_writer("editor"), at=LATER)

    assert {each.why for each in blockers(done)} == {Why.NO_RIGHTS}
    assert status_of(narration) == ("in_review", None)


@pytest.mark.django_db
def test_a_persons_voice_wins_over_a_newer_machine() -> None:
    narration = ready()
    human = Recording.objects.get(narration=narration)
    make_recording(narration=narration, origin=Origin.SYNTHETIC, at=LATER)

    assert handed_in(narration).recording == human


@pytest.mark.django_db
def test_who_vouches_turns_a_machines_work_into_checked_work() -> None:
    narration = ready(origin=Origin.SYNTHETIC)
    SegmentText.objects.update(origin=Origin.SYNTHETIC)
    version, editor = handed_in(narration), make_writer("editor")

    approve(version=version, by=editor, at=LATER, vouches=True)

    version.refresh_from_db()
    assert version.recording
    assert (version.recording.origin, version.recording.reviewed_by) == (Origin.REVIEWED, editor)
    assert {each["origin"] for each in version.segments} == {"reviewed"}


@pytest.mark.django_db
def test_an_earlier_version_comes_back_as_a_draft_and_its_voice_fits_again() -> None:
    narration = ready()
    stop = narration.stop
    first = publish(narration)
    kept, gone = segments_of(stop)
    write_text(segment=kept, language="vi", text="Other words.", at=LATER)
    gone.delete()
    add_segment(stop=stop, at=LATER)

    assert [each.change for each in compare(before=first)] == [
        Change.CHANGED,
        Change.SAME,
        Change.REMOVED,
    ]
    done = roll_back(version=first, by=make_writer("author"), at=LATER)

    assert done == RolledBack(restored=2, left_out=0)
    assert status_of(narration) == ("published", 1)
    second = publish(narration)
    assert second.recording_id == first.recording_id
    assert [each["text"] for each in second.segments] == [e["text"] for e in first.segments]


def test_a_comparison_shows_which_words_differ() -> None:
    assert pieces_of("Built in 1833 here.", "Built in 1834 here.") == [
        Piece(Change.SAME, "Built in "),
        Piece(Change.REMOVED, "1833 "),
        Piece(Change.ADDED, "1834 "),
        Piece(Change.SAME, "here."),
    ]
    assert pieces_of("午門建于", "午門重建于")[1] == Piece(Change.ADDED, "重")


@pytest.mark.django_db(transaction=True)
def test_eight_editors_in_the_same_instant_publish_once() -> None:
    version = handed_in()
    editors = [make_writer(f"editor-{number}") for number in range(8)]
    connection.close()

    done = at_once(
        lambda editor: approve(
            version=NarrationVersion.objects.get(pk=version.pk), by=editor, at=LATER
        ),
        editors,
    )

    assert sum(isinstance(each, Published) for each in done) == 1
    assert sum(each == Refused(WhyNot.NOT_IN_REVIEW) for each in done) == 7
    assert GuideEvent.objects.filter(what=Act.PUBLISHED).count() == 1
