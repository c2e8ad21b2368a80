"""Which sites a report is about: a registry that two people change, with its whole history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from reporting.domain.chain import Told, add_link, row_hash
from reporting.domain.indicators.report import Words
from reporting.models import ChainLink, Excuse, RegistryEntry
from sites.models import Organisation, SiteText, User


@dataclass(frozen=True, slots=True)
class RegisteredSite:
    """A site that is in scope on a day."""

    site_id: int
    slug: str
    name: Words
    kind: str
    paid: bool


@dataclass(frozen=True, slots=True)
class ExcusedBy:
    decision_number: str
    closed_from: date
    closed_until: date
    reason: Words


class Refused(StrEnum):
    """Why a proposal was not approved."""

    SAME_PERSON = "same_person"
    APPROVED_BEFORE = "approved_before"


@transaction.atomic
def approve(*, version: RegistryEntry | Excuse, by: User, at: datetime) -> ChainLink | Refused:
    """Put a proposed version into force and into the chain; the proposer alone cannot."""
    kind = type(version)
    locked = kind.objects.select_for_update().get(pk=version.pk)
    if locked.approved_by_id is not None:
        return Refused.APPROVED_BEFORE
    if locked.proposed_by_id == by.pk:
        return Refused.SAME_PERSON
    locked.approved_by, locked.approved_at = by, at
    locked.save(update_fields=["approved_by", "approved_at"])
    subject = (
        ChainLink.Subject.REGISTRY
        if isinstance(locked, RegistryEntry)
        else ChainLink.Subject.EXCUSE
    )
    told = Told(subject, locked.pk, row_hash(locked))
    return add_link(organisation=locked.organisation, told=told, at=at)


def versions_known(*, organisation: Organisation, known_at: datetime) -> Sequence[RegistryEntry]:
    """The version in force of every site, as it was known at a moment."""
    versions = RegistryEntry.objects.filter(organisation=organisation, approved_at__lte=known_at)
    latest = versions.order_by("site", "-approved_at", "-pk").distinct("site")
    return list(latest.select_related("site"))


def sites_in_scope(
    *, organisation: Organisation, day: date, known_at: datetime
) -> list[RegisteredSite]:
    """`D_all`: the sites in scope on a day; a component without a gate of its own is none."""
    found = [
        version
        for version in versions_known(organisation=organisation, known_at=known_at)
        if version.own_gate and is_in_scope(version, day)
    ]
    names = names_of([version.site_id for version in found])
    return sorted(
        (
            RegisteredSite(
                version.site_id,
                version.site.slug,
                name_of(names, version.site_id, version.site.slug),
                version.kind,
                version.paid,
            )
            for version in found
        ),
        key=lambda site: site.slug,
    )


def is_in_scope(version: RegistryEntry, day: date) -> bool:
    ends = version.in_scope_to
    return version.in_scope_from <= day and (ends is None or day < ends)


def excuses_known(
    *, organisation: Organisation, first: date, last: date, known_at: datetime
) -> dict[int, ExcusedBy]:
    """Which sites a decision closes for all of these days, by site."""
    rows = Excuse.objects.filter(organisation=organisation, approved_at__lte=known_at)
    latest = rows.order_by("site", "decision_number", "-approved_at", "-pk")
    return {
        row.site_id: ExcusedBy(
            row.decision_number,
            row.closed_from,
            row.closed_until,
            Words(row.reason_vi, row.reason_en or row.reason_vi),
        )
        for row in latest.distinct("site", "decision_number")
        if not row.withdrawn and row.closed_from <= first and last < row.closed_until
    }


def name_of(names: Mapping[int, Words], site_id: int, slug: str) -> Words:
    """What a site is called; without a name, its address."""
    return names.get(site_id, Words(slug, slug))


def names_of(site_ids: Sequence[int]) -> dict[int, Words]:
    """The Vietnamese and the English name of each site, one for the other where one is missing."""
    texts = SiteText.objects.filter(site_id__in=site_ids, language__in=["vi", "en"])
    found: dict[int, dict[str, str]] = {}
    for site_id, language, name in texts.values_list("site_id", "language", "name"):
        found.setdefault(site_id, {})[language] = name
    return {
        site_id: Words(said.get("vi") or said.get("en", ""), said.get("en") or said.get("vi", ""))
        for site_id, said in found.items()
    }
