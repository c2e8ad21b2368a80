"""Is everything there that the work needs?"""

from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest
from ninja import Router, Schema, Status

router = Router(tags=["health"])

HEARTBEAT_KEY = "worker-heartbeat"


class Health(Schema):
    status: str
    checks: dict[str, str]


class Live(Schema):
    status: str = "ok"


@router.get("/live", response=Live)
def live(request: HttpRequest) -> dict[str, str]:
    """Answer as soon as the process can: for load balancers, and the floor of `bin/bench`."""
    return {"status": "ok"}


@router.get("/health", response={200: Health, 503: Health})
def health(request: HttpRequest) -> Status[dict[str, Any]]:
    """Ask the database, PostGIS, the broker and the worker; 503 when one does not answer."""
    checks = {**database_checks(), **broker_checks()}
    failed = [check for check in checks.values() if check == "failed"]
    body = {"status": "failed" if failed else "ok", "checks": checks}
    return Status(503 if failed else 200, body)


def database_checks() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT postgis_lib_version()")
            row = cursor.fetchone()
    except DatabaseError:
        return {"database": "failed", "postgis": "failed"}
    return {"database": "ok", "postgis": str(row[0]) if row else "failed"}


def broker_checks() -> dict[str, str]:
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1).ping()
        beat = cache.get(HEARTBEAT_KEY)
    except redis.RedisError:
        return {"broker": "failed", "worker": "failed"}
    return {"broker": "ok", "worker": "ok" if beat else "failed"}
