"""Each frozen report and each change of the registry names the hash of the one before it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from reporting.domain.indicators.written import canonical, sha256_of
from reporting.models import ChainLink, Excuse, RegistryEntry, ReportingBody
from sites.models import Organisation

# What the first link names as the one before it.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Told:
    """What a link stands for."""

    subject: ChainLink.Subject
    subject_id: int
    content_hash: str


def add_link(*, organisation: Organisation, told: Told, at: datetime) -> ChainLink:
    """Append to the chain of the organisation; the caller's transaction holds its end."""
    # Two that append at the same time take turns.
    ReportingBody.objects.select_for_update().get(organisation=organisation)
    last = ChainLink.objects.filter(organisation=organisation).order_by("-number").first()
    previous = last.hash if last else GENESIS
    return ChainLink.objects.create(
        organisation=organisation,
        number=last.number + 1 if last else 1,
        subject=told.subject,
        subject_id=told.subject_id,
        content_hash=told.content_hash,
        previous_hash=previous,
        hash=link_hash(previous, told.content_hash),
        linked_at=at,
    )


def link_hash(previous: str, content: str) -> str:
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


def row_hash(row: RegistryEntry | Excuse) -> str:
    """Over every column of a version of the registry, by its name in the database."""
    return sha256_of(canonical(columns_of(row)))


def columns_of(row: RegistryEntry | Excuse) -> Mapping[str, Any]:
    """The row as the database holds it, by the names of its columns."""
    columns = type(row).objects.filter(pk=row.pk).values().get()
    return {name: _plain(value) for name, value in columns.items()}


def _plain(value: Any) -> Any:
    """As the verifier reads it: times in UTC with microseconds, days as they are."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, date):
        return value.isoformat()
    return value
