"""Alarm clocks of reporting: each looks for what is due."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from reporting.domain import freezing, papers, probing
from reporting.gateways.public_door import PublicDoor
from reporting.schemas.paper import set_paper

# A turn ends before the queue would end it; the next one goes on.
SECONDS_A_TURN = 200
# A report of a thousand sites on a slow machine, and others that wait before it.
LONGEST_SETTING_S = 1800


@shared_task
def probe_buying() -> int:
    """Every few minutes, by beat. A site is tried once an hour, however often this runs."""
    door = PublicDoor(settings.PUBLIC_URL)
    return probing.probe_buying(door=door, at=timezone.now(), seconds=SECONDS_A_TURN)


@shared_task
def probe_pages() -> int:
    """Every quarter of an hour, by beat. A page is asked for once a day."""
    door = PublicDoor(settings.PUBLIC_URL)
    return probing.probe_pages(door=door, at=timezone.now(), seconds=SECONDS_A_TURN)


@shared_task
def freeze_reports() -> int:
    """Every hour, by beat. Late or twice, the frozen bytes are the same."""
    return freezing.freeze_what_is_due(at=timezone.now())


@shared_task
def refresh_reports() -> int:
    """Every hour, by beat: the drafts that the dashboard shows."""
    return freezing.refresh_all(at=timezone.now())


@shared_task(time_limit=LONGEST_SETTING_S)
def set_papers() -> int:
    """Every minute, by beat, and nudged by who asks for one. Safe to repeat and to miss."""
    return papers.set_papers(setter=set_paper, at=timezone.now())
