"""The people of Đại Nội at their desk: they have stops read aloud, published and corrected.

Run inside the stack: `manage.py shell -c "from tests.journeys.guide_desk import …"`. The voice is
the real one; only the waiting for the timetable is left out.
"""

import io
import time
from collections.abc import Sequence

from django.utils import timezone
from PIL import Image

from guides.domain.freshness import write_text
from guides.domain.narrating import OPEN, ask_for_speech, progress_of
from guides.domain.publishing import Submitted, approve, submit
from guides.domain.speaking import work
from guides.domain.storing import store_bytes
from guides.models import (
    Asset,
    AssetText,
    Guide,
    Narration,
    Origin,
    SegmentText,
    SpeechJob,
    StopAsset,
)
from sites.models import HeritageSite, User


def publish(stops: Sequence[str]) -> None:
    """Give stops of Đại Nội a picture and a voice in Vietnamese, for who has a ticket."""
    narrations = _narrations(stops)
    Guide.objects.filter(pk=narrations[0].stop.guide_id).update(is_free=False)
    _show_picture(narrations[0])
    _speak_and_publish(narrations)


def correct(stop: str) -> None:
    """Add a sentence to what is told at a stop, have it spoken anew and publish it."""
    [narration] = _narrations([stop])
    text = SegmentText.objects.filter(segment__stop=narration.stop, language="vi").latest("pk")
    write_text(
        segment=text.segment,
        language="vi",
        text=f"{text.text} Mời bạn đi tiếp.",
        origin=Origin.HUMAN,
        at=timezone.now(),
    )
    _speak_and_publish([narration])


def _narrations(stops: Sequence[str]) -> list[Narration]:
    rows = Narration.objects.filter(
        stop__guide__slug="dai-noi", stop__slug__in=stops, language="vi"
    )
    return list(rows.select_related("stop__guide__site").order_by("stop__number"))


def _speak_and_publish(narrations: list[Narration]) -> None:
    author, editor = (User.objects.get(username=name) for name in ("manager", "admin"))
    site = HeritageSite.objects.get(slug="dai-noi")
    job = ask_for_speech(site=site, narrations=narrations, by=author, at=timezone.now())
    assert isinstance(job, SpeechJob), job
    while progress_of(job=job).status in OPEN:
        if not work(at=timezone.now()):
            time.sleep(0.1)  # a worker has the last passages in hand
    for narration in narrations:
        narration.refresh_from_db()
        handed_in = submit(narration=narration, by=author, at=timezone.now())
        assert isinstance(handed_in, Submitted), handed_in
        approve(version=handed_in.version, by=editor, at=timezone.now())


def _show_picture(narration: Narration) -> None:
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
    AssetText.objects.create(asset=asset, language="vi", alt="Một khoảng màu vàng")
    StopAsset.objects.create(stop=narration.stop, asset=asset)
