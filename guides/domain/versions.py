"""Versions side by side, and back to an earlier one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.db import transaction

from guides.domain.freshness import (
    add_segment,
    order_segments,
    remove_segment,
    transcript_of,
    write_text,
)
from guides.domain.trail import Act, tell
from guides.models import Narration, NarrationVersion, Segment
from sites.models import User

# A word, or one letter of a script that writes none apart, with the space after it.
PIECE = re.compile(r"[぀-ヿ一-鿿฀-๿]|[^\s぀-ヿ一-鿿฀-๿]+\s*|\s+")


class Change(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both, only before, or only after."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One passage before and after."""

    change: Change
    before: str
    after: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class RolledBack:
    """`left_out`: passages that the source no longer has."""

    restored: int
    left_out: int


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return the words of two texts in one row, each with where it stands."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece(Change.REMOVED, "".join(old[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece(Change.ADDED, "".join(new[new_from:new_to])))
    return pieces


def compare(*, before: NarrationVersion, after: NarrationVersion | None = None) -> list[Compared]:
    """Set a version against a later one, or against what is written now."""
    if after is None:
        narration = before.narration
        told = transcript_of(stop=narration.stop, language=narration.language)
        later = {each.segment: each.text for each in told.passages}
    else:
        later = _texts(after.segments)
    return list(_compared(_texts(before.segments), later))


def _texts(segments: Sequence[dict[str, Any]]) -> dict[int, str]:
    return {each["segment"]: each["text"] for each in segments}


def _compared(before: dict[int, str], after: dict[int, str]) -> Iterator[Compared]:
    for segment, text in after.items():
        old = before.get(segment, "")
        if old == text:
            yield Compared(Change.SAME, old, text)
        else:
            change = Change.CHANGED if old and text else Change.ADDED if text else Change.REMOVED
            yield Compared(change, old, text, pieces_of(old, text))
    for segment, old in before.items():
        if segment not in after:
            yield Compared(Change.REMOVED, old, "", pieces_of(old, ""))


@transaction.atomic
def roll_back(*, version: NarrationVersion, by: User, at: datetime) -> RolledBack:
    """Write the words of a version again, as a draft that a second person has to publish.

    In the source language passages come and go with it. A translation follows the source: what
    the source no longer tells is left out, and what is older than the source is stale at once.
    """
    narration = version.narration
    stop, language = narration.stop, narration.language
    is_source = language == stop.guide.source_language
    here = {each.pk: each for each in Segment.objects.filter(stop=stop)}
    kept: list[int] = []
    for passage in version.segments:
        segment = here.get(passage["segment"])
        if segment is None and is_source:
            segment = add_segment(stop=stop, at=at)
        if segment:
            kept.append(segment.pk)
            write_text(
                segment=segment,
                language=language,
                text=passage["text"],
                origin=passage["origin"],
                made_from=passage["source_hash"],
                by=by,
                at=at,
            )
    if is_source:
        for segment in (each for pk, each in here.items() if pk not in kept):
            remove_segment(segment=segment, at=at)
        order_segments(stop=stop, segments=kept, at=at)
    Narration.objects.filter(pk=narration.pk).update(title=version.title)
    tell(
        act=Act.ROLLED_BACK,
        stop=stop,
        language=language,
        by=by,
        at=at,
        summary=f"v{version.number}",
    )
    return RolledBack(len(kept), len(version.segments) - len(kept))
