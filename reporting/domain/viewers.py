"""Who reads the department's pages, and how much of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from reporting.domain.bodies import bodies
from reporting.domain.indicators.report import SiteRow
from reporting.models import ReportingBody
from sites.domain.permissions import organisations_to_manage, organisations_to_see, sites_to_see
from sites.models import User

Somebody = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person and one reporting body."""

    user: User
    body: ReportingBody
    # The whole report; else the sites of `slugs` alone.
    whole: bool
    # May bring signed files and write down receipts; an auditor reads alone.
    may_file: bool
    slugs: frozenset[str] = frozenset()

    def sees(self, slug: str) -> bool:
        return self.whole or slug in self.slugs

    def rows(self, rows: Sequence[SiteRow]) -> list[SiteRow]:
        return [row for row in rows if self.sees(row.slug)]


def viewer_of(*, user: Somebody, asked: str = "") -> Viewer | None:
    """Who this is to the body that was asked for, or to the first one; null: to none of them."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return None
    known = [body for body in bodies() if asked in {"", body.organisation.slug}]
    seen = set(organisations_to_see(user=user).values_list("pk", flat=True))
    managed = set(organisations_to_manage(user=user).values_list("pk", flat=True))
    for body in known:
        if body.organisation_id in seen:
            return Viewer(user, body, whole=True, may_file=body.organisation_id in managed)
    slugs = frozenset(sites_to_see(user=user).values_list("slug", flat=True))
    if not known or not slugs:
        return None
    return Viewer(user, known[0], whole=False, may_file=False, slugs=slugs)
