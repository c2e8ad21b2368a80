from celery import shared_task
from django.core.cache import cache

from backend.health import HEARTBEAT_KEY

HEARTBEAT_LIVES_S = 60


@shared_task
def heartbeat() -> None:
    """Every ten seconds, by beat: proves that beat, broker and worker all run."""
    cache.set(HEARTBEAT_KEY, "ok", timeout=HEARTBEAT_LIVES_S)
