"""Made-up places all over Vietnam, to measure with a whole country in the table."""

from collections.abc import Iterator
from random import Random

from django.db import connection, transaction

from sites.domain.cards import write_cards
from sites.models import Category

# The smallest box around Vietnam: west, south, east, north.
VIETNAM = (102.14, 8.18, 109.46, 23.39)
HOURS = (
    "Mar 16-Oct 15 06:30-18:00; Oct 16-Mar 15 07:00-17:30",
    "Mo-Sa 07:30-11:30,13:30-16:30; Su off",
    "Tu-Su 08:00-17:00",
    "24/7",
    "",
    "",
)
KINDS = (
    ("Chùa", "Pagoda"), ("Đình", "Communal house"), ("Đền", "Temple"), ("Lăng", "Tomb"),
    ("Miếu", "Shrine"), ("Tháp", "Tower"), ("Thành", "Citadel"), ("Bảo tàng", "Museum of"),
)  # fmt: skip
SYLLABLES = [
    "An", "Bình", "Cẩm", "Châu", "Đại", "Đông", "Đức", "Gia", "Giang", "Hà", "Hải", "Hòa", "Hồng",
    "Hưng", "Khánh", "Kim", "Lạc", "Linh", "Long", "Lộc", "Mỹ", "Nam", "Ngọc", "Nguyên", "Nghĩa",
    "Phong", "Phú", "Phước", "Quang", "Quảng", "Sơn", "Tây", "Thạch", "Thái", "Thanh", "Thiên",
    "Thịnh", "Thọ", "Thượng", "Trung", "Trường", "Tường", "Vân", "Vĩnh", "Xuân", "Yên",
]  # fmt: skip
CREDIT = "made up for measuring"
PREFIX = "synthetic-"

Row = tuple[object, ...]

COPY_PLACES = """COPY heritage_sites_heritagesite (id, slug, category, tier, address, location,
location_error_m, location_quality, location_credit, unesco_relation, unesco_component,
opening_hours, on_sale, published, sources, names, languages, thumbnail, organisation_inferred)
FROM STDIN"""
COPY_TEXTS = """COPY heritage_sites_sitetext (site_id, language, name, description, built,
national_status, opening_hours_note) FROM STDIN"""


DELETE_TEXTS = """DELETE FROM heritage_sites_sitetext WHERE site_id IN
(SELECT id FROM heritage_sites_heritagesite WHERE slug LIKE 'synthetic-%')"""
DELETE_PLACES = "DELETE FROM heritage_sites_heritagesite WHERE slug LIKE 'synthetic-%'"


@transaction.atomic
def make_synthetic_places(*, count: int, seed: int) -> int:
    """Replace all synthetic places by `count` new ones, the same for the same seed."""
    remove_synthetic_places()
    chance = Random(seed)  # noqa: S311 # the same places again matter, secrecy does not
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('heritage_sites_heritagesite', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        ids = [row[0] for row in cursor.fetchall()]
        names = [_names(chance) for _each in ids]
        for statement, rows in (
            (COPY_PLACES, _places(ids, names, chance)),
            (COPY_TEXTS, _texts(ids, names)),
        ):
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        # Without it the next statement is planned for a handful of places.
        cursor.execute("ANALYZE heritage_sites_heritagesite, heritage_sites_sitetext")
    # Writes nothing when the rows above are right, and puts them right when they are not.
    write_cards()
    return count


def refresh_statistics() -> None:
    """Tell the planner how many places there are now; not possible inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE heritage_sites_heritagesite, heritage_sites_sitetext")


def remove_synthetic_places() -> None:
    """Take the synthetic places away again, with their texts."""
    with connection.cursor() as cursor:
        cursor.execute(DELETE_TEXTS)
        cursor.execute(DELETE_PLACES)


def _names(chance: Random) -> dict[str, str]:
    own = " ".join(chance.choices(SYLLABLES, k=2))
    vi, en = chance.choice(KINDS)
    return {"en": f"{en} {own}", "vi": f"{vi} {own}"}


def _places(ids: list[int], names: list[dict[str, str]], chance: Random) -> Iterator[Row]:
    west, south, east, north = VIETNAM
    categories = Category.values
    for number, (place, called) in enumerate(zip(ids, names, strict=True)):
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        yield (
            place, f"{PREFIX}{number:06d}", chance.choice(categories), 2, "",
            f"SRID=4326;POINT({lon:.6f} {lat:.6f})", 50, "derived", CREDIT, "none", "",
            chance.choice(HOURS), False, True, "[]", _as_aggregated(called), sorted(called), "",
            False,
        )  # fmt: skip


def _as_aggregated(names: dict[str, str]) -> str:
    """Write names as the database does, so that the cards need no second writing."""
    return "{ " + ", ".join(f'"{key}" : "{name}"' for key, name in names.items()) + " }"


def _texts(ids: list[int], names: list[dict[str, str]]) -> Iterator[Row]:
    for place, called in zip(ids, names, strict=True):
        for language, name in called.items():
            yield (place, language, name, "", "", "", "")
