"""All content of a site as it is carried elsewhere: what every row says, and nobody's account."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from guides.models import Asset, Guide, Origin, SoundFile
from guides.models.tours import HotspotKind, TourKind
from sites.models import Language

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
Short = Annotated[str, Field(max_length=300)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CarriedText(_Strict):
    """A passage, or a story on the way, in one language."""

    text: str
    source_hash: str = Field(max_length=64)
    origin: Origin


class CarriedFile(_Strict):
    format: SoundFile.Format
    quality: SoundFile.Quality
    sha256: Hash
    bytes: int = Field(ge=0)


class CarriedRecording(_Strict):
    origin: Origin
    voice: str = Field(max_length=80)
    engine: str = Field(max_length=40)
    text_hash: Hash
    duration_ms: int = Field(gt=0)
    loudness_lufs: str | None
    made_at: datetime
    reviewed_at: datetime | None
    files: list[CarriedFile]


class CarriedNarration(_Strict):
    title: str = Field(max_length=200)
    recordings: list[CarriedRecording]


class CarriedStop(_Strict):
    number: int = Field(ge=0, le=32_767)
    slug: Slug
    qr_code: str = Field(max_length=12)
    location: tuple[float, float] | None
    location_error_m: int | None
    location_credit: str = Field(max_length=120)
    zone_radius_m: int | None
    zone_area: str | None
    bearing: int | None
    cooldown_s: int | None
    indoor: bool
    required: bool
    segments: list[dict[Language, CarriedText]]
    narrations: dict[Language, CarriedNarration]
    assets: list[Hash]
    next_stop: Slug | None
    on_the_way: dict[Language, CarriedText]


class CarriedTitle(_Strict):
    title: str = Field(max_length=200)
    summary: str


class CarriedGuide(_Strict):
    slug: Slug
    kind: Guide.Kind
    order: Guide.Order
    is_free: bool
    source_language: Language
    position: int = Field(ge=0, le=32_767)
    minutes_from: int | None
    minutes_to: int | None
    texts: dict[Language, CarriedTitle]
    stops: list[CarriedStop]


class CarriedAlt(_Strict):
    alt: Short
    caption: Short


class CarriedAsset(_Strict):
    sha256: Hash
    suffix: Annotated[str, Field(pattern=r"^(jpg|png|webp)$")]
    bytes: int = Field(ge=0)
    kind: Asset.Kind
    original_name: str = Field(max_length=200)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    rights: Asset.Rights
    credit: str = Field(max_length=200)
    licence: str = Field(max_length=100)
    is_sample: bool
    texts: dict[Language, CarriedAlt]


class CarriedName(_Strict):
    language: Language
    name: str = Field(max_length=80)
    say: str = Field(max_length=120)


class CarriedDescription(_Strict):
    title: str = Field(min_length=1, max_length=200)
    description: str


class CarriedSpotText(_Strict):
    title: str = Field(min_length=1, max_length=200)
    text: str


class CarriedHotspot(_Strict):
    """It leads to a scene by its number, to a stop by the names of its guide and its own."""

    kind: HotspotKind
    yaw: float = Field(ge=-180, le=180)
    pitch: float = Field(ge=-90, le=90)
    to_scene: int | None
    stop: tuple[Slug, Slug] | None
    texts: dict[Language, CarriedSpotText]


class CarriedScene(_Strict):
    """`taken_in` names a place only where it is not the one that the tour is of."""

    number: int = Field(ge=0, le=32_767)
    panorama: Hash
    taken_in: str = Field(max_length=80)
    location: tuple[float, float] | None
    stop: tuple[Slug, Slug] | None
    yaw: float = Field(ge=-180, le=180)
    pitch: float = Field(ge=-90, le=90)
    texts: dict[Language, CarriedDescription]
    hotspots: list[CarriedHotspot]


class CarriedTour(_Strict):
    slug: Slug
    kind: TourKind
    is_sample: bool
    position: int = Field(ge=0, le=32_767)
    texts: dict[Language, CarriedDescription]
    scenes: list[CarriedScene]


class Carried(_Strict):
    """`format` changes when a reader of the old one would read it wrongly."""

    format: int = 1
    guides: list[CarriedGuide]
    assets: list[CarriedAsset]
    names: list[CarriedName]
    voices: dict[Language, list[str]]
    # Absent in archives of earlier times, which had none.
    tours: list[CarriedTour] = []
