"""What the tests of speech start from: guides to read, engines to read them with."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from guides.domain.narrating import ask_for_speech
from guides.domain.speaking import work
from guides.gateways.espeak import Espeak
from guides.gateways.gtts import Gtts
from guides.gateways.gtts_simulator import Faults, GttsSimulator
from guides.gateways.speaking import Engine, NotSpoken, SpeechEngine, Spoken
from guides.models import Narration, Recording, SpeechJob
from tests.factories import OPENING

LATER = OPENING + timedelta(hours=2)


@dataclass(slots=True)
class CountingEspeak:
    """The real voice, with what it was asked to say."""

    said: Counter[str] = field(default_factory=Counter)
    longest: int = 5_000
    name: Engine = Engine.ESPEAK

    def voice_for(self, *, language: str) -> str | None:
        return Espeak().voice_for(language=language)

    def speak(self, *, text: str, language: str) -> Spoken | NotSpoken:
        self.said[text] += 1
        return Espeak().speak(text=text, language=language)


@dataclass(slots=True)
class Desk:
    """An installation with an online voice (simulated) and the one that is always there."""

    simulator: GttsSimulator
    espeak: CountingEspeak
    # How long it waits for the online voice, and how much it takes at once.
    patience_s: float = 20
    longest: int = 2_000

    def engine(self, name: str) -> SpeechEngine:
        if name == Engine.GTTS:
            return Gtts(self.simulator.url, whole_s=self.patience_s, longest=self.longest)
        return self.espeak

    def work(self, *, seconds: float = 60) -> int:
        return work(at=OPENING, seconds=seconds, engines=self.engine)


@contextmanager
def open_desk(faults: Faults | None = None) -> Iterator[Desk]:
    simulator = GttsSimulator(mode="test", faults=faults)
    simulator.start()
    yield Desk(simulator, CountingEspeak())
    simulator.stop()


def asked(*narrations: Narration) -> SpeechJob:
    job = ask_for_speech(site=narrations[0].stop.guide.site, narrations=narrations, at=OPENING)
    assert isinstance(job, SpeechJob), job
    return job


def the_recording(narration: Narration) -> Recording:
    return Recording.objects.get(narration=narration)


def files_below(folder: Path) -> list[str]:
    """Every file in a folder, however deep."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def kept_files() -> list[str]:
    return files_below(Path(settings.MEDIA_ROOT))


def working_files() -> list[str]:
    return files_below(Path(settings.WORK_ROOT))
