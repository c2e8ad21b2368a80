"""What everybody may have of the reports, and what nobody can compute from it."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.test import Client

from reporting.domain.calendar import ReportingWindow
from reporting.domain.indicators.report import ContextNumber, Words
from reporting.schemas.sheets import report_sheet
from tests.reporting.filing_desk import freeze_made
from tests.reporting.made_reports import made_report, site_facts

pytestmark = pytest.mark.django_db

VISITORS = Words("lượt khách", "visitors")


def visitors(site: str, category: str, value: int) -> ContextNumber:
    return ContextNumber("visitors", VISITORS, value, str(value), site=site, category=category)


def release(window: ReportingWindow, small: int) -> None:
    freeze_made(
        made_report(
            site_facts(1),
            site_facts(2),
            window=window,
            context=(
                visitors("site-1", "adult", 900),
                visitors("site-1", "student", 40),
                visitors("site-2", "adult", 500),
                visitors("site-2", "student", small),
            ),
        )
    )


def rows(slug: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(Client().get(f"/open-data/{slug}.csv").content.decode())))


def test_everybody_reads_the_page_the_catalogue_and_the_data() -> None:
    release(ReportingWindow(2026, 3), 60)

    for path in ("", "catalogue.jsonld", "indicators.csv", "sites.json", "visitors.csv"):
        answer = Client().get(f"/open-data/{path}")
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert Client().get("/open-data/nothing.csv").status_code == 404
    assert Client().get("/open-data/sites.xml").status_code == 404


def test_the_catalogue_names_licence_frequency_and_files() -> None:
    release(ReportingWindow(2026, 3), 60)

    catalogue = json.loads(Client().get("/open-data/catalogue.jsonld").content)

    assert catalogue["@type"] == "dcat:Catalog"
    for dataset in catalogue["dcat:dataset"]:
        assert dataset["dct:license"]["@id"].startswith("https://creativecommons.org/")
        assert dataset["dct:accrualPeriodicity"]["@id"].endswith("/QUARTERLY")
        assert [each["@language"] for each in dataset["dct:title"]] == ["vi", "en"]
        for each in dataset["dcat:distribution"]:
            path = each["dcat:downloadURL"]["@id"].split("/open-data/")[1]
            answer = Client().get(f"/open-data/{path}")
            assert answer["Content-Type"].startswith(each["dcat:mediaType"])


def test_csv_and_json_say_the_same() -> None:
    release(ReportingWindow(2026, 3), 7)

    for slug in ("indicators", "sites", "visitors"):
        told = json.loads(Client().get(f"/open-data/{slug}.json").content)
        items = [
            {key: "" if value is None else str(value) for key, value in item.items()}
            for item in told["items"]
        ]
        assert sorted(map(str, items)) == sorted(
            str({key: row[key] for key in items[0]}) for row in rows(slug)
        )
        assert set(told["columns"]) == set(items[0])


@pytest.mark.parametrize("name", ["=1+1", "+84 234", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_name_runs_in_a_spreadsheet(name: str) -> None:
    report = made_report(site_facts(1))
    renamed = replace(report, sites=(replace(report.sites[0], name=Words(name, "plain")),))

    cells = list(csv.DictReader(StringIO(report_sheet(renamed), newline="")))

    of_site = [cell for cell in cells if cell["site"]]
    assert {(cell["name_vi"], cell["name_en"]) for cell in of_site} == {(f"'{name}", "plain")}
    assert [cell["code"] for cell in cells][: len(report.indicators)] == [
        row.code for row in report.indicators
    ]


def test_a_small_cell_and_what_gives_it_away_are_empty() -> None:
    release(ReportingWindow(2026, 3), 7)

    table = {(row["site"], row["category"]): row["visitors"] for row in rows("visitors")}

    assert table["site-2", "student"] == ""
    assert table["all", "all"] == "1447"
    assert [value for value in table.values() if value and 0 < int(value) < 10] == []
    assert sum(value == "" for value in table.values()) >= 4


def test_the_next_release_leaves_the_former_one_as_it_was() -> None:
    """Nobody learns of a few people by subtracting one release from another."""
    release(ReportingWindow(2026, 2), 7)
    before = rows("visitors")

    release(ReportingWindow(2026, 3), 12)
    after = rows("visitors")

    assert [row for row in after if row["window"] == "2026-Q2"] == before
    assert {row["window"] for row in after} == {"2026-Q2", "2026-Q3"}


def test_made_up_figures_say_so_in_every_row() -> None:
    release(ReportingWindow(2026, 3), 60)

    assert {
        row["made_up"] for slug in ("indicators", "sites", "visitors") for row in rows(slug)
    } == {"1"}
    assert (
        "Số liệu giả lập"
        in Client(headers={"Accept-Language": "vi"}).get("/open-data/").content.decode()
    )


def test_nothing_is_sent_twice() -> None:
    release(ReportingWindow(2026, 3), 60)
    first = Client().get("/open-data/sites.csv")

    again = Client().get("/open-data/sites.csv", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_without_a_frozen_report_there_is_an_empty_catalogue() -> None:
    assert Client().get("/open-data/").status_code == 200
    assert rows("visitors") == []
