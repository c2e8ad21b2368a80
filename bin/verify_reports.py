#!/usr/bin/env python3
"""Checks the chain of frozen reports without the platform's own code.

    bin/verify_reports.py --database postgres://user:password@host/name    (asks psql)
    bin/verify_reports.py --export FILE        (made by: bin/verify_reports.py --database … --write)

Needs Python 3.11 and nothing else; `psql` for a database. Every row that is not what the chain
says is named. Ends with 0 when all is as it was, with 1 when not, with 2 when it cannot look.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
# Of a row of evidence: the site's address and the row's name.
Where = tuple[str, str]

GENESIS = "0" * 64
ALTERED, UNREADABLE = 1, 2
# Each query gives one object of JSON a line; moments are written in UTC with microseconds.
VERSIONS = """
SELECT to_jsonb(t) || jsonb_build_object(
    'proposed_at', to_char(proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'approved_at', to_char(approved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
FROM {} t WHERE approved_at IS NOT NULL
"""
QUERIES = {
    "reporting_chainlink": "SELECT to_jsonb(t) FROM reporting_chainlink t",
    "reporting_frozenreport": (
        "SELECT to_jsonb(t) || jsonb_build_object('organisation', o.slug)"
        " FROM reporting_frozenreport t"
        " JOIN heritage_sites_organisation o ON o.id = t.organisation_id"
    ),
    "reporting_frozenevidence": (
        "SELECT to_jsonb(t) || jsonb_build_object('slug', s.slug)"
        " FROM reporting_frozenevidence t JOIN heritage_sites_heritagesite s ON s.id = t.site_id"
    ),
    "reporting_registryentry": VERSIONS.format("reporting_registryentry"),
    "reporting_excuse": VERSIONS.format("reporting_excuse"),
}
SUBJECTS = {
    "report": "reporting_frozenreport",
    "registry": "reporting_registryentry",
    "excuse": "reporting_excuse",
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def ask_psql(program: str, address: str) -> dict[str, list[Row]]:
    """Read the five tables as JSON."""
    rows: dict[str, list[Row]] = {}
    for table, query in QUERIES.items():
        options = ["--no-psqlrc", "--tuples-only", "--no-align", "--dbname", address]
        # The operator names the program and the database.
        asked = subprocess.run(  # noqa: S603 - as above
            [program, *options, "--command", query], capture_output=True, text=True, check=False
        )
        if asked.returncode:
            raise OSError(asked.stderr.strip())
        rows[table] = [json.loads(line) for line in asked.stdout.splitlines() if line]
    return rows


def content_hash(table: str, row: Row) -> str:
    return sha256(row["body"] if table == "reporting_frozenreport" else canonical(row))


def check_chains(rows: Rows) -> Iterator[str]:
    """Every link follows the one before it."""
    chains: dict[int, list[Row]] = defaultdict(list)
    for link in rows["reporting_chainlink"]:
        chains[link["organisation_id"]].append(link)
    for chain in chains.values():
        previous = GENESIS
        for number, link in enumerate(sorted(chain, key=lambda one: int(one["number"])), start=1):
            name = f"reporting_chainlink {link['id']} (number {link['number']})"
            if link["number"] != number:
                yield f"{name}: number {number} is missing before it"
            if link["previous_hash"] != previous:
                yield f"{name}: does not follow the link before it"
            if link["hash"] != sha256(f"{link['previous_hash']}\n{link['content_hash']}"):
                yield f"{name}: its hash is not that of what it says"
            previous = link["hash"]


def check_subjects(rows: Rows) -> Iterator[str]:
    """Every row is what its link says; a row without a link was put in past the chain."""
    known = {table: {row["id"]: row for row in rows[table]} for table in SUBJECTS.values()}
    for link in rows["reporting_chainlink"]:
        table, pk = SUBJECTS.get(link["subject"], ""), link["subject_id"]
        row = known.get(table, {}).pop(pk, None)
        name = f"reporting_chainlink {link['id']} (number {link['number']})"
        if not table:
            yield f"{name}: nothing is called {link['subject']}"
        elif row is None:
            yield f"{table} {pk}: is missing"
        elif content_hash(table, row) != link["content_hash"]:
            yield f"{table} {pk}: was altered"
        elif not is_of(link, row):
            yield f"{table} {pk}: its organisation or its moment is not that of {name}"
    for table, left in known.items():
        for pk in left:
            yield f"{table} {pk}: is in no chain"


def is_of(link: Row, row: Row) -> bool:
    """A row enters its organisation's chain at the moment in which it is frozen or approved."""
    moment = row["frozen_at"] if "frozen_at" in row else row["approved_at"]
    try:
        linked, happened = (datetime.fromisoformat(each) for each in (link["linked_at"], moment))
    except ValueError:
        return False
    return bool(link["organisation_id"] == row["organisation_id"] and linked == happened)


def check_reports(rows: Rows) -> Iterator[str]:
    """Every report is what its hash says, and so is every row of evidence that it names."""
    found: dict[int, dict[Where, Row]] = defaultdict(dict)
    for row in rows["reporting_frozenevidence"]:
        where = row["slug"], row["key"]
        if where in found[row["report_id"]]:
            yield f"reporting_frozenevidence {row['id']} ({where[1]} of {where[0]}): is there twice"
        found[row["report_id"]][where] = row
    for report in rows["reporting_frozenreport"]:
        name = f"reporting_frozenreport {report['id']}"
        if sha256(report["body"]) != report["sha256"]:
            yield f"{name}: its hash is not that of its body"
        try:
            body = json.loads(report["body"])
            head, written = body["head"], body["evidence_digest"]
            named = {(one["site"], one["key"]): one["sha256"] for one in body["evidence"]}
        except (ValueError, KeyError, TypeError):
            yield f"{name}: its body is no report"
            continue
        if not says_the_same(report, head):
            yield f"{name}: its organisation, window or definitions are not those of its body"
        lines = "\n".join(" ".join((*where, named[where])) for where in sorted(named))
        if sha256(lines) != written:
            yield f"{name}: its digest is not that of its evidence"
        yield from check_evidence(report, named, found[report["id"]])


def says_the_same(report: Row, head: Row) -> bool:
    """The columns by which a report is found are those of the bytes."""
    window = f"{report['year']:04}-Q{report['quarter']}"
    columns = (window, report["definitions"], report["organisation"])
    return columns == (head.get("window"), head.get("definitions"), head.get("organisation"))


def check_evidence(
    report: Row, named: Mapping[Where, str], rows: Mapping[Where, Row]
) -> Iterator[str]:
    for where in sorted({*named, *rows}):
        label = f"({where[1]} of {where[0]}, {report['year']}-Q{report['quarter']})"
        row = rows.get(where)
        if row is None:
            yield f"reporting_frozenevidence {label}: is missing"
        elif where not in named:
            yield f"reporting_frozenevidence {row['id']} {label}: the report does not name it"
        elif not sha256(row["content"]) == row["sha256"] == named[where]:
            yield f"reporting_frozenevidence {row['id']} {label}: was altered"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--database", help="address of the PostgreSQL database")
    source.add_argument("--export", type=Path, help="a file that --write made")
    parser.add_argument("--psql", default="psql", help="where psql is, if not on the path")
    parser.add_argument("--write", action="store_true", help="print what was read, check nothing")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    try:
        read = (
            ask_psql(args.psql, args.database)
            if args.database
            else json.loads(args.export.read_text(encoding="utf-8"))
        )
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot read: {error}\n")
        return UNREADABLE
    if args.write:
        sys.stdout.write(f"{canonical(read)}\n")
        return 0
    faults = sorted({*check_chains(read), *check_subjects(read), *check_reports(read)})
    counted = {table: len(found) for table, found in read.items()}
    answer = {"ok": not faults, "faults": faults, "rows": counted}
    sys.stdout.write(f"{json.dumps(answer, ensure_ascii=False)}\n")
    return ALTERED if faults else 0


if __name__ == "__main__":
    sys.exit(main())
