"""Alarm clocks of guides: each looks for rows that wait."""

from celery import shared_task

from guides.domain import panoramas


@shared_task
def cut_panoramas() -> int:
    """Every half minute, by beat, and after an upload. Safe to repeat, to stop and to kill."""
    waiting = panoramas.waiting_panoramas()
    return sum(panoramas.cut_panorama(panorama_id=panorama_id) for panorama_id in waiting)
