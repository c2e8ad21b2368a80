"""Alarm clocks of guides: each looks for rows that wait."""

from celery import shared_task
from django.utils import timezone

from guides.domain import panoramas, receiving, speaking
from guides.domain.published import leave_facts_where_stale_is_hidden
from guides.domain.publishing import expire_due, publish_due


@shared_task
def cut_panoramas() -> int:
    """Every half minute, by beat, and after an upload. Safe to repeat, to stop and to kill."""
    waiting = panoramas.waiting_panoramas()
    return sum(panoramas.cut_panorama(panorama_id=panorama_id) for panorama_id in waiting)


@shared_task
def keep_publishing_times() -> int:
    """Every half minute, by beat: publish and withdraw what is due. Safe to repeat and to miss."""
    at = timezone.now()
    changed = publish_due(at=at) + expire_due(at=at)
    leave_facts_where_stale_is_hidden(at=at)
    return changed


@shared_task
def speak_guides() -> int:
    """By beat, and nudged by who asks. Safe to repeat; safe to miss a turn.

    A turn lasts seconds, then others may use the worker; it comes again while there is work.
    """
    steps = speaking.take_turn(at=timezone.now())
    if steps:
        speak_guides.delay()
    return steps


@shared_task
def make_recordings() -> int:
    """By beat, and nudged by an upload: level and encode what was received. Safe to repeat."""
    return receiving.make_waiting(at=timezone.now())


@shared_task
def sweep_work() -> int:
    """By beat: take away what killed workers and broken uploads left. Safe to miss."""
    return receiving.sweep(at=timezone.now())
