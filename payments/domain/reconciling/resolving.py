"""A person takes a difference, and says in the end why it was so."""

from datetime import datetime

from payments.models import Difference
from sites.models import User

UNFINISHED = (Difference.Status.OPEN, Difference.Status.TAKEN)


def take(*, difference: Difference, by: User) -> bool:
    """Become the owner of a difference that nobody has explained; false when it is too late."""
    return bool(
        Difference.objects.filter(pk=difference.pk, status__in=UNFINISHED).update(
            owner=by, status=Difference.Status.TAKEN
        )
    )


def resolve(*, difference: Difference, by: User, resolution: str, at: datetime) -> bool:
    """Close a difference with a reason; what was closed before keeps its first reason."""
    return bool(
        Difference.objects.filter(pk=difference.pk, status__in=UNFINISHED).update(
            status=Difference.Status.RESOLVED,
            owner=difference.owner or by,
            resolution=resolution,
            resolved_by=by,
            resolved_at=at,
        )
    )
