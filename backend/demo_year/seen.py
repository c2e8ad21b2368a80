"""What was seen of the sites in the made-up year: rows by the thousand, written by the database.

Snapshots and probes are what their tasks would have left, at the same hours; tours and narrations
count as public until the year ends, and are not, so that nobody meets a made-up one.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from random import Random
from typing import Final
from uuid import UUID

from django.db import connection
from PIL import Image

from backend.demo_year.places import MADE_UP, clerks
from backend.demo_year.plan import Part
from guides.domain.stop_lists import approve_stops, propose_stops
from guides.domain.storing import store_bytes
from guides.models import (
    Asset,
    Guide,
    GuideText,
    Narration,
    NarrationVersion,
    Panorama,
    Play,
    Recording,
    Scene,
    Stop,
    Tour,
    TourText,
    TourVersion,
    TourVisit,
)
from reporting.domain.calendar import VIETNAM
from sites.models import HeritageSite

LANGUAGES: Final = ("vi", "en", "fr", "ko")
PLAIN_WIDTH: Final = 2_048
SNAPSHOTS = """
INSERT INTO reporting_offersnapshot
    (site_id, day, hour, taken_at, open_day, on_offer, products, methods, failure, answer_hash)
SELECT %(site)s, day, hour, (day + make_time(hour, 5, 0)) AT TIME ZONE 'Asia/Ho_Chi_Minh', true,
       %(failure)s = '',
       CASE WHEN %(failure)s = '' THEN %(products)s::jsonb ELSE '[]'::jsonb END,
       CASE WHEN %(failure)s = '' THEN '["vnpay", "vietqr"]'::jsonb ELSE '[]'::jsonb END,
       %(failure)s, ''
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS days (moment),
     LATERAL (SELECT moment::date AS day) AS each, unnest(ARRAY[1, 7, 13, 19]) AS hour
ON CONFLICT DO NOTHING
"""
BUY_PROBES = """
INSERT INTO reporting_buyprobe
    (site_id, day, hour, probed_at, product_id, succeeded, methods, failure, duration_ms)
SELECT %(site)s, day, hour, (day + make_time(hour, 20, 0)) AT TIME ZONE 'Asia/Ho_Chi_Minh',
       %(product)s, good, '["vnpay"]'::jsonb, CASE WHEN good THEN '' ELSE 'unreachable' END, 240
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS days (moment),
     LATERAL (SELECT moment::date AS day) AS each, generate_series(0, 23) AS hour,
     LATERAL (SELECT (extract(doy FROM day)::int * 24 + hour) %% 197 <> 0 AS good) AS luck
ON CONFLICT DO NOTHING
"""
PAGE_PROBES = """
INSERT INTO reporting_pageprobe
    (site_id, subject, subject_id, day, probed_at, url, ok, status_code, failure)
SELECT %(site)s, 'tour', %(tour)s, day,
       (day + time '04:10') AT TIME ZONE 'Asia/Ho_Chi_Minh', %(url)s, good,
       CASE WHEN good THEN 200 ELSE 404 END, CASE WHEN good THEN '' ELSE 'status' END
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS days (moment),
     LATERAL (SELECT moment::date AS day) AS each,
     LATERAL (SELECT NOT %(down)s OR extract(doy FROM day)::int %% 5 <> 0 AS good) AS luck
ON CONFLICT DO NOTHING
"""


def _run(sql: str, **values: str | int | bool | date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def see_offers(site: HeritageSite, product_id: int, part: Part, *, first: date, last: date) -> None:
    """Four snapshots a day."""
    if part.payment == "no_snapshot":
        return
    failures = {"no_method": "no_method", "no_product": "no_product", "no_room": "no_room"}
    failures["free_only"] = "free_only"
    failure = failures.get(part.payment, "")
    products = f'[{{"id": {product_id}, "slug": "gia-lap-{site.slug}", "amount": 100000}}]'
    _run(SNAPSHOTS, site=site.pk, failure=failure, products=products, first=first, last=last)


def probe_sales(site: HeritageSite, product_id: int, *, first: date, last: date) -> None:
    """Every hour."""
    _run(BUY_PROBES, site=site.pk, product=product_id, first=first, last=last)


def make_tour(site: HeritageSite, other: HeritageSite, *, since: datetime, until: datetime) -> Tour:
    """A tour that was public from `since`."""
    first, second = clerks()
    tour = Tour.objects.create(site=site, slug="gia-lap", is_sample=True, position=900)
    TourText.objects.create(tour=tour, language="vi", title=f"{MADE_UP}: {site.slug}")
    digest = sha256(f"gia-lap {site.slug}".encode()).hexdigest()
    asset = _plain_panorama(site, since)
    panorama = Panorama.objects.create(asset=asset, state=Panorama.State.FAILED, tiles_total=0)
    Scene.objects.create(tour=tour, number=1, panorama=panorama, taken_in=other)
    TourVersion.objects.create(
        tour=tour,
        number=1,
        state=TourVersion.State.WITHDRAWN,
        content=_content(site, other),
        content_hash=digest,
        note=MADE_UP,
        submitted_by=first,
        submitted_at=since,
        approved_by=first,
        approved_at=since,
        published_by=second,
        published_at=since,
        ended_by=second,
        ended_at=until,
    )
    return tour


def _plain_panorama(site: HeritageSite, since: datetime) -> Asset:
    """One picture of one colour for all of them: the library and an export find a file."""
    written = BytesIO()
    Image.new("RGB", (PLAIN_WIDTH, PLAIN_WIDTH // 2), "tan").save(written, "JPEG", quality=50)
    picture = store_bytes(data=written.getvalue(), suffix="jpg")
    return Asset.objects.create(
        site=site,
        kind=Asset.Kind.PANORAMA,
        original_name=MADE_UP,
        name=picture.name,
        sha256=picture.sha256,
        bytes=picture.bytes,
        width=PLAIN_WIDTH,
        height=PLAIN_WIDTH // 2,
        rights=Asset.Rights.OWN,
        credit=MADE_UP,
        licence="CC0",
        is_sample=True,
        uploaded_at=since,
    )


def _content(site: HeritageSite, inside: HeritageSite) -> dict[str, object]:
    """What a report reads of a published tour."""
    scenes = [{"number": 1, "site": inside.slug}]
    return {"kind": "photographed", "site": site.slug, "sample": True, "scenes": scenes}


def probe_page(tour: Tour, part: Part, *, first: date, last: date) -> None:
    """Every day."""
    _run(
        PAGE_PROBES,
        site=tour.site_id,
        tour=tour.pk,
        url=f"/tours/{tour.pk}",
        down=part.tour == "page_down",
        first=first,
        last=last,
    )


def look_at(tour: Tour, part: Part, *, first: date, last: date, random: Random) -> None:
    """Visits."""
    TourVisit.objects.bulk_create(
        TourVisit(
            client_id=_uuid(random),
            tour=tour,
            scenes=[],
            started_at=(at := _moment(first, last, random)),
            seconds=random.randint(2, 8)
            if part.tour == "short_visits"
            else random.randint(12, 600),
            received_at=at + timedelta(minutes=20),
            staff=part.tour == "staff_visits",
        )
        for _number in range(random.randint(3, 14))
    )


def make_guide(site: HeritageSite, *, since: datetime, until: datetime) -> list[Narration]:
    """Two stops in four languages, public from `since`."""
    first, second = clerks()
    guide = Guide.objects.create(site=site, slug="gia-lap", position=900)
    GuideText.objects.create(guide=guide, language="vi", title=MADE_UP)
    stops = [
        Stop.objects.create(guide=guide, number=number, slug=f"gia-lap-{number}")
        for number in (1, 2)
    ]
    propose_stops(guide_id=guide.pk, by=first, at=since)
    approve_stops(guide_id=guide.pk, by=second, at=since)
    return [
        _narration(stop, language, since=since, until=until)
        for stop in stops
        for language in LANGUAGES
    ]


def _narration(stop: Stop, language: str, *, since: datetime, until: datetime) -> Narration:
    first, second = clerks()
    narration = Narration.objects.create(
        stop=stop, language=language, title=MADE_UP, status="withdrawn"
    )
    recording = Recording.objects.create(
        narration=narration,
        origin="human",
        voice=MADE_UP,
        text_hash="1" * 64,
        duration_ms=64_000,
        made_by=first,
        made_at=since,
    )
    NarrationVersion.objects.create(
        narration=narration,
        number=1,
        status="withdrawn",
        title=MADE_UP,
        segments=[{"text": MADE_UP}],
        text_hash="1" * 64,
        recording=recording,
        submitted_by=first,
        submitted_at=since,
        approved_by=second,
        approved_at=since,
        published_at=since,
        withdrawn_by=second,
        withdrawn_at=until,
    )
    return narration


def listen(
    narrations: Sequence[Narration], part: Part, *, first: date, last: date, random: Random
) -> None:
    """Plays; `not_heard` are broken off, `one_language` are Vietnamese alone."""
    heard = [n for n in narrations if part.narration != "one_language" or n.language == "vi"]
    Play.objects.bulk_create(
        Play(
            client_id=_uuid(random),
            site_id=narration.stop.guide.site_id,
            stop=narration.stop,
            language=narration.language,
            narration=narration,
            started_at=(at := _moment(first, last, random)),
            share_heard="0.400" if part.narration == "not_heard" else "0.950",
            received_at=at + timedelta(minutes=30),
        )
        for narration in heard
        for _number in range(random.randint(1, 4))
    )


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _moment(first: date, last: date, random: Random) -> datetime:
    day = first + timedelta(days=random.randrange((last - first).days))
    return datetime(day.year, day.month, day.day, random.randint(8, 16), 30, tzinfo=VIETNAM)
