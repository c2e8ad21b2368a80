"""Who may read how much of a report: all of it, the rows of their own sites, or the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.models import ReportingBody
from sites.domain.permissions import Somebody, organisations_to_see, sites_to_see

# Fewer people in a cell could be known by their number.
SMALLEST_CELL = 10
# Shares of people; and those beside which payments, plays or people are counted.
OF_PEOPLE = frozenset({"A7", "B1"})
WITH_PEOPLE = OF_PEOPLE | {"A5", "A6"}


@dataclass(frozen=True, slots=True)
class Audience:
    """`whole`: the department and its auditors. Without it and without sites: the public."""

    whole: bool = False
    slugs: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        if self.whole:
            return "department"
        return "site" if self.slugs else "public"

    def sees(self, slug: str) -> bool:
        return self.whole or slug in self.slugs


def audience_of(*, user: Somebody, body: ReportingBody) -> Audience:
    """Whoever belongs to the reporting organisation sees all; others of the staff their sites."""
    if organisations_to_see(user=user).filter(pk=body.organisation_id).exists():
        return Audience(whole=True)
    return Audience(slugs=frozenset(sites_to_see(user=user).values_list("slug", flat=True)))


def for_audience(
    report: Mapping[str, Any], audience: Audience, *, is_draft: bool
) -> dict[str, Any]:
    """The report without what this audience may not read."""
    if audience.whole:
        return dict(report)
    if is_draft and not audience.slugs:
        report = without_people(report)
    kept = {
        "sites": _own(report["sites"], audience, "slug"),
        "evidence": _own(report["evidence"], audience, "site"),
        "excused": _own(report["excused"], audience, "slug"),
        "not_applicable": _own(report["not_applicable"], audience, "slug"),
        "registry_changes": _own(report["registry_changes"], audience, "site"),
        "corrections": [
            one for one in report["corrections"] if not one["site"] or audience.sees(one["site"])
        ],
        "context": [
            one
            for one in report["context"]
            if (not one["site"] or audience.sees(one["site"])) and not _is_small(one)
        ],
        "denominator": {**report["denominator"], "added": [], "removed": []},
    }
    return {**report, **kept}


def without_people(report: Mapping[str, Any]) -> dict[str, Any]:
    """A draft is computed every hour: from one to the next, sums would tell of a few people.

    Shares and their status stay; how many people and payments they are of is told at the freeze.
    """
    return {
        **report,
        "indicators": [_share_alone(one) for one in report["indicators"]],
        "context": [],
        "corrections": [one for one in report["corrections"] if one["code"] not in OF_PEOPLE],
    }


def _share_alone(one: Mapping[str, Any]) -> dict[str, Any]:
    if one["code"] not in WITH_PEOPLE:
        return dict(one)
    told: dict[str, Any] = {**one, "readings": [], "facts": [], "notes": []}
    return told | ({"num": None, "den": None} if one["code"] in OF_PEOPLE else {})


def _own(rows: Sequence[Mapping[str, Any]], audience: Audience, key: str) -> list[Any]:
    return [row for row in rows if audience.sees(row[key])]


def _is_small(one: Mapping[str, Any]) -> bool:
    return bool(one["code"] == "visitors" and one["value"] < SMALLEST_CELL)
