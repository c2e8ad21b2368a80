"""Recordings and pictures that people send: received in one stream, judged, and only then kept.

Whatever is refused leaves nothing: no row, and no file in the working folder.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.db import transaction

from guides.domain.alone import alone
from guides.domain.freshness import transcript_of
from guides.domain.judging_pictures import Picture, judge_picture
from guides.domain.judging_sound import Sound, judge_sound
from guides.domain.recordings import Speaker, keep_recording, make_files
from guides.domain.refusals import Refusal, Refused
from guides.domain.storing import store_bytes
from guides.domain.unpacking import unpack
from guides.gateways import ffmpeg
from guides.models import Asset, Narration, Origin, Recording, Upload
from sites.models import HeritageSite, User

LARGEST_SOUND: Final = 500 * 1_000_000
LARGEST_PICTURE: Final = 80 * 1_000_000
PIECE: Final = 1 << 18
# What lies longer in the working folder belongs to nobody.
FORGOTTEN_AFTER: Final = timedelta(hours=12)


class Stream(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A body on its way: its name as the sender calls it, and the length that they announce."""

    stream: Stream
    name: str
    announced: int | None


def printable(told: str) -> str:
    """Take out what no line shows: the database keeps no NUL, and turned letters deceive."""
    return "".join(letter for letter in told if letter.isprintable())


def working_folder(name: str) -> Path:
    folder = Path(settings.WORK_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def received(sent: Sent, *, largest: int) -> Iterator[Path | Refused]:
    """Write a body to the working folder, counting; the file is gone when the block ends.

    Too long a body is refused by what it announces before a byte is read, and by what comes.
    """
    if sent.announced is not None and sent.announced > largest:
        yield Refused(Refusal.TOO_LARGE, most=largest)
        return
    path = working_folder("uploads") / f"{secrets.token_hex(12)}.part"
    try:
        yield _written(sent, path, largest)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def received_archive(sent: Sent) -> Iterator[Path | Refused]:
    """Receive an archive and unpack it; the folder is gone when the block ends."""
    with received(sent, largest=LARGEST_SOUND) as path:
        if isinstance(path, Refused):
            yield path
            return
        with tempfile.TemporaryDirectory(dir=working_folder("uploads")) as folder:
            yield unpack(path, to=Path(folder)) or Path(folder)


def _written(sent: Sent, path: Path, largest: int) -> Path | Refused:
    size = 0
    with path.open("xb") as file:
        while piece := sent.stream.read(PIECE):
            size += len(piece)
            if size > largest:
                return Refused(Refusal.TOO_LARGE, most=largest)
            file.write(piece)
    if size == 0:
        return Refused(Refusal.EMPTY)
    if sent.announced is not None and size != sent.announced:
        return Refused(Refusal.CUT_OFF)
    return path


# --- Recordings ---------------------------------------------------------------------------


def receive_recording(
    *, narration: Narration, sent: Sent, at: datetime, by: User | None = None, speaker: str = ""
) -> Upload | Refused:
    """Take a person's recording of a narration; its files are made by a worker afterwards."""
    with received(sent, largest=LARGEST_SOUND) as path:
        if isinstance(path, Refused):
            return path
        judged = judge_sound(path)
        if isinstance(judged, Refused):
            return judged
        return _wait(
            narration,
            path,
            judged,
            Upload(
                narration=narration,
                original_name=printable(sent.name)[:200],
                form=judged.form,
                speaker=printable(speaker)[:80],
                by=by,
                at=at,
            ),
        )


def _wait(narration: Narration, path: Path, judged: Sound, upload: Upload) -> Upload:
    kept = path.with_suffix(f".{judged.form}")
    path.rename(kept)
    try:
        upload.file = kept.name
        told = transcript_of(stop=narration.stop, language=narration.language)
        upload.text_hash = told.text_hash
        upload.save(force_insert=True)
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    return upload


def make_waiting(*, at: datetime) -> int:
    """Make the files of every recording that waits; safe to repeat and to be killed."""
    made = 0
    for upload in Upload.objects.filter(status=Upload.Status.WAITING).order_by("at", "pk"):
        with alone(f"upload {upload.pk}") as mine:
            if mine and Upload.objects.filter(pk=upload.pk, status=upload.status).exists():
                make_recording(upload=upload, at=at)
                made += 1
    return made


def make_recording(*, upload: Upload, at: datetime) -> Recording | None:
    """Level, trim and encode what a person recorded, and give it to the narration."""
    path = working_folder("uploads") / upload.file
    speaker = Speaker(Origin.HUMAN, upload.text_hash, voice=upload.speaker, by=upload.by)
    narration = upload.narration
    try:
        with ffmpeg.working_folder() as folder:
            piece = folder / "piece.flac"
            ffmpeg.trimmed(path, piece, form=upload.form)
            made = make_files(pieces=[piece], narration=narration, speaker=speaker)
    except ffmpeg.Undecodable:
        Upload.objects.filter(pk=upload.pk).update(status=Upload.Status.FAILED, file="")
        path.unlink(missing_ok=True)
        return None
    with transaction.atomic():
        kept = keep_recording(narration=narration, made=made, speaker=speaker, at=at)
        if not isinstance(kept, Recording):
            return None
        Upload.objects.filter(pk=upload.pk).update(
            status=Upload.Status.MADE, recording=kept, file=""
        )
    path.unlink(missing_ok=True)
    return kept


# --- Pictures -----------------------------------------------------------------------------


def receive_picture(  # each is a fact of the picture
    *,
    site: HeritageSite,
    sent: Sent,
    at: datetime,
    by: User | None = None,
    kind: Asset.Kind = Asset.Kind.PICTURE,
    credit: str = "",
    licence: str = "",
    rights: Asset.Rights = Asset.Rights.UNKNOWN,
) -> Asset | Refused:
    """Keep a picture without what the camera wrote into it; the same picture is kept once."""
    with received(sent, largest=LARGEST_PICTURE) as path:
        if isinstance(path, Refused):
            return path
        judged = judge_picture(path, panorama=kind == Asset.Kind.PANORAMA)
        if isinstance(judged, Refused):
            return judged
    return _keep_picture(
        judged,
        Asset(
            site=site,
            kind=kind,
            original_name=printable(sent.name)[:200],
            uploaded_by=by,
            uploaded_at=at,
            credit=printable(credit)[:200],
            licence=printable(licence)[:100],
            rights=rights,
        ),
    )


def _keep_picture(judged: Picture, asset: Asset) -> Asset:
    stored = store_bytes(data=judged.data, suffix=judged.suffix)
    asset.name, asset.sha256, asset.bytes = stored.name, stored.sha256, stored.bytes
    asset.width, asset.height = judged.width, judged.height
    with transaction.atomic():
        HeritageSite.objects.select_for_update(no_key=True).get(pk=asset.site_id)
        known = Asset.objects.filter(site=asset.site_id, sha256=stored.sha256).first()
        if known is not None:
            return known
        asset.save(force_insert=True)
    return asset


def sweep(*, at: datetime) -> int:
    """Take away files that no waiting recording needs and that have lain too long."""
    waiting = set(Upload.objects.exclude(file="").values_list("file", flat=True))
    swept = 0
    for path in Path(settings.WORK_ROOT).rglob("*"):
        old = path.is_file() and path.stat().st_mtime < (at - FORGOTTEN_AFTER).timestamp()
        if old and path.name not in waiting:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
