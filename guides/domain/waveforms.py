"""How a recording looks: the same file has the same shape for ever, so it is drawn once."""

from django.core.cache import cache

from guides.domain.storing import path_of
from guides.gateways import ffmpeg
from guides.models import Recording, SoundFile

KEPT_S = 7 * 24 * 3_600


def waveform_of(*, recording: Recording) -> list[int]:
    """Return heights from 0 to 100; none when the file cannot be read."""
    rows = SoundFile.objects.filter(recording=recording, format=SoundFile.Format.MP3)
    file = rows.order_by("quality").first()
    if file is None or not path_of(file.name).exists():
        return []
    key = f"waveform:{file.sha256}"
    kept: list[int] | None = cache.get(key)
    if kept is None:
        try:
            kept = ffmpeg.peaks(path_of(file.name))
        except ffmpeg.Undecodable:
            kept = []
        cache.set(key, kept, KEPT_S)
    return kept
