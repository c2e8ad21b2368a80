"""Which voice speaks for a site in a language, and who comes next when it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models.functions import Greatest

from guides.gateways.engines import USUAL_ORDER, engine_named
from guides.gateways.speaking import Engine, NotSpoken, Reason
from guides.models import EngineRest, VoiceOrder

# After these the engine is left alone, by every job, for as long as it asks or for this long.
RESTS: Final = {
    Reason.BUSY: timedelta(minutes=10),
    Reason.NO_NETWORK: timedelta(minutes=1),
    Reason.TOO_SLOW: timedelta(minutes=1),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine as a site could use it; no voice: not here, or not in this language."""

    engine: Engine
    voice: str | None


def order_for(*, site_id: int, language: str) -> list[str]:
    """Return the engines to try, best first: the site's own order, else the usual one.

    Those that cannot speak the language here are left out.
    """
    own = VoiceOrder.objects.filter(site=site_id, language=language).first()
    wanted: Sequence[str] = own.engines if own else USUAL_ORDER
    known = [name for name in wanted if name in set(Engine)]
    return [name for name in known if engine_named(name).voice_for(language=language)]


def choices(*, language: str) -> list[Choice]:
    """Return every engine with its voice for a language, in the usual order."""
    return [Choice(name, engine_named(name).voice_for(language=language)) for name in USUAL_ORDER]


def resting(*, engine: str, at: datetime) -> Reason | None:
    """Say why an engine is left alone now."""
    rest = EngineRest.objects.filter(engine=engine, until__gt=at).first()
    return Reason(rest.reason) if rest else None


def let_rest(*, engine: str, answer: NotSpoken, at: datetime) -> None:
    """Leave an engine alone that asked for it or did not answer; never shorter than before."""
    usual = RESTS.get(answer.reason)
    if usual is None:
        return
    until = at + (timedelta(seconds=answer.wait_s) if answer.wait_s else usual)
    EngineRest.objects.bulk_create(
        [EngineRest(engine=engine, reason=answer.reason, until=until)], ignore_conflicts=True
    )
    EngineRest.objects.filter(engine=engine, until__lt=until).update(
        reason=answer.reason, until=Greatest("until", until)
    )
