"""A folder of recordings and pictures with a sheet that says what each of them is.

A dry run looks at everything and writes nothing. With one row wrong, nothing is taken: half an
import is harder to repair than none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from guides.domain.judging_pictures import judge_picture
from guides.domain.judging_sound import judge_sound
from guides.domain.receiving import (
    LARGEST_PICTURE,
    LARGEST_SOUND,
    Sent,
    receive_picture,
    receive_recording,
)
from guides.domain.refusals import Refusal, Refused
from guides.domain.sheets import Line, NotASheet, read_sheet
from guides.models import Asset, AssetText, Narration, Stop, StopAsset
from sites.models import HeritageSite, Language, User

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken, and why, for the person who filled it in. Row 0: the whole."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Imported:
    recordings: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One row that was found good."""

    row: int
    stop: Stop
    file: Path
    said: Mapping[str, str]

    @property
    def is_picture(self) -> bool:
        return self.file.suffix.lower() in PICTURES


def import_folder(
    *, site: HeritageSite, folder: Path, at: datetime, by: User | None = None, dry: bool
) -> Imported | list[Wrong]:
    """Take every file that the sheet names, or say row by row what is wrong with them."""
    sheet = _sheet_of(folder)
    lines = read_sheet(sheet) if sheet else NotASheet()
    if isinstance(lines, NotASheet):
        return [Wrong(0, _("There is no sheet (XLSX or CSV) with the columns stop and file."))]
    stops = _stops(site)
    judged = [_judge(line, sheet.parent if sheet else folder, stops) for line in lines]
    wrong = [each for each in judged if isinstance(each, Wrong)]
    good = [each for each in judged if isinstance(each, Planned)]
    wrong += _twice(good)
    if wrong:
        return sorted(wrong, key=lambda each: each.row)
    if not good:
        return [Wrong(0, _("The sheet has no rows."))]
    if not dry:
        for each in good:
            (_take_picture if each.is_picture else _take_recording)(each, site, at, by)
    pictures = sum(each.is_picture for each in good)
    return Imported(len(good) - pictures, pictures)


def _sheet_of(folder: Path) -> Path | None:
    found = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in {".xlsx", ".csv"}]
    real = [path for path in found if not path.name.startswith((".", "~"))]
    return min(real, key=lambda path: len(path.parts), default=None)


def _stops(site: HeritageSite) -> dict[tuple[str, str], Stop]:
    """Return the stops by guide and by number or slug; the only guide needs no name."""
    rows = list(Stop.objects.filter(guide__site=site).select_related("guide__site"))
    only = len({stop.guide_id for stop in rows}) == 1
    found = {}
    for stop in rows:
        for guide in (stop.guide.slug, *([""] if only else [])):
            found[guide, str(stop.number)] = found[guide, stop.slug] = stop
    return found


def _judge(line: Line, folder: Path, stops: Mapping[tuple[str, str], Stop]) -> Planned | Wrong:
    said = line.said
    stop = stops.get((said.get("guide", ""), said.get("stop", "")))
    if stop is None:
        sentence = _("There is no stop “%(stop)s” in the guide “%(guide)s” of this site.")
        known = {"stop": said.get("stop", ""), "guide": said.get("guide", "")}
        return Wrong(line.number, sentence % known)
    file = _file_of(folder, said.get("file", ""))
    if file is None:
        sentence = _("The file “%(file)s” is not in the folder.")
        return Wrong(line.number, sentence % {"file": said.get("file", "")})
    planned = Planned(line.number, stop, file, said)
    wrong = _judge_words(planned) or _judge_file(planned)
    return Wrong(line.number, wrong) if wrong else planned


def _file_of(folder: Path, name: str) -> Path | None:
    """Find a file below the folder, and nowhere else."""
    path = (folder / name).resolve() if name else folder
    inside = path.is_relative_to(folder.resolve())
    return path if inside and path.is_file() else None


def _judge_words(planned: Planned) -> str:
    said = planned.said
    language = said.get("language", "")
    if language and language not in Language.values:
        known = ", ".join(Language.values)
        return _("“%(language)s” is no language code; known are %(known)s.") % {
            "language": language,
            "known": known,
        }
    if not planned.is_picture and not language:
        return _("A recording needs its language.")
    if planned.is_picture and not said.get("credit"):
        return _("A picture needs its credit.")
    if said.get("rights", Asset.Rights.UNKNOWN) not in Asset.Rights.values:
        known = ", ".join(Asset.Rights.values)
        return _("“%(rights)s” is no kind of rights; known are %(known)s.") % {
            "rights": said["rights"],
            "known": known,
        }
    return ""


def _judge_file(planned: Planned) -> str:
    """Judge the file as if it came alone."""
    largest = LARGEST_PICTURE if planned.is_picture else LARGEST_SOUND
    size = planned.file.stat().st_size
    if size == 0:
        return str(Refused(Refusal.EMPTY))
    if size > largest:
        return str(Refused(Refusal.TOO_LARGE, most=largest))
    judged = judge_picture(planned.file) if planned.is_picture else judge_sound(planned.file)
    return str(judged) if isinstance(judged, Refused) else ""


def _twice(good: Sequence[Planned]) -> list[Wrong]:
    """Two recordings of one narration in one sheet: nobody could say which one is meant."""
    seen: dict[tuple[int, str], int] = {}
    wrong = []
    for each in good:
        key = each.stop.pk, each.said.get("language", "")
        if each.is_picture:
            continue
        if key in seen:
            sentence = _("Row %(row)s has a recording of the same stop and language already.")
            wrong.append(Wrong(each.row, sentence % {"row": seen[key]}))
        seen.setdefault(key, each.row)
    return wrong


def _take_recording(planned: Planned, site: HeritageSite, at: datetime, by: User | None) -> None:
    said = planned.said
    narration, _made = Narration.objects.get_or_create(
        stop=planned.stop,
        language=said["language"],
        defaults={"title": said.get("title", "")[:200]},
    )
    with planned.file.open("rb") as stream:
        receive_recording(
            narration=narration,
            sent=Sent(stream, planned.file.name, None),
            at=at,
            by=by,
            speaker=said.get("speaker", ""),
        )


def _take_picture(planned: Planned, site: HeritageSite, at: datetime, by: User | None) -> None:
    said = planned.said
    with planned.file.open("rb") as stream:
        asset = receive_picture(
            site=site,
            sent=Sent(stream, planned.file.name, None),
            at=at,
            by=by,
            credit=said.get("credit", ""),
            licence=said.get("licence", ""),
            rights=Asset.Rights(said.get("rights", Asset.Rights.UNKNOWN)),
        )
    if isinstance(asset, Refused):
        return
    StopAsset.objects.get_or_create(stop=planned.stop, asset=asset)
    if said.get("alt"):
        AssetText.objects.update_or_create(
            asset=asset,
            language=said.get("language") or planned.stop.guide.source_language,
            defaults={"alt": said["alt"][:300]},
        )
