"""The chain of what was reported, checked by a program that knows nothing of ours."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from reporting.domain.freezing import Frozen, freeze
from reporting.models import ChainLink, FrozenEvidence, FrozenReport
from tests.house.tree import ROOT
from tests.reporting.making import AT_FREEZE, WINDOW, make_body, registered_site, site_that_pays

pytestmark = pytest.mark.django_db

PROGRAM = ROOT / "bin" / "verify_reports.py"


@pytest.fixture
def frozen() -> FrozenReport:
    site_that_pays("tu-duc")
    registered_site("minh-mang")
    done = freeze(body=make_body(), window=WINDOW, at=AT_FREEZE)
    assert isinstance(done, Frozen)
    return done.report


def verified(folder: Path) -> dict[str, object]:
    """What the program says of the rows as they are, in a process of its own."""
    rows = {}
    with connection.cursor() as cursor:
        for table, query in runpy.run_path(str(PROGRAM))["QUERIES"].items():
            cursor.execute(f"SELECT row::text FROM ({query}) AS found (row)")  # noqa: S608 - ours
            rows[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    export = folder / "export.json"
    export.write_text(json.dumps(rows), encoding="utf-8")
    program = [
        sys.executable,
        "-I",
        str(ROOT / "bin" / "verify_reports.py"),
        "--export",
        str(export),
    ]
    done = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    answer: dict[str, object] = json.loads(done.stdout)
    assert (done.returncode == 0) == answer["ok"]
    return answer


def alter(table: str, statement: str) -> None:
    """As somebody who owns the database could: without its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_what_was_frozen_verifies(frozen: FrozenReport, tmp_path: Path) -> None:
    assert verified(tmp_path)["faults"] == []
    assert [one.subject for one in ChainLink.objects.order_by("number")] == [
        "registry",
        "registry",
        "report",
    ]


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        (
            "reporting_frozenreport",
            "body = replace(body, '50,0%', '90,0%'), sha256 = repeat('0', 64)",
            "reporting_frozenreport {report}: was altered",
        ),
        (
            "reporting_frozenevidence",
            "content = replace(content, '200000', '900000')",
            "payment:",
        ),
        ("reporting_frozenreport", "year = year + 1", "window or definitions are not those"),
        ("reporting_frozenreport", "definitions = definitions + 1", "window or definitions"),
        (
            "reporting_frozenreport",
            "frozen_at = frozen_at - interval '1 second'",
            "reporting_frozenreport {report}: its organisation or its moment",
        ),
        ("reporting_chainlink", "linked_at = linked_at - interval '1 day'", "its moment"),
        ("reporting_registryentry", "paid = NOT paid", "reporting_registryentry"),
        ("reporting_chainlink", "content_hash = repeat('0', 64)", "reporting_chainlink"),
    ],
)
def test_one_altered_row_is_named(
    frozen: FrozenReport, tmp_path: Path, table: str, change: str, named: str
) -> None:
    alter(
        table,
        f"UPDATE {table} SET {change} WHERE id = (SELECT max(id) FROM {table}"  # noqa: S608 - ours
        + (" WHERE key LIKE 'payment%')" if table.endswith("evidence") else ")"),
    )

    answer = verified(tmp_path)

    assert not answer["ok"]
    wanted = named.format(report=frozen.pk)
    assert any(wanted in fault for fault in answer["faults"]), answer["faults"]  # type: ignore[attr-defined]


def test_a_removed_row_and_one_that_was_put_in_are_named(
    frozen: FrozenReport, tmp_path: Path
) -> None:
    alter("reporting_frozenevidence", "DELETE FROM reporting_frozenevidence WHERE key LIKE 'pay%'")
    row = FrozenEvidence.objects.get()
    FrozenEvidence.objects.create(
        report=frozen, site=row.site, key="payment:999999", content="{}", sha256="0" * 64
    )

    faults = str(verified(tmp_path)["faults"])

    assert "is missing" in faults
    assert "payment:999999" in faults
    assert "the report does not name it" in faults


@pytest.mark.parametrize(
    "table", ["reporting_frozenreport", "reporting_frozenevidence", "reporting_chainlink"]
)
def test_the_database_refuses_to_change_what_was_reported(frozen: FrozenReport, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):  # noqa: S608 - ours
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert FrozenReport.objects.get().pk == frozen.pk


def test_the_program_uses_nothing_but_the_standard_library() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    imported = {
        line.split()[1].partition(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }

    assert imported <= sys.stdlib_module_names
