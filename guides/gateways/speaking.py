"""What an engine of speech is, whichever it is: text in, sound out, or the reason why not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Engine(StrEnum):
    """The engines by the name under which their work is kept."""

    GTTS = "gtts"
    ESPEAK = "espeak"
    PIPER = "piper"


class Reason(StrEnum):
    """Why an engine did not speak."""

    # It answered that it was asked too often (429).
    BUSY = "BUSY"
    NO_NETWORK = "NO_NETWORK"
    # It did not answer in time.
    TOO_SLOW = "TOO_SLOW"
    TOO_LONG = "TOO_LONG"
    # It has no voice for this language, or none for these letters.
    NO_VOICE = "NO_VOICE"
    # The program, the voice file or the operator's consent is missing.
    ABSENT = "ABSENT"
    # It answered with something that is no sound.
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound as the engine made it: WAV or MP3, neither levelled nor trimmed."""

    sound: bytes
    engine: Engine
    voice: str


@dataclass(frozen=True, slots=True)
class NotSpoken:
    reason: Reason
    # How long the engine asked to be left alone.
    wait_s: int = 0


class SpeechEngine(Protocol):
    """One way to make a voice. No call raises for what was to be expected."""

    @property
    def name(self) -> Engine: ...

    @property
    def longest(self) -> int:
        """Return how many letters it takes at once."""

    def voice_for(self, *, language: str) -> str | None:
        """Name the voice of a language; nothing when it cannot speak it now."""

    def speak(self, *, text: str, language: str) -> Spoken | NotSpoken: ...
