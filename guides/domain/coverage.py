"""What a site has in which language: by a person, by a machine, stale or missing.

The matrix reads the marks that `freshness` keeps; `recomputed` looks at nothing but the words, and
must say the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import Count, F, Q

from guides.domain.freshness import hash_of, hash_of_transcript
from guides.models import Narration, Origin, Recording, Segment, SegmentText, Status, Stop
from sites.models import Language


class State(IntEnum):
    """From worst to best: a whole is as good as its worst part."""

    MISSING = 0
    STALE = 1
    MACHINE = 2
    HUMAN = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One stop in one language."""

    text: State
    voice: State
    status: str = ""

    @property
    def state(self) -> State:
        return min(self.text, self.voice)

    @property
    def is_public(self) -> bool:
        return self.status == Status.PUBLISHED


NOTHING = Cell(State.MISSING, State.MISSING)
Matrix = Mapping[tuple[int, str], Cell]


def matrix_of(*, site_id: int) -> dict[tuple[int, str], Cell]:
    """Return every stop of a site in every language, from the marks, in four statements."""
    stops = _segment_counts(site_id)
    texts = _texts_by_marks(site_id, stops)
    voices = _voices_by_marks(site_id)
    statuses = _statuses(site_id)
    return {
        key: Cell(
            texts.get(key, State.MISSING), voices.get(key, State.MISSING), statuses.get(key, "")
        )
        for key in _keys(stops)
    }


def _keys(stops: Iterable[int]) -> Iterable[tuple[int, str]]:
    return ((stop, language) for stop in stops for language in Language.values)


def _segment_counts(site_id: int) -> dict[int, int]:
    rows = Stop.objects.filter(guide__site=site_id).order_by("guide__position", "guide", "number")
    return dict(rows.annotate(passages=Count("segments")).values_list("pk", "passages"))


def _statuses(site_id: int) -> dict[tuple[int, str], str]:
    rows = Narration.objects.filter(stop__guide__site=site_id)
    return {
        (stop, lang): status
        for stop, lang, status in rows.values_list("stop", "language", "status")
    }


def _texts_by_marks(site_id: int, stops: Mapping[int, int]) -> dict[tuple[int, str], State]:
    rows = SegmentText.objects.filter(segment__stop__guide__site=site_id)
    grouped = rows.values_list("segment__stop", "language").annotate(
        there=Count("pk"),
        stale=Count("pk", filter=Q(stale_since__isnull=False)),
        machine=Count("pk", filter=Q(origin=Origin.SYNTHETIC)),
    )
    return {
        (stop, language): _text_state(
            complete=there == stops[stop], stale=bool(stale), machine=bool(machine)
        )
        for stop, language, there, stale, machine in grouped
    }


def _text_state(*, complete: bool, stale: bool, machine: bool) -> State:
    if not complete:
        return State.MISSING
    if stale:
        return State.STALE
    return State.MACHINE if machine else State.HUMAN


def _voices_by_marks(site_id: int) -> dict[tuple[int, str], State]:
    rows = Recording.objects.filter(narration__stop__guide__site=site_id).values_list(
        "narration__stop", "narration__language", "origin", F("stale_since")
    )
    return _best((stop, lang, origin, since is not None) for stop, lang, origin, since in rows)


def _best(rows: Iterable[tuple[int, str, str, bool]]) -> dict[tuple[int, str], State]:
    """A language speaks with the best of its recordings."""
    best: dict[tuple[int, str], State] = {}
    for stop, language, origin, stale in rows:
        state = State.MACHINE if origin == Origin.SYNTHETIC else State.HUMAN
        key = (stop, language)
        best[key] = max(best.get(key, State.MISSING), State.STALE if stale else state)
    return best


def recomputed(*, site_id: int) -> dict[tuple[int, str], Cell]:
    """Return the same matrix from the words alone, as if no mark had ever been written."""
    found: dict[tuple[int, str], Cell] = {}
    statuses = _statuses(site_id)
    for stop in Stop.objects.filter(guide__site=site_id).select_related("guide"):
        told = _Told.read(stop)
        for language in Language.values:
            key = (stop.pk, language)
            found[key] = Cell(told.text(language), told.voice(language), statuses.get(key, ""))
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """The words and voices of one stop."""

    source_language: str
    segments: tuple[int, ...]
    texts: Mapping[tuple[int, str], SegmentText]
    recordings: tuple[Recording, ...]

    @classmethod
    def read(cls, stop: Stop) -> "_Told":
        segments = Segment.objects.filter(stop=stop).order_by("position")
        texts = SegmentText.objects.filter(segment__stop=stop)
        recordings = Recording.objects.filter(narration__stop=stop).select_related("narration")
        return cls(
            stop.guide.source_language,
            tuple(segments.values_list("pk", flat=True)),
            {(text.segment_id, text.language): text for text in texts},
            tuple(recordings),
        )

    def stale(self, segment: int, language: str) -> bool:
        if language == self.source_language:
            return False
        source = self.texts.get((segment, self.source_language))
        return source is None or self.texts[segment, language].source_hash != hash_of(source.text)

    def there(self, language: str) -> list[int]:
        return [segment for segment in self.segments if (segment, language) in self.texts]

    def text(self, language: str) -> State:
        there = self.there(language)
        if not there:
            return State.MISSING
        return _text_state(
            complete=len(there) == len(self.segments),
            stale=any(self.stale(segment, language) for segment in there),
            machine=any(self.texts[s, language].origin == Origin.SYNTHETIC for s in there),
        )

    def voice(self, language: str) -> State:
        there = self.there(language)
        hashes = [
            hash_of(self.texts[s, language].text) if s in there else "" for s in self.segments
        ]
        old = any(self.stale(segment, language) for segment in there)
        told = hash_of_transcript(hashes)
        rows = [
            (0, language, each.origin, old or each.text_hash != told)
            for each in self.recordings
            if each.narration.language == language
        ]
        return _best(rows).get((0, language), State.MISSING)


@dataclass(frozen=True, slots=True)
class Summary:
    """One language of a site: its worst state, and how many stops are in each."""

    language: str
    state: State
    counts: Mapping[State, int]
    public: int
    stops: int


def summaries(matrix: Matrix) -> list[Summary]:
    """Return one line for each language, as the page of the site shows it first."""
    lines = []
    for language in Language.values:
        cells = [cell for (_stop, lang), cell in matrix.items() if lang == language]
        counts = {state: sum(cell.state == state for cell in cells) for state in State}
        worst = min((cell.state for cell in cells), default=State.MISSING)
        public = sum(cell.is_public for cell in cells)
        lines.append(Summary(language, worst, counts, public, len(cells)))
    return lines
