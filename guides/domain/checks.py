"""What keeps a narration from being published, each with a name and what it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guides.domain.freshness import Transcript
from guides.models import Asset, AssetText, Narration, Origin, Recording, StopAsset

# A sentence of six words takes two seconds; what is cut off shows by its pace.
SHORTEST_MS, LONGEST_MS = 1_500, 15 * 60_000
# Characters a second, from very slow to too fast to be that text: other scripts say more with one.
USUAL_PACE = (3.0, 40.0)
PACES = {"zh": (1.0, 16.0), "ja": (1.0, 18.0), "ko": (1.5, 20.0)}
BEST_FIRST = (Origin.HUMAN, Origin.REVIEWED, Origin.SYNTHETIC)


class Why(StrEnum):
    """Why it cannot be published. Programs rely on these names."""

    NO_TITLE = "no_title"
    TEXT_MISSING = "text_missing"
    TEXT_STALE = "text_stale"
    NO_VOICE = "no_voice"
    VOICE_STALE = "voice_stale"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FAST = "too_fast"
    TOO_SLOW = "too_slow"
    NO_ALT_TEXT = "no_alt_text"
    NO_RIGHTS = "no_rights"
    CHANGED_SINCE = "changed_since"


@dataclass(frozen=True, slots=True)
class Blocker:
    why: Why
    # Which passage, picture or length.
    about: str = ""


def best_recording(*, narration: Narration, told: Transcript) -> Recording | None:
    """Return the voice that speaks these words: a person's before a machine's, then the newest."""
    rows = Recording.objects.filter(
        narration=narration, text_hash=told.text_hash, stale_since__isnull=True
    )
    found = sorted(rows, key=lambda each: (BEST_FIRST.index(Origin(each.origin)), -each.pk))
    return found[0] if found else None


def blockers_of(
    *, narration: Narration, title: str, told: Transcript, recording: Recording | None
) -> list[Blocker]:
    """Return everything that has to be put right first; empty: it may be published."""
    return [
        *_words(title, told),
        *_voice(narration, told, recording),
        *pictures_blocking(stop_id=narration.stop_id, language=narration.language),
    ]


def _words(title: str, told: Transcript) -> Iterator[Blocker]:
    if not title.strip():
        yield Blocker(Why.NO_TITLE)
    missing = [n for n, each in enumerate(told.passages, start=1) if not each.text]
    if missing or not told.passages:
        yield Blocker(Why.TEXT_MISSING, _numbers(missing))
    stale = [n for n, each in enumerate(told.passages, start=1) if each.stale]
    if stale:
        yield Blocker(Why.TEXT_STALE, _numbers(stale))


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _voice(
    narration: Narration, told: Transcript, recording: Recording | None
) -> Iterator[Blocker]:
    if recording is None:
        another = Recording.objects.filter(narration=narration).exists()
        yield Blocker(Why.VOICE_STALE if another else Why.NO_VOICE)
        return
    seconds = recording.duration_ms / 1000
    if recording.duration_ms < SHORTEST_MS:
        yield Blocker(Why.TOO_SHORT, f"{seconds:.1f} s")
    elif recording.duration_ms > LONGEST_MS:
        yield Blocker(Why.TOO_LONG, f"{seconds:.0f} s")
    else:
        slow, fast = PACES.get(narration.language, USUAL_PACE)
        pace = len(told.text) / seconds
        if pace > fast:
            yield Blocker(Why.TOO_FAST, f"{seconds:.0f} s")
        if pace < slow:
            yield Blocker(Why.TOO_SLOW, f"{seconds:.0f} s")


def pictures_blocking(*, stop_id: int, language: str) -> list[Blocker]:
    """Return which pictures of a stop lack their rights, or words for people who cannot see."""
    assets = [each.asset for each in StopAsset.objects.filter(stop=stop_id).select_related("asset")]
    described = set(
        AssetText.objects.filter(asset__in=assets, language=language).values_list(
            "asset", flat=True
        )
    )
    silent = [Blocker(Why.NO_ALT_TEXT, str(each)) for each in assets if each.pk not in described]
    return silent + [Blocker(Why.NO_RIGHTS, str(each)) for each in assets if not _cleared(each)]


def _cleared(asset: Asset) -> bool:
    return asset.rights != Asset.Rights.UNKNOWN and bool(asset.credit and asset.licence)
