"""What phones tell of listening, anonymously."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from guides.domain.listening import keep_plays
from guides.schemas.callers import is_ours
from guides.schemas.listening import PlaysIn, PlaysOut, play_out, read_plays
from sites.domain.limits import within_limit
from sites.schemas.caller import address_of
from sites.schemas.problems import Problem, ProblemError

router = Router(tags=["guides"])


@router.post("/guides/plays", response={200: PlaysOut, 422: Problem, 429: Problem, 503: Problem})
def tell_plays(request: HttpRequest, told: PlaysIn) -> dict[str, Any]:
    """Count plays, late, in batches and any number of times; a position is refused unread."""
    limit = settings.TELLINGS_PER_MINUTE
    if not within_limit(what="plays", who=address_of(request), per_minute=limit):
        detail = _("Too many requests from here. Please wait a minute.")
        raise ProblemError(status=429, code="too_many_requests", detail=detail, Retry_After="60")
    read = read_plays(told.plays)
    sound = [play for play in read if not isinstance(play, str)]
    answers = iter(keep_plays(plays=sound, staff=is_ours(request), at=timezone.now()))
    items = [
        play_out(one, play if isinstance(play, str) else next(answers))
        for one, play in zip(told.plays, read, strict=True)
    ]
    return {"items": items, "count": len(items), "next": None}
