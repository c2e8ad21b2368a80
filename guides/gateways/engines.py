"""The engines of this installation, as its settings say."""

from pathlib import Path

from django.conf import settings

from guides.gateways.espeak import POOR, Espeak
from guides.gateways.gtts import Gtts
from guides.gateways.piper import Piper
from guides.gateways.speaking import Engine, SpeechEngine

# The operator's own voices first, then the one with the network, then the one that always speaks.
USUAL_ORDER = (Engine.PIPER, Engine.GTTS, Engine.ESPEAK)


def engine_named(name: str) -> SpeechEngine:
    engines: dict[str, SpeechEngine] = {
        Engine.ESPEAK: Espeak(),
        Engine.GTTS: Gtts(settings.GTTS_API_BASE.rstrip("/")),
        Engine.PIPER: Piper(Path(settings.PIPER_VOICES) if settings.PIPER_VOICES else None),
    }
    return engines[name]


def is_poor(name: str, *, language: str) -> bool:
    """Say whether staff should hear it before they rely on it."""
    return name == Engine.ESPEAK and language in POOR
