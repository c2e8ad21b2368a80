"""The people of Đại Nội at their desk: they have stops read aloud, published and corrected.

Run inside the stack: `manage.py shell -c "from tests.journeys.guide_desk import …"`. The voice is
the real one; only the waiting for the timetable is left out.
"""

import array
import io
import math
import tempfile
import time
import wave
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone
from PIL import Image

from guides.domain.freshness import transcript_of, write_text
from guides.domain.narrating import OPEN, ask_for_speech, progress_of
from guides.domain.publishing import Submitted, approve, submit
from guides.domain.recordings import Speaker, keep_recording, make_files
from guides.domain.speaking import work
from guides.domain.storing import store_bytes
from guides.models import (
    Asset,
    AssetText,
    Guide,
    Narration,
    Origin,
    Recording,
    SegmentText,
    SpeechJob,
    StopAsset,
)
from sites.models import HeritageSite, User

# The machine of this stack does not speak it.
RECORDED = "ja"


def publish(stops: Sequence[str], languages: Sequence[str]) -> None:
    """Give stops of Đại Nội a picture and a voice, for who has a ticket.

    Where a stop has no text in a language it stays silent in it.
    """
    narrations = _narrations(stops, languages)
    Guide.objects.filter(pk=narrations[0].stop.guide_id).update(is_free=False)
    _show_picture(narrations[0], languages)
    _speak_and_publish(narrations)


def correct(stop: str) -> None:
    """Add a sentence to what is told at a stop, have it spoken anew and publish it."""
    [narration] = _narrations([stop], ["vi"])
    text = SegmentText.objects.filter(segment__stop=narration.stop, language="vi").latest("pk")
    write_text(
        segment=text.segment,
        language="vi",
        text=f"{text.text} Mời bạn đi tiếp.",
        origin=Origin.HUMAN,
        at=timezone.now(),
    )
    _speak_and_publish([narration])


def _narrations(stops: Sequence[str], languages: Sequence[str]) -> list[Narration]:
    rows = Narration.objects.filter(
        stop__guide__slug="dai-noi", stop__slug__in=stops, language__in=languages
    )
    return list(rows.select_related("stop__guide__site").order_by("stop__number", "language"))


def _speak_and_publish(narrations: list[Narration]) -> None:
    author, editor = (User.objects.get(username=name) for name in ("manager", "admin"))
    site = HeritageSite.objects.get(slug="dai-noi")
    for narration in narrations:
        if narration.language == RECORDED:
            _record(narration, author)
    read = [one for one in narrations if one.language != RECORDED]
    job = ask_for_speech(site=site, narrations=read, by=author, at=timezone.now())
    assert isinstance(job, SpeechJob), job
    while progress_of(job=job).status in OPEN:
        if not work(at=timezone.now()):
            time.sleep(0.1)  # a worker has the last passages in hand
    for narration in narrations:
        narration.refresh_from_db()
        handed_in = submit(narration=narration, by=author, at=timezone.now())
        assert isinstance(handed_in, Submitted), handed_in
        approve(version=handed_in.version, by=editor, at=timezone.now())


def _record(narration: Narration, author: User) -> None:
    """A person speaks: half a minute of one tone."""
    rate = 16_000
    tone = (int(8_000 * math.sin(2 * math.pi * 220 * i / rate)) for i in range(30 * rate))
    told = transcript_of(stop=narration.stop, language=narration.language)
    speaker = Speaker(Origin.HUMAN, told.text_hash, by=author)
    with tempfile.TemporaryDirectory() as folder:
        piece = Path(folder) / "tone.wav"
        with wave.open(str(piece), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate)
            sound.writeframes(array.array("h", tone).tobytes())
        made = make_files(pieces=[piece], narration=narration, speaker=speaker)
    kept = keep_recording(narration=narration, made=made, speaker=speaker, at=timezone.now())
    assert isinstance(kept, Recording), kept


def _show_picture(narration: Narration, languages: Sequence[str]) -> None:
    site = narration.stop.guide.site
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "goldenrod").save(out, "JPEG")
    stored = store_bytes(data=out.getvalue(), suffix="jpg")
    asset = Asset.objects.create(
        site=site,
        name=stored.name,
        sha256=stored.sha256,
        bytes=stored.bytes,
        width=320,
        height=200,
        rights=Asset.Rights.OWN,
        credit="Ngọ Môn",
        licence="CC BY 4.0",
        is_sample=True,
        uploaded_at=timezone.now(),
    )
    for language in languages:
        AssetText.objects.create(asset=asset, language=language, alt=f"Ngọ Môn ({language})")
    StopAsset.objects.create(stop=narration.stop, asset=asset)
