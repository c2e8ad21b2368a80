from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from guides.gateways.gtts_simulator import GttsSimulator
from tests.guides.speech.desk import Desk, open_desk


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    """Keep every file of a test below its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WORK_ROOT = tmp_path / "work"
    settings.GTTS_API_BASE = ""
    settings.PIPER_VOICES = ""


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with open_desk() as opened:
        settings.GTTS_API_BASE = opened.simulator.url
        yield opened


@pytest.fixture
def simulator() -> Iterator[GttsSimulator]:
    made = GttsSimulator(mode="test")
    made.start()
    yield made
    made.stop()
