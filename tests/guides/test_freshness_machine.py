"""Any sequence of edits, translations, recordings and publications keeps the matrix true.

It is what it would be if somebody worked it out from scratch, and what a third, simple memory of
the words says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guides.domain.coverage import State, matrix_of, recomputed
from guides.domain.freshness import (
    add_segment,
    confirm_text,
    order_segments,
    remove_segment,
    transcript_of,
    write_text,
)
from guides.domain.publishing import Published, Submitted, approve, submit, withdraw
from guides.domain.versions import roll_back
from guides.models import Narration, NarrationVersion, Origin, SegmentText, Status, Stop
from tests.factories import OPENING
from tests.factories_guides import make_guide, make_narration, make_recording, make_writer

LANGUAGES = ("vi", "en", "fr", "zh")
TRANSLATIONS = LANGUAGES[1:]
SENTENCES = st.sampled_from([f"Sentence number {number} of the guide." for number in range(4)])
ORIGINS = st.sampled_from([Origin.HUMAN, Origin.SYNTHETIC])


@dataclass
class Words:
    """A passage as somebody remembers it: texts, what each was made from, who wrote it."""

    texts: dict[str, str] = field(default_factory=dict)
    made_from: dict[str, str | None] = field(default_factory=dict)
    machine: set[str] = field(default_factory=set)

    def is_old(self, language: str) -> bool:
        source = self.texts.get("vi")
        return language in TRANSLATIONS and (
            source is None or self.made_from.get(language) != source
        )


class Guides(RuleBasedStateMachine):
    """Two stops of one guide, beside what one would note of them on paper."""

    @initialize()
    def begin(self) -> None:
        self.at = OPENING
        self.author, self.editor = make_writer("author"), make_writer("editor")
        guide = make_guide()
        self.site_id = guide.site_id
        self.stops = [
            Stop.objects.create(guide=guide, number=number, slug=f"s{number}") for number in (1, 2)
        ]
        # By stop: passages by id in their order; by stop and language: what the voices spoke.
        self.passages: dict[int, dict[int, Words]] = {stop.pk: {} for stop in self.stops}
        self.voices: dict[tuple[int, str], list[tuple[list[str | None], bool]]] = {}
        self.public: set[tuple[int, str]] = set()
        self.versions: list[int] = []

    def any_stop(self, data: st.DataObject) -> Stop:
        self.at += timedelta(minutes=1)
        return data.draw(st.sampled_from(self.stops))

    def any_passage(self, data: st.DataObject) -> tuple[Stop, int, Words]:
        stop = data.draw(st.sampled_from([s for s in self.stops if self.passages[s.pk]]))
        pk = data.draw(st.sampled_from(sorted(self.passages[stop.pk])))
        self.at += timedelta(minutes=1)
        return stop, pk, self.passages[stop.pk][pk]

    def has_passages(self) -> bool:
        return any(self.passages.values())

    @rule(data=st.data(), text=SENTENCES)
    def add(self, data: st.DataObject, text: str) -> None:
        stop = self.any_stop(data)
        segment = add_segment(stop=stop, at=self.at)
        write_text(segment=segment, language="vi", text=text, at=self.at)
        self.passages[stop.pk][segment.pk] = Words({"vi": text})

    @rule(data=st.data(), text=SENTENCES)
    @precondition(has_passages)
    def edit(self, data: st.DataObject, text: str) -> None:
        stop, pk, words = self.any_passage(data)
        segment = stop.segments.get(pk=pk)
        old = {lang for lang in words.texts if words.is_old(lang)}
        words.texts["vi"] = text
        marked = write_text(segment=segment, language="vi", text=text, at=self.at)
        now = {lang for lang in words.texts if words.is_old(lang)}
        assert (marked.translations, marked.translations_freed) == (len(now - old), len(old - now))

    @rule(data=st.data(), text=SENTENCES, origin=ORIGINS, language=st.sampled_from(TRANSLATIONS))
    @precondition(has_passages)
    def translate(self, data: st.DataObject, text: str, origin: Origin, language: str) -> None:
        stop, pk, words = self.any_passage(data)
        write_text(
            segment=stop.segments.get(pk=pk),
            language=language,
            text=text,
            origin=origin,
            at=self.at,
        )
        words.texts[language], words.made_from[language] = text, words.texts.get("vi")
        (words.machine.add if origin == Origin.SYNTHETIC else words.machine.discard)(language)

    @rule(data=st.data(), language=st.sampled_from(TRANSLATIONS))
    @precondition(has_passages)
    def confirm(self, data: st.DataObject, language: str) -> None:
        stop, pk, words = self.any_passage(data)
        confirm_text(
            segment=stop.segments.get(pk=pk), language=language, by=self.editor, at=self.at
        )
        if language in words.texts:
            words.made_from[language] = words.texts.get("vi")
            words.machine.discard(language)

    @rule(data=st.data(), language=st.sampled_from(LANGUAGES))
    @precondition(has_passages)
    def take_out_of_a_language(self, data: st.DataObject, language: str) -> None:
        stop, pk, words = self.any_passage(data)
        write_text(segment=stop.segments.get(pk=pk), language=language, text=" ", at=self.at)
        words.texts.pop(language, None)
        words.machine.discard(language)

    @rule(data=st.data())
    @precondition(has_passages)
    def remove(self, data: st.DataObject) -> None:
        stop, pk, _words = self.any_passage(data)
        remove_segment(segment=stop.segments.get(pk=pk), at=self.at)
        del self.passages[stop.pk][pk]

    @rule(data=st.data())
    @precondition(has_passages)
    def reorder(self, data: st.DataObject) -> None:
        stop = self.any_stop(data)
        order = data.draw(st.permutations(list(self.passages[stop.pk])))
        order_segments(stop=stop, segments=order, at=self.at)
        self.passages[stop.pk] = {pk: self.passages[stop.pk][pk] for pk in order}

    @rule(data=st.data(), language=st.sampled_from(LANGUAGES), origin=ORIGINS)
    def record(self, data: st.DataObject, language: str, origin: Origin) -> None:
        stop = self.any_stop(data)
        narration = make_narration(stop=stop, language=language)
        make_recording(narration=narration, origin=origin, at=self.at)
        spoken = [words.texts.get(language) for words in self.passages[stop.pk].values()]
        machine = origin == Origin.SYNTHETIC
        self.voices.setdefault((stop.pk, language), []).append((spoken, machine))

    @rule(data=st.data(), language=st.sampled_from(LANGUAGES))
    @precondition(has_passages)
    def finish(self, data: st.DataObject, language: str) -> None:
        """Bring a stop to where it can be published, so that the walk goes on from there."""
        stop, _pk, _words = self.any_passage(data)
        for pk, words in self.passages[stop.pk].items():
            for each in dict.fromkeys(("vi", language)):
                if each in words.texts and not words.is_old(each):
                    continue
                text = f"Finished {pk} ({each})."
                write_text(segment=stop.segments.get(pk=pk), language=each, text=text, at=self.at)
                words.texts[each] = text
                words.made_from[each] = words.texts["vi"]
                words.machine.discard(each)
        make_recording(narration=make_narration(stop=stop, language=language), at=self.at)
        spoken = [words.texts.get(language) for words in self.passages[stop.pk].values()]
        self.voices.setdefault((stop.pk, language), []).append((spoken, False))

    @rule(data=st.data(), language=st.sampled_from(LANGUAGES))
    def publish(self, data: st.DataObject, language: str) -> None:
        stop = self.any_stop(data)
        narration = make_narration(stop=stop, language=language)
        done = submit(narration=narration, by=self.author, at=self.at)
        fit = min(self.text(stop, language), self.voice(stop, language)) > State.STALE
        assert isinstance(done, Submitted) == fit
        if isinstance(done, Submitted):
            assert isinstance(approve(version=done.version, by=self.editor, at=self.at), Published)
            self.public.add((stop.pk, language))
            self.versions.append(done.version.pk)

    @rule(data=st.data())
    @precondition(lambda self: self.public)
    def withdraw(self, data: st.DataObject) -> None:
        stop_id, language = data.draw(st.sampled_from(sorted(self.public)))
        narration = Narration.objects.get(stop=stop_id, language=language)
        withdraw(narration=narration, by=self.author, at=self.at)
        self.public.discard((stop_id, language))

    @rule(data=st.data())
    @precondition(lambda self: self.versions)
    def go_back(self, data: st.DataObject) -> None:
        versions = NarrationVersion.objects.select_related("narration__stop__guide")
        version = versions.get(pk=data.draw(st.sampled_from(self.versions)))
        self.at += timedelta(minutes=1)
        roll_back(version=version, by=self.author, at=self.at)
        self.note_again(version.narration.stop, version.narration.language)
        told = transcript_of(stop=version.narration.stop, language=version.narration.language)
        if version.narration.language == "vi":
            assert told.text_hash == version.text_hash

    def note_again(self, stop: Stop, language: str) -> None:
        """Write down the passages of one language as they are after a step back."""
        sources = {w.texts.get("vi") for w in self.passages[stop.pk].values()}
        fresh: dict[int, Words] = {}
        for segment in stop.segments.order_by("position"):
            words = self.passages[stop.pk].get(segment.pk, Words())
            row = SegmentText.objects.filter(segment=segment, language=language).first()
            if row:
                words.texts[language] = row.text
                mark = (
                    words.machine.add if row.origin == Origin.SYNTHETIC else words.machine.discard
                )
                mark(language)
                if language != "vi":
                    words.made_from[language] = self.said_with(row.source_hash, words, sources)
            fresh[segment.pk] = words
        self.passages[stop.pk] = fresh

    def said_with(self, source_hash: str, words: Words, sources: set[str | None]) -> str | None:
        source = SegmentText.objects.filter(text_hash=source_hash).first()
        known = {*sources, words.texts.get("vi")}
        return source.text if source and source.text in known else None

    def text(self, stop: Stop, language: str) -> State:
        passages = list(self.passages[stop.pk].values())
        if not passages or any(language not in words.texts for words in passages):
            return State.MISSING
        if any(words.is_old(language) for words in passages):
            return State.STALE
        return State.MACHINE if any(language in w.machine for w in passages) else State.HUMAN

    def voice(self, stop: Stop, language: str) -> State:
        passages = list(self.passages[stop.pk].values())
        now = [words.texts.get(language) for words in passages]
        old = any(language in words.texts and words.is_old(language) for words in passages)
        return max(self.states_of_voices(stop, language, now, old=old), default=State.MISSING)

    def states_of_voices(
        self, stop: Stop, language: str, now: list[str | None], *, old: bool
    ) -> Iterator[State]:
        for spoken, machine in self.voices.get((stop.pk, language), []):
            if old or spoken != now:
                yield State.STALE
            else:
                yield State.MACHINE if machine else State.HUMAN

    @invariant()
    def the_matrix_is_what_it_would_be_from_scratch(self) -> None:
        if not hasattr(self, "stops"):
            return
        matrix = matrix_of(site_id=self.site_id)
        assert matrix == recomputed(site_id=self.site_id)
        for stop in self.stops:
            for language in LANGUAGES:
                cell = matrix[stop.pk, language]
                assert cell.text == self.text(stop, language)
                assert cell.voice == self.voice(stop, language)
                assert (cell.status == Status.PUBLISHED) == ((stop.pk, language) in self.public)


@pytest.mark.django_db
def test_any_sequence_of_work_keeps_the_matrix_true() -> None:
    run_state_machine_as_test(
        Guides,
        settings=settings(max_examples=15, stateful_step_count=20, deadline=None, derandomize=True),
    )
