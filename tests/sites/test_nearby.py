"""Near me, and what is on the map."""

from math import atan, atan2, cos, hypot, radians, sin, tan

import pytest

from tests.sites.asking import ask, every_page, make_place, slugs

pytestmark = pytest.mark.django_db

NGO_MON = (16.467682, 107.579183)


def geodesic_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Vincenty's inverse formula on WGS 84: nothing of it is PostGIS."""
    a, f = 6378137.0, 1 / 298.257223563
    b = a * (1 - f)
    u1, u2 = atan((1 - f) * tan(radians(one[0]))), atan((1 - f) * tan(radians(other[0])))
    along = turn = radians(other[1] - one[1])
    for _round in range(200):
        sin_s = hypot(cos(u2) * sin(along), cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(along))
        if sin_s == 0:
            return 0.0
        cos_s = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(along)
        arc = atan2(sin_s, cos_s)
        sin_a = cos(u1) * cos(u2) * sin(along) / sin_s
        cos2 = 1 - sin_a**2
        mid = cos_s - 2 * sin(u1) * sin(u2) / cos2 if cos2 else 0.0
        c = f / 16 * cos2 * (4 + f * (4 - 3 * cos2))
        before, along = (
            along,
            turn + (1 - c) * f * sin_a * (arc + c * sin_s * (mid + c * cos_s * (2 * mid**2 - 1))),
        )
        if abs(along - before) < 1e-12:
            break
    u = cos2 * (a**2 - b**2) / b**2
    big_a = 1 + u / 16384 * (4096 + u * (u * (320 - 175 * u) - 768))
    big_b = u / 1024 * (256 + u * (u * (74 - 47 * u) - 128))
    delta = (
        big_b
        * sin_s
        * (
            mid
            + big_b
            / 4
            * (cos_s * (2 * mid**2 - 1) - big_b / 6 * mid * (4 * sin_s**2 - 3) * (4 * mid**2 - 3))
        )
    )
    return b * big_a * (arc - delta)


def test_the_measure_of_this_test_is_right() -> None:
    # The quarter of a meridian, known to the metre.
    assert geodesic_m((0, 0), (89.9999999, 0)) == pytest.approx(10_001_965.7, abs=1)


def test_places_come_nearest_first_with_distances_on_the_ellipsoid() -> None:
    spots = {f"p{n}": (16.2 + n % 7 * 0.061, 107.2 + n % 11 * 0.073) for n in range(40)}
    for slug, spot in spots.items():
        make_place(slug, at=spot)

    items = ask("/sites", near="16.467682,107.579183", limit=40)["items"]

    distances = [item["distance_m"] for item in items]
    assert distances == sorted(distances)
    assert len(items) == 40
    for item in items:
        assert item["distance_m"] == pytest.approx(
            geodesic_m(NGO_MON, spots[item["slug"]]), abs=0.1
        )


def test_a_place_without_a_point_is_not_near_anything() -> None:
    make_place("somewhere")
    make_place("here", at=NGO_MON)

    assert slugs(near="16.4,107.5") == ["here"]
    assert slugs() == ["somewhere", "here"]


def test_a_radius_ends_at_its_metre() -> None:
    make_place("here", at=NGO_MON)
    there = (16.477682, 107.579183)
    make_place("there", at=there)
    away = geodesic_m(NGO_MON, there)

    near = f"{NGO_MON[0]},{NGO_MON[1]}"
    assert slugs(near=near, radius_m=int(away) - 1) == ["here"]
    assert slugs(near=near, radius_m=int(away) + 2) == ["here", "there"]
    assert ask("/sites", near=near, radius_m=int(away) - 1)["count"] == 1


def test_pages_by_distance_leave_out_nobody_at_one_spot() -> None:
    for number in range(9):
        make_place(f"same-{number}", at=NGO_MON)
    make_place("farther", at=(16.5, 107.6))

    pages = every_page("/sites", near="16.4,107.5", limit=2)

    seen = [item["slug"] for page in pages for item in page["items"]]
    assert seen == [*(f"same-{number}" for number in range(9)), "farther"]
    assert {page["count"] for page in pages} == {10}


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ("107.5,16.4,107.6,16.5", True),
        ("107.579183,16.467682,107.6,16.5", True),
        ("107.5,16.4,107.579183,16.467682", True),
        ("107.579183,16.467682,107.579183,16.467682", True),
        ("107.5791831,16.4,107.6,16.5", False),
        ("107.5,16.4676821,107.6,16.5", False),
        ("107.5,16.4,107.5791829,16.5", False),
        ("107.5,16.4,107.6,16.4676819", False),
        ("-180,-90,180,90", True),
        ("-180,-90,0,90", False),
        ("90,0,180,16.5", True),
    ],
)
def test_a_box_holds_its_edges_and_nothing_beyond(box: str, inside: bool) -> None:  # noqa: FBT001 # a column of the table
    make_place("here", at=NGO_MON)
    make_place("nowhere")

    assert slugs(bbox=box) == (["here"] if inside else [])


def test_the_map_has_the_points_with_their_credits() -> None:
    make_place("here", at=NGO_MON, names={"vi": "Ngọ Môn", "en": "South gate"})
    make_place("nowhere")

    answer = ask("/sites.geojson", lang="en", bbox="107,16,108,17")

    assert answer["type"] == "FeatureCollection"
    assert answer["credits"] == ["surveyed"]
    assert answer["count"] == 1
    [feature] = answer["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [107.579183, 16.467682]}
    assert feature["id"] == "here"
    assert feature["properties"]["name"] == "South gate"
