"""What was heard, for the people of a place, on a page and in a table."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from guides.domain.heard import StopHeard, what_was_heard
from guides.models import Play, Stop
from tests.factories import make_site
from tests.factories_guides import make_guide, make_stop
from tests.factories_tours import make_manager

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
DAY = NOON.date()
PAGE = "/admin/guides/play/"


def hear(
    stop: Stop, share: str, *, language: str = "vi", staff: bool = False, at: datetime = NOON
) -> None:
    Play.objects.create(
        client_id=uuid4(),
        site=stop.guide.site,
        stop=stop,
        language=language,
        started_at=at,
        share_heard=Decimal(share),
        received_at=at,
        staff=staff,
    )


def test_plays_are_summed_by_stop_and_language_without_our_own_people() -> None:
    site = make_site(slug="dai-noi")
    stop = make_stop(guide=make_guide(site=site, slug="full"))
    for share in ("0.8", "0.799", "1"):
        hear(stop, share)
    hear(stop, "1", language="en")
    hear(stop, "1", staff=True)
    # Midnight in Huế is 17:00 UTC of the day before.
    hear(stop, "1", at=datetime(2026, 11, 20, 17, tzinfo=UTC))
    hear(make_stop(), "1")

    rows = what_was_heard(user=make_manager(site=site), first=DAY, last=DAY)

    common = {"site": "dai-noi", "guide": "full", "number": 1, "stop": "stop-1"}
    assert [(row.language, row.plays, row.completed, row.completed_percent) for row in rows] == [
        ("en", 1, 1, 100),
        ("vi", 3, 2, 66),
    ]
    assert rows[0] == StopHeard(**common, language="en", plays=1, completed=1, average=1)  # type: ignore[arg-type]  # a dict of two kinds


def test_the_page_and_the_table_show_the_own_places_alone() -> None:
    site = make_site()
    hear(make_stop(guide=make_guide(site=site, slug="ours")), "0.9")
    hear(make_stop(guide=make_guide(slug="theirs")), "0.9")
    client = Client()
    client.force_login(make_manager(site=site))
    days = {"first": DAY.isoformat(), "last": (DAY + timedelta(days=1)).isoformat()}

    page = client.get(PAGE, days)
    table = client.get(f"{PAGE}table.csv", days)

    assert page.status_code == 200
    assert "ours · 1 stop-1" in page.content.decode()
    assert "theirs" not in page.content.decode()
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "site,guide,number,stop,language,plays,completed,average"
    assert [line.split(",")[1:] for line in lines[1:]] == [
        ["ours", "1", "stop-1", "vi", "1", "1", "0.900"]
    ]


def test_strangers_see_neither() -> None:
    for address in (PAGE, f"{PAGE}table.csv"):
        assert Client().get(address).status_code == 302
