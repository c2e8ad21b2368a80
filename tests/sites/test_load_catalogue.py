"""Loading the shipped catalogue: whole or not at all, once, and never over what staff did."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites.domain.catalogue_data import DATA
from sites.models import HeritageSite, SiteText
from tests.at_once import at_once
from tests.sites.shipping import change, copy_of_files, load, remove_place, versions


@pytest.mark.django_db
def test_a_second_load_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue")
    before = versions()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        call_command("load_catalogue")

    assert versions() == before
    assert [q["sql"] for q in queries if q["sql"].startswith("INSERT")] == []
    assert capsys.readouterr().out.splitlines() == [
        "Catalogue: 63 places; 324 rows made, 0 changed, 0 places withdrawn.",
        "Catalogue: 63 places; 0 rows made, 0 changed, 0 places withdrawn.",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_load_once() -> None:
    made = [loaded.made for loaded in at_once(load, [DATA, DATA])]

    assert sorted(made) == [0, 324]
    assert HeritageSite.objects.count() == 63


@pytest.mark.django_db
def test_lists_can_show_what_was_loaded() -> None:
    load()

    site = HeritageSite.objects.get(slug="dai-noi")
    assert site.languages == ["en", "vi"]
    assert "Đại Nội (Hoàng thành và Tử Cấm Thành)" in str(site.names)
    assert SiteText.objects.filter(folded="lang tu duc (khiem lang)").get().site.slug == (
        "lang-tu-duc"
    )


FAULTS = {
    "unknown category": (
        ("places/citadel.yaml", "category: citadel", "category: castle"),
        "citadel.yaml, dai-noi, category: Input should be 'academy', 'altar'",
    ),
    "missing name": (
        ("places/citadel.yaml", "      name: Imperial City (Đại Nội)\n", ""),
        "citadel.yaml, dai-noi, texts.en.name: Field required.",
    ),
    "empty name": (
        ("places/citadel.yaml", "name: Imperial City (Đại Nội)", 'name: ""'),
        "citadel.yaml, dai-noi, texts.en.name: String should have at least 1 character.",
    ),
    "missing language": (
        ("places/pagodas.yaml", "    en:\n", "    fr:\n"),
        "pagodas.yaml, chua-thien-mu, texts: misses the language en.",
    ),
    "duplicate slug": (
        ("places/pagodas.yaml", "slug: chua-tu-dam", "slug: dai-noi"),
        "pagodas.yaml, dai-noi, slug: is there twice.",
    ),
    "duplicate bit": (
        ("places/royal-tombs.yaml", "ticket_bit: 2", "ticket_bit: 1"),
        "royal-tombs.yaml, lang-tu-duc, ticket_bit: 1 belongs to lang-minh-mang already.",
    ),
    "bit beyond the token": (
        ("places/royal-tombs.yaml", "ticket_bit: 2", "ticket_bit: 32"),
        "royal-tombs.yaml, lang-tu-duc, ticket_bit: Input should be less than or equal to 31.",
    ),
    "latitude for longitude": (
        ("places/citadel.yaml", "lat: 16.4697", "lat: 107.5778"),
        "citadel.yaml, dai-noi, point.lat: 107.5778 lies outside Vietnam.",
    ),
    "gate abroad": (
        ("places/citadel.yaml", "lon: 107.579183", "lon: 7.579183"),
        "citadel.yaml, dai-noi, gates.0.point.lon: 7.579183 lies outside Vietnam.",
    ),
    "bad hours": (
        ("hours.yaml", "Mo-Sa 07:30", "Mo-Sam 07:30"),
        "hours.yaml, hcm-museum, hours: is not in the OSM opening_hours syntax.",
    ),
    "unknown manager": (
        ("places/citadel.yaml", "organisation: hmcc", "organisation: hmc"),
        "citadel.yaml, dai-noi, organisation: hmc is not explained in its file.",
    ),
    "unknown ward": (
        ("places/citadel.yaml", 'ward: "19753"', 'ward: "19754"'),
        "citadel.yaml, dai-noi, ward: 19754 is not explained in its file.",
    ),
    "unknown source": (
        ("places/nature.yaml", "sources: [list_a]", "sources: [list_c]"),
        "nature.yaml, nui-ngu-binh, sources: list_c is not explained in its file.",
    ),
    "point without credit": (
        ("sources.yaml", "  credit: © OpenStreetMap contributors\n", ""),
        "citadel.yaml, dai-noi, point: none of its sources has a credit.",
    ),
    "tickets without a gate": (
        ("places/royal-tombs.yaml", "  gates: [{code: main, name: Cổng chính}]\n", ""),
        "royal-tombs.yaml, lang-minh-mang, gates: a place with tickets needs one.",
    ),
    "two gates of one code": (
        ("places/citadel.yaml", "code: hien-nhon", "code: ngo-mon"),
        "citadel.yaml, dai-noi, gates: two have the same code.",
    ),
    "misspelt field": (
        ("places/citadel.yaml", "  tier: 1", "  teir: 1"),
        "citadel.yaml, dai-noi, tier: Field required.",
    ),
    "unknown field": (
        ("places/citadel.yaml", "  tier: 1\n", "  tier: 1\n  colour: red\n"),
        "citadel.yaml, dai-noi, colour: Extra inputs are not permitted.",
    ),
    "duplicate ward": (
        ("wards.yaml", 'code: "19774"', 'code: "19753"'),
        "wards.yaml, 19753, code: is there twice.",
    ),
    "no list": (
        ("places/nature.yaml", "- slug", "slug"),
        "nature.yaml: cannot be read: ",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_file_is_named_and_nothing_is_loaded(tmp_path: Path, fault: str) -> None:
    (name, old, new), sentence = FAULTS[fault]
    folder = copy_of_files(tmp_path)
    load()
    SiteText.objects.filter(site__slug="cho-dong-ba").delete()
    before = versions()
    change(folder / name, old, new)

    with pytest.raises(CommandError, match=re.escape(f"Nothing was loaded. {sentence}")) as raised:
        call_command("load_catalogue", folder=folder)

    assert "\n" not in str(raised.value)
    assert versions() == before


@pytest.mark.django_db
def test_files_without_places_are_refused(tmp_path: Path) -> None:
    load()
    folder = copy_of_files(tmp_path)
    for file in (folder / "places").glob("*.yaml"):
        file.write_text("[]", encoding="utf-8")

    with pytest.raises(CommandError, match=r"data: there is no file of places\."):
        call_command("load_catalogue", folder=folder)

    assert HeritageSite.objects.filter(published=True).count() == 63


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "bit", "known"),
    [("dai-noi", 30, "dai-noi by 30"), ("an-early-place", 0, "an-early-place by 0")],
)
def test_the_number_of_a_place_in_tickets_never_changes(slug: str, bit: int, known: str) -> None:
    HeritageSite.objects.create(slug=slug, category="palace", ticket_bit=bit)

    with pytest.raises(CommandError, match=f"places, dai-noi, ticket_bit: .* tickets know {known}"):
        call_command("load_catalogue")

    assert HeritageSite.objects.count() == 1


@pytest.mark.django_db
def test_a_number_that_staff_gave_stays_when_the_file_has_none() -> None:
    HeritageSite.objects.create(slug="cho-dong-ba", category="palace", ticket_bit=20)

    load()

    assert HeritageSite.objects.get(slug="cho-dong-ba").ticket_bit == 20
    assert HeritageSite.objects.get(slug="cho-dong-ba").category == "market"


@pytest.mark.django_db
def test_a_place_that_vanishes_from_the_files_is_withdrawn_until_it_returns(tmp_path: Path) -> None:
    folder = copy_of_files(tmp_path)
    load()
    remove_place(folder / "places" / "nature.yaml", "pha-tam-giang")

    assert load(folder).withdrawn == 1
    assert HeritageSite.objects.count() == 63
    assert [s.slug for s in HeritageSite.objects.filter(published=False)] == ["pha-tam-giang"]
    assert load(folder).withdrawn == 0

    load()
    assert HeritageSite.objects.filter(published=False).count() == 0
