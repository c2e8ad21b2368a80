"""One sentence edited: exactly what was made from it is stale, in every language."""

from datetime import timedelta

import pytest
from django.db import connection

from guides.domain.coverage import State, matrix_of, recomputed, summaries
from guides.domain.freshness import (
    Marked,
    add_segment,
    confirm_text,
    hash_of,
    order_segments,
    remove_segment,
    transcript_of,
    write_text,
)
from guides.models import Origin, Recording, SegmentText, Stop
from tests.at_once import at_once
from tests.factories import OPENING
from tests.factories_guides import (
    TWELVE,
    make_narration,
    make_recording,
    make_stop,
    make_writer,
    segments_of,
)

LATER = OPENING + timedelta(hours=1)


def recorded_stop(*languages: str, sentences: int = 3) -> Stop:
    stop = make_stop(languages=languages, sentences=sentences)
    for language in languages:
        make_recording(narration=make_narration(stop=stop, language=language))
    return stop


def cells(stop: Stop) -> dict[str, State]:
    matrix = matrix_of(site_id=stop.guide.site_id)
    assert matrix == recomputed(site_id=stop.guide.site_id)
    return {lang: cell.state for (pk, lang), cell in matrix.items() if pk == stop.pk}


@pytest.mark.django_db
def test_one_sentence_of_twelve_languages_marks_eleven_translations_and_twelve_recordings() -> None:
    stop, other = recorded_stop(*TWELVE), recorded_stop(*TWELVE)
    edited = segments_of(stop)[1]

    marked = write_text(segment=edited, language="vi", text="A sentence edited.", at=LATER)

    assert marked == Marked(translations=11, recordings=12)
    stale_texts = SegmentText.objects.filter(stale_since=LATER)
    assert set(stale_texts.values_list("segment", "language")) == {
        (edited.pk, language) for language in TWELVE if language != "vi"
    }
    assert SegmentText.objects.filter(stale_since__isnull=False).count() == 11
    stale_voices = Recording.objects.filter(stale_since=LATER)
    assert set(stale_voices.values_list("narration__stop", "narration__language")) == {
        (stop.pk, language) for language in TWELVE
    }
    assert set(cells(stop).values()) == {State.STALE}
    assert set(cells(other).values()) == {State.HUMAN}


@pytest.mark.django_db
def test_an_edit_taken_back_leaves_nothing_stale() -> None:
    stop = recorded_stop(*TWELVE)
    segment = segments_of(stop)[0]
    before = SegmentText.objects.get(segment=segment, language="vi").text
    write_text(segment=segment, language="vi", text="Another.", at=LATER)

    marked = write_text(segment=segment, language="vi", text=before, at=LATER)

    assert marked == Marked(translations_freed=11, recordings_freed=12)
    assert set(cells(stop).values()) == {State.HUMAN}


@pytest.mark.django_db
def test_the_same_words_written_again_mark_nothing() -> None:
    stop = recorded_stop("vi", "en")
    segment = segments_of(stop)[0]
    text = SegmentText.objects.get(segment=segment, language="vi").text

    assert write_text(segment=segment, language="vi", text=f"  {text}\r\n", at=LATER) == Marked()


@pytest.mark.django_db
def test_an_edited_translation_makes_its_own_voice_stale_and_no_other() -> None:
    stop = recorded_stop("vi", "en", "fr")

    marked = write_text(segment=segments_of(stop)[0], language="fr", text="Autre.", at=LATER)

    assert marked == Marked(recordings=1)
    assert cells(stop)["fr"] == State.STALE
    assert cells(stop)["en"] == cells(stop)["vi"] == State.HUMAN


@pytest.mark.django_db
def test_a_translator_who_began_before_the_edit_hands_in_what_is_stale_already() -> None:
    stop = recorded_stop("vi", "en")
    segment = segments_of(stop)[0]
    old = SegmentText.objects.get(segment=segment, language="vi").text_hash
    write_text(segment=segment, language="vi", text="Edited meanwhile.", at=LATER)

    write_text(segment=segment, language="en", text="Of the old one.", made_from=old, at=LATER)

    assert SegmentText.objects.get(segment=segment, language="en").stale_since is not None
    assert cells(stop)["en"] == State.STALE


@pytest.mark.django_db
def test_a_person_may_vouch_that_a_translation_still_holds() -> None:
    stop = recorded_stop("vi", "en")
    segment = segments_of(stop)[0]
    write_text(
        segment=segment, language="en", text="By a machine.", origin=Origin.SYNTHETIC, at=OPENING
    )
    make_recording(narration=make_narration(stop=stop, language="en"))
    write_text(segment=segment, language="vi", text="A comma, moved.", at=LATER)

    marked = confirm_text(segment=segment, language="en", by=make_writer(), at=LATER)

    # The second voice spoke these very words; the first one never did.
    assert marked == Marked(translations_freed=1, recordings_freed=1)
    assert SegmentText.objects.get(segment=segment, language="en").origin == Origin.REVIEWED


@pytest.mark.django_db
def test_a_passage_added_taken_away_or_moved_makes_every_voice_stale() -> None:
    stop = recorded_stop("vi", "en")
    first, second, third = segments_of(stop)

    order_segments(stop=stop, segments=[third.pk, first.pk, second.pk], at=LATER)
    assert Recording.objects.filter(stale_since__isnull=False).count() == 2
    order_segments(stop=stop, segments=[first.pk, second.pk, third.pk], at=LATER)
    assert Recording.objects.filter(stale_since__isnull=False).count() == 0
    added = add_segment(stop=stop, at=LATER, position=2)
    assert [each.pk for each in segments_of(stop)] == [first.pk, added.pk, second.pk, third.pk]
    assert cells(stop)["en"] == State.MISSING
    assert Recording.objects.filter(stale_since__isnull=False).count() == 2
    assert remove_segment(segment=added, at=LATER).recordings_freed == 2


@pytest.mark.django_db
def test_a_machines_words_or_voice_are_shown_as_such_until_somebody_checks() -> None:
    stop = make_stop(languages=("vi", "en"))
    narration = make_narration(stop=stop, language="vi")
    assert cells(stop)["vi"] == State.MISSING
    make_recording(narration=narration, origin=Origin.SYNTHETIC)
    assert cells(stop)["vi"] == State.MACHINE
    make_recording(narration=narration, origin=Origin.REVIEWED)
    assert cells(stop)["vi"] == State.HUMAN
    [line] = [
        each for each in summaries(matrix_of(site_id=stop.guide.site_id)) if each.language == "vi"
    ]
    assert (line.state, line.counts[State.HUMAN], line.public) == (State.HUMAN, 1, 0)


@pytest.mark.django_db
def test_the_database_hashes_as_the_code_does() -> None:
    stop = make_stop(sentences=1)
    text = "Ngọ Môn được xây năm 1833 — “cửa giữa” \\ 'vua' 午門"
    write_text(segment=segments_of(stop)[0], language="vi", text=text, at=OPENING)

    told = transcript_of(stop=stop, language="vi")

    assert [each.text_hash for each in told.passages] == [hash_of(text)]


@pytest.mark.django_db
def test_the_matrix_of_any_site_takes_four_statements(django_assert_num_queries: object) -> None:
    stop = recorded_stop("vi", "en")
    for count in (0, 3):
        for _number in range(count):
            make_stop(guide=stop.guide, languages=("vi", "en"))
        with django_assert_num_queries(4):  # type: ignore[operator]  # a fixture without a type
            matrix_of(site_id=stop.guide.site_id)


@pytest.mark.django_db(transaction=True)
def test_eight_sentences_edited_in_the_same_instant_leave_true_marks() -> None:
    stop = recorded_stop("vi", "en", "fr", sentences=8)
    connection.close()

    at_once(
        lambda each: write_text(segment=each, language="vi", text=f"New {each.pk}.", at=LATER),
        segments_of(stop),
    )

    assert SegmentText.objects.filter(stale_since__isnull=False).count() == 16
    assert Recording.objects.filter(stale_since__isnull=False).count() == 3
    assert set(cells(stop).values()) == {State.STALE, State.MISSING}
