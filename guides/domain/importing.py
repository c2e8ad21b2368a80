"""What was exported elsewhere becomes the content of a site here: drafts, with their recordings.

Nothing arrives published: two people of this place publish it. Files are believed by their
hashes, the sheet by its form; with one of them wrong, nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point, Polygon
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from guides.domain import carried
from guides.domain.carrying_tours import unknown_in, write_tour
from guides.domain.exporting import CONTENT
from guides.domain.freshness import add_segment, settle_stop
from guides.domain.judging_exports import first_fault, named_files, narrations_of
from guides.domain.panoramas import fault_of_size, panorama_of
from guides.domain.storing import store_file
from guides.gateways.ffmpeg import SUFFIX
from guides.models import (
    Asset,
    AssetText,
    Guide,
    GuideText,
    Leg,
    LegText,
    NameSaid,
    Narration,
    Origin,
    Recording,
    SegmentText,
    SoundFile,
    Stop,
    StopAsset,
    Tour,
    VoiceOrder,
)
from guides.models.stops import new_qr_code
from sites.models import HeritageSite, User


@dataclass(frozen=True, slots=True)
class NotAnExport:
    """The archive is no export, or not whole; `what` is the first fault."""

    what: str


@dataclass(frozen=True, slots=True)
class GuideIsThere:
    """A guide of this name is here already, and belongs to the people of the site."""

    slug: str


@dataclass(frozen=True, slots=True)
class TourIsThere:
    """A tour of this name is here already."""

    slug: str


@dataclass(frozen=True, slots=True)
class ContentImported:
    guides: int
    stops: int
    recordings: int
    tours: int = 0


Answer = ContentImported | NotAnExport | GuideIsThere | TourIsThere


def import_site(
    *, site: HeritageSite, folder: Path, by: User, at: datetime, dry: bool = False
) -> Answer:
    """Take an unpacked export; `by` answers for what others had reviewed.

    A dry run looks at everything and leaves nothing.
    """
    content = _read(folder)
    if isinstance(content, NotAnExport):
        return content
    places = {place.slug: place for place in HeritageSite.objects.filter(slug__in=_places(content))}
    unknown = unknown_in(content, places=places)
    if unknown:
        return NotAnExport(_("a tour leads to what is not there (%(what)s)") % {"what": unknown})
    there = _is_there(content, site)
    if there is not None:
        return there
    fault = first_fault(content, folder)
    if fault:
        return NotAnExport(fault)
    for name in () if dry else named_files(content):
        store_file(path=folder / "files" / name, suffix=Path(name).suffix)
    try:
        _write(content, _Arrival(site, by, at, places), dry=dry)
    except (IntegrityError, DataError):
        return NotAnExport(_("content.json says something twice, or what cannot be"))
    return ContentImported(
        len(content.guides),
        sum(len(guide.stops) for guide in content.guides),
        sum(len(voices.recordings) for voices in narrations_of(content)),
        len(content.tours),
    )


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Where it arrives, who answers for it, when, and the places that its tours name."""

    site: HeritageSite
    by: User
    at: datetime
    places: Mapping[str, HeritageSite]


def _read(folder: Path) -> carried.Carried | NotAnExport:
    try:
        content = carried.Carried.model_validate_json((folder / CONTENT).read_bytes())
        for guide in content.guides:
            for stop in guide.stops:
                _area(stop.zone_area)
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"])
        if not place:
            return NotAnExport(_("content.json cannot be read"))
        return NotAnExport(_("content.json is wrong at “%(place)s”") % {"place": place[:120]})
    except (OSError, GEOSException, ValueError):
        return NotAnExport(_("content.json cannot be read"))
    return content


def _places(content: carried.Carried) -> set[str]:
    return {scene.taken_in for tour in content.tours for scene in tour.scenes}


def _is_there(content: carried.Carried, site: HeritageSite) -> GuideIsThere | TourIsThere | None:
    guides = Guide.objects.filter(site=site, slug__in=[one.slug for one in content.guides])
    taken = guides.values_list("slug", flat=True).first()
    if taken:
        return GuideIsThere(taken)
    tours = Tour.objects.filter(site=site, slug__in=[one.slug for one in content.tours])
    taken = tours.values_list("slug", flat=True).first()
    return TourIsThere(taken) if taken else None


def _area(wkt: str | None) -> Polygon | None:
    if wkt is None:
        return None
    found = GEOSGeometry(wkt, srid=4326)
    if not isinstance(found, Polygon):
        raise ValueError("a zone that is no outline")  # noqa: TRY004 # of what was sent, not of code
    return found


def _stored(sha256: str, suffix: str) -> str:
    return f"kept/{sha256[:2]}/{sha256[2:4]}/{sha256}.{suffix}"


@transaction.atomic
def _write(content: carried.Carried, arrival: _Arrival, *, dry: bool) -> None:
    site, by, at = arrival.site, arrival.by, arrival.at
    assets = {one.sha256: _write_asset(one, site, by, at) for one in content.assets}
    stops: dict[tuple[str, str], Stop] = {}
    for guide in content.guides:
        stops |= _write_guide(guide, site, assets, by, at)
    for tour in content.tours:
        write_tour(tour, site=site, assets=assets, stops=stops, places=arrival.places)
    for name in content.names:
        NameSaid.objects.update_or_create(
            site=site, language=name.language, name=name.name, defaults={"say": name.say}
        )
    for language, engines in content.voices.items():
        VoiceOrder.objects.update_or_create(
            site=site, language=language, defaults={"engines": engines}
        )
    # Numbers that are there twice are found now and not when all of it is believed written.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(dry)


def _write_asset(one: carried.CarriedAsset, site: HeritageSite, by: User, at: datetime) -> Asset:
    asset, made = Asset.objects.get_or_create(
        site=site,
        sha256=one.sha256,
        defaults={
            "name": _stored(one.sha256, one.suffix),
            "uploaded_by": by,
            "uploaded_at": at,
            **one.model_dump(exclude={"sha256", "suffix", "texts"}),
        },
    )
    if made:
        AssetText.objects.bulk_create(
            AssetText(asset=asset, language=language, alt=text.alt, caption=text.caption)
            for language, text in one.texts.items()
        )
    if (
        asset.kind == Asset.Kind.PANORAMA
        and fault_of_size(width=asset.width, height=asset.height) is None
    ):
        panorama_of(asset=asset)
    return asset


def _write_guide(
    one: carried.CarriedGuide, site: HeritageSite, assets: dict[str, Asset], by: User, at: datetime
) -> dict[tuple[str, str], Stop]:
    guide = Guide.objects.create(site=site, **one.model_dump(exclude={"texts", "stops"}))
    for language, text in one.texts.items():
        GuideText.objects.create(
            guide=guide, language=language, title=text.title, summary=text.summary
        )
    stops = {stop.slug: _write_stop(stop, guide, assets, at) for stop in one.stops}
    for stop in one.stops:
        _write_voices(stop, stops[stop.slug], by)
        if stop.next_stop in stops:
            leg = Leg.objects.create(from_stop=stops[stop.slug], to_stop=stops[stop.next_stop])
            for language, told in stop.on_the_way.items():
                LegText.objects.create(leg=leg, language=language, **told.model_dump())
        settle_stop(stop_id=stops[stop.slug].pk, at=at)
    return {(one.slug, slug): stop for slug, stop in stops.items()}


def _write_stop(
    one: carried.CarriedStop, guide: Guide, assets: dict[str, Asset], at: datetime
) -> Stop:
    rest = {"location", "zone_area", "qr_code", "segments", "narrations", "assets"}
    facts = one.model_dump(exclude=rest | {"next_stop", "on_the_way"})
    # The label at the object goes on to work, unless another stop here has it.
    free = not Stop.objects.filter(qr_code=one.qr_code).exists()
    stop = Stop.objects.create(
        guide=guide,
        qr_code=one.qr_code if free and one.qr_code else new_qr_code(),
        location=Point(*one.location, srid=4326) if one.location else None,
        zone_area=_area(one.zone_area),
        **facts,
    )
    for texts in one.segments:
        segment = add_segment(stop=stop, at=at)
        for language, text in texts.items():
            SegmentText.objects.create(
                segment=segment, language=language, edited_at=at, **text.model_dump()
            )
    for position, sha256 in enumerate(one.assets):
        StopAsset.objects.create(stop=stop, asset=assets[sha256], position=position)
    return stop


def _write_voices(one: carried.CarriedStop, stop: Stop, by: User) -> None:
    for language, voices in one.narrations.items():
        narration = Narration.objects.create(stop=stop, language=language, title=voices.title)
        for each in voices.recordings:
            reviewed = each.origin == Origin.REVIEWED
            facts = each.model_dump(exclude={"files", "loudness_lufs", "reviewed_at"})
            lufs = None if each.loudness_lufs is None else Decimal(each.loudness_lufs)
            recording = Recording.objects.create(
                narration=narration,
                loudness_lufs=lufs,
                made_by=by,
                reviewed_by=by if reviewed else None,
                reviewed_at=each.reviewed_at,
                **facts,
            )
            SoundFile.objects.bulk_create(
                SoundFile(
                    recording=recording,
                    name=_stored(file.sha256, SUFFIX[file.format]),
                    **file.model_dump(),
                )
                for file in each.files
            )
