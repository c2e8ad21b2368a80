"""Whether a user has anything at all to see or to manage."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

Whose = Callable[..., QuerySet[Any]]


def has_any(request: HttpRequest, whose: Whose) -> bool:
    """Ask once in a request: the framework asks several times for each kind of row there is."""
    known: dict[Whose, bool] = request.__dict__.setdefault("_has_any", {})
    if whose not in known:
        known[whose] = whose(user=request.user).exists()
    return known[whose]
