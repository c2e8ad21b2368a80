"""The life of one version of a narration: a table with one door."""

from collections.abc import Mapping

from guides.models import Narration, NarrationVersion, Status

# Published again after it was withdrawn, it is a new version, read by a second person once more.
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.IN_REVIEW}),
    Status.IN_REVIEW: frozenset({Status.DRAFT, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
}


def move(version: NarrationVersion, *, to: Status, **facts: object) -> bool:
    """Change the status, and facts with it, if the table allows and nobody changed it first."""
    here = Status(version.status)
    if to not in MOVES[here]:
        return False
    rows = NarrationVersion.objects.filter(pk=version.pk, status=here)
    moved = rows.update(status=to, **facts)
    if moved:
        version.status = to
        for name, value in facts.items():
            setattr(version, name, value)
    return bool(moved)


def settle_narration(narration: Narration) -> None:
    """Write what the public meets, as the versions say it now."""
    versions = list(narration.versions.order_by("-number"))
    live = next((each for each in versions if each.status == Status.PUBLISHED), None)
    newest = Status(versions[0].status) if versions else Status.DRAFT
    narration.live = live
    narration.status = Status.PUBLISHED if live else newest
    Narration.objects.filter(pk=narration.pk).update(live=live, status=narration.status)
