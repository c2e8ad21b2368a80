"""What every engine of speech must do, whichever it is.

The online one is held against its simulator, piper against a program of ours in the place of the
one that the operator installs.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guides.gateways import ffmpeg
from guides.gateways.espeak import VOICES, Espeak
from guides.gateways.gtts import CODES, Gtts
from guides.gateways.gtts_simulator import Faults, GttsSimulator, SimulatorRefused
from guides.gateways.piper import Piper
from guides.gateways.speaking import NotSpoken, Reason, SpeechEngine, Spoken
from sites.models import Language

# Takes the arguments of piper and lets espeak speak.
PIPER = """#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in --output_file) out=$2 ;; --model) test -s "$2" || exit 1 ;; esac
  shift
done
exec espeak-ng -v vi -b 1 --stdin -w "$out"
"""


@pytest.fixture
def simulator() -> Iterator[GttsSimulator]:
    made = GttsSimulator(mode="test")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def piper(tmp_path: Path) -> Piper:
    program = tmp_path / "piper"
    program.write_text(PIPER, encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "vi.onnx").write_bytes(b"voice")
    (tmp_path / "vi.onnx.json").write_text("{}", encoding="utf-8")
    return Piper(voices=tmp_path, program=str(program))


@pytest.fixture(params=["espeak", "gtts", "piper"])
def engine(request: pytest.FixtureRequest, piper: Piper, simulator: GttsSimulator) -> SpeechEngine:
    engines: dict[str, SpeechEngine] = {
        "espeak": Espeak(),
        "gtts": Gtts(simulator.url),
        "piper": piper,
    }
    return engines[request.param]


def test_it_says_a_sentence(engine: SpeechEngine, tmp_path: Path) -> None:
    spoken = engine.speak(text="Ngọ Môn có năm lối đi.\nMời vào.", language="vi")

    assert isinstance(spoken, Spoken)
    assert (spoken.engine, spoken.voice) == (engine.name, engine.voice_for(language="vi"))
    sound = tmp_path / "said"
    sound.write_bytes(spoken.sound)
    assert ffmpeg.measure(sound).duration_s > 0.5


def test_a_text_that_looks_like_an_option_is_spoken(engine: SpeechEngine) -> None:
    assert isinstance(engine.speak(text="--version [[a]]", language="vi"), Spoken)


def test_too_long_a_text_is_refused_before_anything_is_asked(engine: SpeechEngine) -> None:
    text = "a" * (engine.longest + 1)

    assert engine.speak(text=text, language="vi") == NotSpoken(Reason.TOO_LONG)


def test_a_language_without_a_voice_is_refused(engine: SpeechEngine) -> None:
    assert engine.voice_for(language="xx") is None
    outcome = engine.speak(text="a", language="xx")
    assert outcome in {NotSpoken(Reason.NO_VOICE), NotSpoken(Reason.ABSENT)}


@pytest.mark.parametrize("engine", [Espeak("no-such-program"), Gtts(""), Piper(None)])
def test_an_engine_that_is_not_there_says_so(engine: SpeechEngine) -> None:
    assert engine.voice_for(language="vi") is None
    assert engine.speak(text="a", language="vi") == NotSpoken(Reason.ABSENT)


def test_espeak_and_gtts_have_a_voice_for_each_language() -> None:
    texts = {"ja": "こうじょう", "zh": "皇城", "th": "วัง", "ko": "황성"}

    spoken = [
        Espeak().speak(text=texts.get(language, "Huế 1833"), language=language)
        for language in Language.values
    ]

    assert [type(each) for each in spoken] == [Spoken] * 12
    assert set(VOICES) == set(CODES) == set(Language.values)


def test_espeak_refuses_chinese_characters_in_japanese_that_it_would_not_read() -> None:
    outcome = Espeak().speak(text="皇城のもん", language="ja")

    assert outcome == NotSpoken(Reason.NO_VOICE)


def test_hue_speaks_with_the_voice_of_the_centre() -> None:
    assert Espeak().voice_for(language="vi") == "vi-vn-x-central"
    assert Espeak().voice_for(language="zh") == "cmn-latn-pinyin"


def test_another_voice_file_is_another_voice(piper: Piper) -> None:
    before = piper.voice_for(language="vi")
    assert piper.voices is not None
    (piper.voices / "vi.onnx.json").write_text('{"quality": "high"}', encoding="utf-8")

    assert piper.voice_for(language="vi") != before


def test_429_is_busy_with_the_time_to_wait(simulator: GttsSimulator) -> None:
    simulator.faults = Faults(busy_from=2, retry_after_s=70)

    outcome = Gtts(simulator.url).speak(text="Một hai ba bốn. " * 20, language="vi")

    assert outcome == NotSpoken(Reason.BUSY, wait_s=70)
    assert simulator.asked == 2


@pytest.mark.parametrize("faults", [Faults(hanging_from=1), Faults(dripping_s=0.02)])
def test_a_server_that_hangs_or_drips_is_left_in_time(
    simulator: GttsSimulator, faults: Faults
) -> None:
    simulator.faults = faults

    began = time.monotonic()
    outcome = Gtts(simulator.url, whole_s=0.3).speak(text="Xin chào", language="vi")

    assert outcome == NotSpoken(Reason.TOO_SLOW)
    assert time.monotonic() - began < 20


def test_an_answer_without_sound_is_broken(simulator: GttsSimulator) -> None:
    simulator.faults = Faults(soundless=True)

    outcome = Gtts(simulator.url).speak(text="Xin chào", language="vi")

    assert outcome == NotSpoken(Reason.BROKEN)


def test_nobody_there_is_no_network(simulator: GttsSimulator) -> None:
    simulator.stop()

    outcome = Gtts(simulator.url).speak(text="Xin chào", language="vi")

    assert outcome == NotSpoken(Reason.NO_NETWORK)


def test_the_simulator_hears_what_the_library_would_send(simulator: GttsSimulator) -> None:
    Gtts(simulator.url).speak(text="Năm 1833", language="vi")

    assert simulator.spoken == {"Năm 1833": 1}


def test_the_simulator_refuses_production() -> None:
    with pytest.raises(SimulatorRefused):
        GttsSimulator(mode="production")


def test_a_program_that_fails_is_broken(tmp_path: Path) -> None:
    program = tmp_path / "espeak"
    program.write_text(f"#!{sys.executable}\nraise SystemExit(3)\n", encoding="utf-8")
    program.chmod(0o755)

    assert Espeak(str(program)).speak(text="a", language="vi") == NotSpoken(Reason.BROKEN)
