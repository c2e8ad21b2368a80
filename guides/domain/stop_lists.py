"""The list of stops that a site is measured by: proposed by one person, approved by another."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guides.domain.freshness import hash_of
from guides.domain.trail import Act
from guides.models import Guide, GuideEvent
from sites.models import User


@dataclass(frozen=True, slots=True)
class Proposed:
    stops_hash: str


@dataclass(frozen=True, slots=True)
class Approved:
    stops_hash: str


@dataclass(frozen=True, slots=True)
class NotProposed:
    """Nobody else has proposed the list as it is now."""


def list_hash(*, guide: Guide) -> str:
    """Return the hash of what a list says: numbers, names, and which stops are required."""
    rows = guide.stops.order_by("number").values_list("number", "slug", "required")
    return hash_of("\n".join(f"{number} {slug} {required}" for number, slug, required in rows))


def is_approved(*, guide: Guide) -> bool:
    """Say whether two people agreed on the list as it is now."""
    return guide.stops_approved_by_id is not None and guide.stops_hash == list_hash(guide=guide)


@transaction.atomic
def propose_stops(*, guide_id: int, by: User, at: datetime) -> Proposed:
    """Propose the list as it is now; an earlier approval ends."""
    guide = Guide.objects.select_for_update().get(pk=guide_id)
    guide.stops_proposed_by, guide.stops_hash = by, list_hash(guide=guide)
    guide.stops_approved_by = guide.stops_approved_at = None
    guide.save()
    _tell(Act.STOPS_PROPOSED, guide, by, at)
    return Proposed(guide.stops_hash)


@transaction.atomic
def approve_stops(*, guide_id: int, by: User, at: datetime) -> Approved | NotProposed:
    """Approve what another person proposed, if the list is still that one."""
    guide = Guide.objects.select_for_update().get(pk=guide_id)
    proposer = guide.stops_proposed_by_id
    if proposer in {None, by.pk} or guide.stops_hash != list_hash(guide=guide):
        return NotProposed()
    guide.stops_approved_by, guide.stops_approved_at = by, at
    guide.save(update_fields=["stops_approved_by", "stops_approved_at"])
    _tell(Act.STOPS_APPROVED, guide, by, at)
    return Approved(guide.stops_hash)


def _tell(act: Act, guide: Guide, by: User, at: datetime) -> None:
    GuideEvent.objects.create(
        site_id=guide.site_id, what=act.value, by=by, at=at, summary=guide.slug
    )
