"""Lists of others are kept row by row: from a provider's line, from a file, from the bank."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from payments.models import ListedDay, ListedMovement, ListSource, MovementKind, Payment
from sites.models import Organisation
from ticketing.domain.visit_days import VIETNAM, day_of

# The one form of files that is read; reports of providers are brought into it.
COLUMNS = ("kind", "reference", "amount", "occurred_at")
LARGEST_FILE = 20 * 1024 * 1024
# In place of a file's name: the provider was asked about this movement alone.
ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of somebody's list. Towards the organisation above zero, away from it below."""

    kind: MovementKind
    reference: str
    amount: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class FileRefused:
    """The file says nothing that can be used, and why; nothing was kept of it."""

    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose list it is, of which side, and how it came."""

    organisation: Organisation | None
    provider: str
    source: ListSource
    listed_in: str


@transaction.atomic
def keep_list(*, origin: Origin, rows: Sequence[Row], day: date, at: datetime) -> int:
    """Keep a day's list; the same list again changes nothing. Returns how many rows it has."""
    times = Counter((row.kind, row.reference) for row in rows)
    owners = _owners(origin, rows)
    for row in {(row.kind, row.reference): row for row in rows}.values():
        ListedMovement.objects.update_or_create(
            **_key(origin, row),
            defaults={
                **_facts(origin, row, at=at),
                "organisation_id": owners.get(row.reference)
                or (origin.organisation.pk if origin.organisation else None),
                "times": times[row.kind, row.reference],
            },
        )
    ListedDay.objects.update_or_create(
        organisation=origin.organisation,
        provider=origin.provider,
        source=origin.source,
        day=day,
        defaults={"listed_at": at, "rows": len(rows)},
    )
    return len(rows)


def keep_answer(*, origin: Origin, row: Row, at: datetime) -> None:
    """Keep what a question brought. A list that names the same movement goes before it."""
    facts = _facts(origin, row, at=at)
    if origin.organisation is not None:
        facts["organisation_id"] = origin.organisation.pk
    known, new = ListedMovement.objects.get_or_create(**_key(origin, row), defaults=facts)
    if not new and known.amount == 0:
        # Nothing was known when it was asked about before.
        ListedMovement.objects.filter(pk=known.pk, listed_in=ASKED, amount=0).update(**facts)


def _key(origin: Origin, row: Row) -> dict[str, Any]:
    return {
        "provider": origin.provider,
        "source": origin.source,
        "kind": row.kind,
        "reference": row.reference,
    }


def _facts(origin: Origin, row: Row, *, at: datetime) -> dict[str, Any]:
    return {
        "amount": row.amount,
        "occurred_at": row.occurred_at,
        "day": day_of(row.occurred_at),
        "listed_at": at,
        "listed_in": origin.listed_in,
    }


def span_of(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends by the clock of Việt Nam."""
    start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    return start, start + timedelta(days=1)


def _owners(origin: Origin, rows: Iterable[Row]) -> dict[str, int | None]:
    """Whose money each row is where one account serves several organisations."""
    if origin.organisation is not None:
        return {}
    known = Payment.objects.filter(
        provider=origin.provider, provider_reference__in=[row.reference for row in rows]
    )
    return dict(known.values_list("provider_reference", "organisation_id"))


def read_file(data: bytes) -> list[Row] | FileRefused:
    """Read a CSV file with the columns of `COLUMNS`; all of it or nothing."""
    if len(data) > LARGEST_FILE:
        return FileRefused("too large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return FileRefused("not UTF-8")
    reader = csv.DictReader(io.StringIO(text))
    if set(COLUMNS) - set(reader.fieldnames or ()):
        return FileRefused(f"the columns must be {', '.join(COLUMNS)}", 1)
    rows = []
    for number, line in enumerate(reader, start=2):
        try:
            rows.append(_row(line))
        except (ValueError, KeyError, TypeError) as error:
            return FileRefused(str(error)[:200], number)
    return rows


def _row(line: dict[str, str]) -> Row:
    occurred_at = datetime.fromisoformat(line["occurred_at"].strip())
    if occurred_at.tzinfo is None:
        # Reports of providers here bear the clock of Việt Nam.
        occurred_at = occurred_at.replace(tzinfo=VIETNAM)
    reference = line["reference"].strip()
    if not reference:
        raise ValueError("a row without a reference")
    return Row(
        kind=MovementKind(line["kind"].strip()),
        reference=reference[:255],
        amount=int(line["amount"].strip()),
        occurred_at=occurred_at,
    )


def name_of_file(name: str, data: bytes) -> str:
    """The file's name with the start of its hash: which file it was can be proven later."""
    return f"{name[:150]} {hashlib.sha256(data).hexdigest()[:16]}"


def keep_file(*, origin: Origin, data: bytes, at: datetime) -> dict[date, int] | FileRefused:
    """Keep every day that the file tells of."""
    rows = read_file(data)
    if isinstance(rows, FileRefused):
        return rows
    days: dict[date, list[Row]] = {}
    for row in rows:
        days.setdefault(day_of(row.occurred_at), []).append(row)
    return {
        day: keep_list(origin=origin, rows=of_day, day=day, at=at)
        for day, of_day in sorted(days.items())
    }
