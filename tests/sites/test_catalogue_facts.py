"""What the shipped catalogue says, held against facts written down here by hand."""

from collections import Counter
from typing import Any

import pytest

from sites.domain.opening import is_readable
from sites.models import Gate, HeritageSite, Organisation, SiteText, Source, Ward
from tests.sites.shipping import load

pytestmark = pytest.mark.django_db

OSM = "© OpenStreetMap contributors"
MONUMENT_HOURS = "Mar 16-Oct 15 06:30-18:00; Oct 16-Mar 15 07:00-17:30"
COMPLEX = "Special national relic, QĐ 1272/QĐ-TTg, 12/8/2009 (the whole Complex)"
NO_POINT = {
    "bao-tang-lich-su", "bao-tang-van-hoa", "den-huyen-tran", "dien-voi-re", "dinh-duong-no",
    "lang-hiep-hoa", "nghinh-luong-dinh", "nha-luu-niem-duong-no", "phu-van-lau", "thap-phu-dien",
}  # fmt: skip
# name vi, name en, category, manager, ward, (lat, lon, error, quality, credit), part of the
# World Heritage, (from, until), hours, charges
FACTS: dict[str, tuple[Any, ...]] = {
    "dai-noi": (
        "Đại Nội (Hoàng thành và Tử Cấm Thành)", "Imperial City (Đại Nội)", "citadel", "hmcc",
        "19753", (16.4697, 107.5778, 80, "published", "UNESCO / Wikipedia"), "678-001",
        (1804, 1833), MONUMENT_HOURS, True,
    ),
    "lang-minh-mang": (
        "Lăng Minh Mạng (Hiếu Lăng)", "Tomb of Emperor Minh Mạng", "royal_tomb", "hmcc", "19774",
        (16.387791, 107.567827, 260, "osm", OSM), "", (1840, 1843), MONUMENT_HOURS, True,
    ),
    "lang-tu-duc": (
        "Lăng Tự Đức (Khiêm Lăng)", "Tomb of Emperor Tự Đức", "royal_tomb", "hmcc", "19813",
        (16.432941, 107.565553, 110, "osm", OSM), "678-007", (1864, 1873), MONUMENT_HOURS, True,
    ),
    "lang-khai-dinh": (
        "Lăng Khải Định (Ứng Lăng)", "Tomb of Emperor Khải Định", "royal_tomb", "hmcc", "19813",
        (16.399017, 107.590339, 35, "osm", OSM), "678-011", (1920, 1931), MONUMENT_HOURS, True,
    ),
    "cung-an-dinh": (
        "Cung An Định", "An Định Palace", "palace", "hmcc", "19789",
        (16.456634, 107.598309, 20, "osm", OSM), "", (1902, 1919), MONUMENT_HOURS, True,
    ),
    "dien-hon-chen": (
        "Điện Hòn Chén (Huệ Nam Điện)", "Hòn Chén Temple", "temple", "hmcc", "19774",
        (16.4201, 107.5621, 250, "approx", "Wikidata (CC0)"), "678-009", (1832, None),
        MONUMENT_HOURS, True,
    ),
    "dan-nam-giao": (
        "Đàn Nam Giao", "Nam Giao Esplanade", "altar", "hmcc", "19789",
        (16.4377, 107.5826, 60, "published", "Wikidata (CC0)"), "678-006", (1806, None),
        MONUMENT_HOURS, True,
    ),
    "hai-van-quan": (
        "Hải Vân Quan", "Hải Vân Gate", "fortification", "hmcc", "20137",
        (16.187747, 108.13129, 40, "osm", OSM), "", (1826, None), "", True,
    ),
    "chua-thien-mu": (
        "Chùa Thiên Mụ", "Thiên Mụ Pagoda", "pagoda", "giao-hoi", "19774",
        (16.4536, 107.5448, 50, "published", "Wikipedia"), "678-002", (1601, None), "", False,
    ),
    "ky-dai": (
        "Kỳ Đài", "Flag Tower", "citadel", "hmcc", "19753",
        (16.4666, 107.58, 60, "derived", OSM), "678-001", (1807, None), "", False,
    ),
    "phu-van-lau": (
        "Phu Văn Lâu", "Pavilion of Edicts", "citadel", "hmcc", None, None, "678-001",
        (1819, None), "", False,
    ),
    "van-mieu": (
        "Văn Miếu (và Võ Miếu)", "Temple of Literature (and Temple of Martial Arts)", "temple",
        "hmcc", "19774", (16.4532, 107.5388, 150, "approx", "community map"), "", (1808, 1808), "",
        False,
    ),
    "bao-tang-ho-chi-minh": (
        "Bảo tàng Hồ Chí Minh thành phố Huế", "Ho Chi Minh Museum, Hue", "museum",
        "bt-ho-chi-minh", "19789", (16.459625, 107.581108, 25, "osm", OSM), "", (None, None),
        "Mo-Sa 07:30-11:30,13:30-16:30; Su off", False,
    ),
    "khong-gian-lebadang": (
        "Không gian Ký ức Lebadang", "Lebadang Memory Space", "museum", "tu-nhan", "19813",
        (16.4022, 107.6045, 1000, "approx", "HueDiMo (community list)"), "", (None, None), "", True,
    ),
    "cau-ngoi-thanh-toan": (
        "Cầu ngói Thanh Toàn", "Thanh Toàn tile-roofed bridge", "bridge", None, "19969",
        (16.466792, 107.642695, 10, "osm", OSM), "", (1776, None), "", False,
    ),
    "cau-truong-tien": (
        "Cầu Trường Tiền", "Trường Tiền Bridge", "bridge", None, "19753",
        (16.46912, 107.58859, 80, "community", "community list"), "", (None, None), "", False,
    ),
    "lang-hiep-hoa": (
        "Lăng Hiệp Hòa", "Tomb of Emperor Hiệp Hòa", "royal_tomb", None, "19815", None, "",
        (None, 2013), "", False,
    ),
    "thap-phu-dien": (
        "Tháp Chăm Phú Diên", "Phú Diên Cham tower", "archaeological", None, None, None, "",
        (None, None), "", None,
    ),
}  # fmt: skip


def said_of(slug: str) -> tuple[Any, ...]:
    site = HeritageSite.objects.get(slug=slug)
    names = dict(site.texts.values_list("language", "name"))
    point = site.location and (
        site.location.y,
        site.location.x,
        site.location_error_m,
        site.location_quality,
        site.location_credit,
    )
    return (
        names["vi"],
        names["en"],
        site.category,
        site.organisation and site.organisation.slug,
        site.ward and site.ward.gso_code,
        point,
        site.unesco_component,
        (site.built_start, site.built_end),
        site.opening_hours,
        site.charges_entry,
    )


def test_places_say_what_was_found_of_them() -> None:
    load()

    assert {slug: said_of(slug) for slug in FACTS} == FACTS


def test_all_places_are_there_and_published_in_two_languages() -> None:
    load()

    assert HeritageSite.objects.filter(published=True).count() == 63
    assert Counter(SiteText.objects.values_list("language", flat=True)) == {"vi": 63, "en": 63}
    assert Counter(HeritageSite.objects.values_list("tier", flat=True)) == {1: 16, 2: 47}
    assert not [site.slug for site in HeritageSite.objects.all() if not site.sources]
    known = set(Source.objects.values_list("key", flat=True))
    assert {key for site in HeritageSite.objects.all() for key in site.sources} <= known


def test_the_places_that_sell_have_their_bits_in_the_order_of_the_price_list() -> None:
    load()

    sold = HeritageSite.objects.filter(on_sale=True).order_by("ticket_bit")
    assert list(sold.values_list("ticket_bit", "slug")) == [
        (0, "dai-noi"),
        (1, "lang-minh-mang"),
        (2, "lang-tu-duc"),
        (3, "lang-khai-dinh"),
        (4, "lang-gia-long"),
        (5, "lang-dong-khanh"),
        (6, "lang-thieu-tri"),
        (7, "dien-hon-chen"),
        (8, "cung-an-dinh"),
        (9, "dan-nam-giao"),
        (10, "bao-tang-co-vat-cung-dinh"),
        (11, "lang-duc-duc"),
        (12, "hai-van-quan"),
    ]
    assert list(HeritageSite.objects.order_by("id").values_list("slug", flat=True)[:2]) == [
        "dai-noi",
        "lang-minh-mang",
    ]


def test_what_was_not_found_is_not_filled_in() -> None:
    load()
    places = HeritageSite.objects

    without = places.filter(location=None)
    assert set(without.values_list("slug", flat=True)) == NO_POINT
    assert set(without.values_list("location_error_m", "location_quality", "location_credit")) == {
        (None, "unknown", "")
    }
    assert places.filter(ward=None).count() == 7
    assert places.filter(ward_certain=None).count() == 10
    assert places.filter(organisation=None).count() == 19
    assert places.filter(charges_entry=None).count() == 10
    assert places.filter(built_start=None, built_end=None).count() == 32
    assert places.exclude(opening_hours="").count() == 13
    assert SiteText.objects.filter(language="vi", national_status="").count() == 27
    assert SiteText.objects.filter(language="vi", description="").count() == 21


def test_both_languages_know_the_same() -> None:
    load()

    for field in ("description", "built", "national_status", "opening_hours_note"):
        empty = SiteText.objects.filter(**{field: ""})
        assert set(empty.filter(language="vi").values_list("site", flat=True)) == set(
            empty.filter(language="en").values_list("site", flat=True)
        )


def test_every_point_names_its_credit_and_lies_in_the_province() -> None:
    load()

    osm = HeritageSite.objects.filter(location_quality="osm")
    assert set(osm.values_list("location_credit", flat=True)) == {OSM}
    assert osm.count() == 34
    things: list[HeritageSite | Gate] = [
        *HeritageSite.objects.exclude(location=None),
        *Gate.objects.exclude(location=None),
    ]
    assert len(things) == 53 + 15
    for thing in things:
        assert thing.location_credit
        assert thing.location_error_m is not None
        assert thing.location is not None
        assert 16.1 < thing.location.y < 16.7
        assert 107.3 < thing.location.x < 108.2


def test_hours_can_be_evaluated_and_say_how_sure_they_are() -> None:
    load()

    for hours in HeritageSite.objects.values_list("opening_hours", flat=True):
        assert is_readable(hours)
    notes = SiteText.objects.filter(language="en").exclude(opening_hours_note="")
    assert Counter(notes.values_list("opening_hours_note", flat=True)) == {
        "Sources differ by 30 minutes on the closing time; no official page with hours could be"
        " read.": 12,
        "Closed on Mondays; opening times were not found.": 1,
    }


def test_where_tickets_are_sold_there_is_a_gate_to_scan_them() -> None:
    load()

    gates = Gate.objects.filter(site__slug="dai-noi").order_by("id")
    assert list(gates.values_list("code", "name", "use")) == [
        ("ngo-mon", "Ngọ Môn", "main_entrance"),
        ("hien-nhon", "Cửa Hiển Nhơn", "east_gate"),
        ("chuong-duc", "Cửa Chương Đức", "west_gate"),
        ("hoa-binh", "Cửa Hòa Bình", "north_gate"),
    ]
    first = gates[0]
    assert first.location is not None
    assert (first.location.y, first.location.x) == (16.467682, 107.579183)
    assert (first.location_error_m, first.location_credit) == (20, OSM)
    assert not HeritageSite.objects.filter(on_sale=True, gates=None).exists()
    made_up = Gate.objects.filter(code="main")
    assert made_up.count() == 12
    assert not made_up.exclude(name="Cổng chính", use="", location=None).exists()


def test_wards_and_organisations_are_those_of_today() -> None:
    load()

    assert Counter(Ward.objects.values_list("kind", flat=True)) == {"WARD": 21, "COMMUNE": 19}
    assert Ward.objects.get(gso_code="20137").name == "Xã Chân Mây - Lăng Cô"
    assert set(Organisation.objects.values_list("slug", flat=True)) == {
        "hmcc", "bt-lich-su", "bt-ho-chi-minh", "bt-my-thuat", "bt-van-hoa", "giao-hoi",
        "tu-nhan", "vqg-bach-ma",
    }  # fmt: skip
    centre = Organisation.objects.get(slug="hmcc")
    assert centre.address == "23 Tống Duy Tân, Huế (Cơ Mật Viện – Tam Tòa)"
    assert (centre.phone, centre.website) == ("0234.3523237", "hueworldheritage.org.vn")
    assert dict(centre.texts.values_list("language", "name")) == {
        "vi": "Trung tâm Bảo tồn Di tích Cố đô Huế",
        "en": "Hue Monuments Conservation Centre",
    }


def test_status_of_the_complex_is_told_in_both_languages() -> None:
    load()

    texts = SiteText.objects.filter(site__slug="dai-noi")
    assert dict(texts.values_list("language", "national_status")) == {
        "vi": "Di tích quốc gia đặc biệt, QĐ 1272/QĐ-TTg, 12/8/2009 (toàn bộ Quần thể di tích)",
        "en": COMPLEX,
    }
