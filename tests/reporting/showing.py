"""Tours and guides of a site, and those who looked and listened."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from guides.domain.stop_lists import list_hash
from guides.models import (
    Asset,
    Guide,
    Narration,
    NarrationVersion,
    Panorama,
    Play,
    Recording,
    Scene,
    Stop,
    Tour,
    TourVersion,
    TourVisit,
)
from reporting.models import PageProbe
from sites.models import HeritageSite
from tests.reporting.making import IN_WINDOW, SINCE, WINDOW, person

_numbers = count(1)


def make_tour(
    site: HeritageSite,
    *,
    taken_in: HeritageSite | None = None,
    published_at: datetime = SINCE,
    kind: str = "photographed",
) -> Tour:
    """A published tour with one scene, approved by one person and published by another."""
    tour = Tour.objects.create(site=site, slug=f"tour-{next(_numbers)}", kind=kind)
    asset = Asset.objects.create(
        site=site, kind="panorama", name="p", sha256=uuid4().hex * 2, bytes=1, width=2, height=1,
        uploaded_at=SINCE,
    )  # fmt: skip
    panorama = Panorama.objects.create(asset=asset, tiles_total=0)
    Scene.objects.create(tour=tour, number=1, panorama=panorama, taken_in=taken_in or site)
    TourVersion.objects.create(
        tour=tour,
        number=1,
        state="published",
        content={
            "kind": kind,
            "site": site.slug,
            "scenes": [{"number": 1, "site": (taken_in or site).slug}],
        },
        content_hash="0" * 64,
        submitted_by=person("lan"),
        submitted_at=SINCE,
        approved_by=person("lan"),
        approved_at=SINCE,
        published_by=person("minh"),
        published_at=published_at,
    )
    return tour


def probe_days(tour: Tour, *, ok: int = 4, failed: int = 0) -> None:
    """So many days on which the page answered, then so many on which it did not."""
    for number in range(ok + failed):
        day = WINDOW.first_day + timedelta(days=number)
        works = number < ok
        PageProbe.objects.create(
            site=tour.site,
            subject="model" if tour.kind == "reconstruction" else "tour",
            subject_id=tour.pk,
            day=day,
            probed_at=WINDOW.starts_at + timedelta(days=number, hours=3),
            url=f"https://hue.example/tours/{tour.pk}",
            ok=works,
            status_code=200 if works else 404,
            failure="" if works else "HTTP 404",
        )


def visit(
    tour: Tour, *, seconds: int = 30, staff: bool = False, at: datetime = IN_WINDOW
) -> TourVisit:
    return TourVisit.objects.create(
        client_id=uuid4(),
        tour=tour,
        scenes=[1],
        started_at=at,
        seconds=seconds,
        received_at=at,
        staff=staff,
    )


def make_guide(site: HeritageSite, *, stops: int = 1) -> Guide:
    """A guide whose list of required stops two people agreed on."""
    guide = Guide.objects.create(
        site=site,
        slug=f"guide-{next(_numbers)}",
        stops_proposed_by=person("lan"),
    )
    for number in range(1, stops + 1):
        Stop.objects.create(guide=guide, number=number, slug=f"stop-{number}")
    guide.stops_hash = list_hash(guide=guide)
    guide.stops_approved_by, guide.stops_approved_at = person("minh"), SINCE
    guide.save()
    return guide


def track(guide: Guide, *, language: str, origin: str = "human", duration_ms: int = 60_000) -> None:
    """Published at every stop of the guide, with its text."""
    for stop in guide.stops.all():
        narration = Narration.objects.create(stop=stop, language=language)
        reviewed = {"reviewed_by": person("minh"), "reviewed_at": SINCE}
        recording = Recording.objects.create(
            narration=narration,
            origin=origin,
            text_hash="1" * 64,
            duration_ms=duration_ms,
            made_at=SINCE,
            **(reviewed if origin == "reviewed" else {}),
        )
        version = NarrationVersion.objects.create(
            narration=narration,
            number=1,
            status="published",
            title="Ngọ Môn",
            segments=[{"segment": 1, "text": "Đây là Ngọ Môn."}],
            text_hash="1" * 64,
            recording=recording,
            submitted_by=person("lan"),
            submitted_at=SINCE,
            approved_by=person("minh"),
            approved_at=SINCE,
            published_at=SINCE,
        )
        Narration.objects.filter(pk=narration.pk).update(status="published", live=version)


def play(
    guide: Guide,
    *,
    language: str,
    share: float = 0.9,
    staff: bool = False,
    at: datetime = IN_WINDOW,
) -> Play:
    return Play.objects.create(
        client_id=uuid4(),
        site=guide.site,
        stop=guide.stops.order_by("number")[0],
        language=language,
        started_at=at,
        share_heard=Decimal(str(share)),
        received_at=at,
        staff=staff,
    )
