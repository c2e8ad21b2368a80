"""eSpeak NG, called as a program of its own: the voice that needs no network.

The voices were chosen by reading their phonemes, see docs/speech.md.
"""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from guides.gateways.speaking import Engine, NotSpoken, Reason, Spoken

PROGRAM: Final = "espeak-ng"
TIMEOUT_S: Final = 30
VOICES: Final = {
    # Huế lies in the middle of the country.
    "vi": "vi-vn-x-central",
    "en": "en-gb",
    "fr": "fr-fr",
    # `cmn` of version 1.51 reads the pinyin as if it were English.
    "zh": "cmn-latn-pinyin",
    "ja": "ja",
    "ko": "ko",
    "th": "th",
    "de": "de",
    "es": "es",
    "ru": "ru",
    "it": "it",
    "pt": "pt",
}
# A dictionary of two kilobytes and no division of words: better than silence, hardly.
POOR: Final = frozenset({"th"})
# It says "Chinese letter" for each of these in Japanese.
KANJI: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]")


@dataclass(frozen=True, slots=True)
class Espeak:
    """Speaks in milliseconds; robotic, and always there."""

    program: str = PROGRAM
    name: Engine = Engine.ESPEAK
    longest: int = 5_000

    def voice_for(self, *, language: str) -> str | None:
        return VOICES.get(language) if shutil.which(self.program) else None

    def speak(self, *, text: str, language: str) -> Spoken | NotSpoken:
        if shutil.which(self.program) is None:
            return NotSpoken(Reason.ABSENT)
        voice = VOICES.get(language)
        if voice is None or (language == "ja" and KANJI.search(text)):
            return NotSpoken(Reason.NO_VOICE)
        if len(text) > self.longest:
            return NotSpoken(Reason.TOO_LONG)
        with tempfile.TemporaryDirectory(prefix="speech-") as folder:
            return self._write(text, voice, Path(folder) / "said.wav")

    def _write(self, text: str, voice: str, path: Path) -> Spoken | NotSpoken:
        # `[[` would begin phonemes; the text comes by standard input, so it can be no option.
        plain = text.replace("[", "(").replace("]", ")")
        command = [self.program, "-v", voice, "-b", "1", "--stdin", "-w", str(path)]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell
                command, input=plain.encode(), capture_output=True, timeout=TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return NotSpoken(Reason.TOO_SLOW)
        if done.returncode or not path.exists():
            return NotSpoken(Reason.BROKEN)
        return Spoken(path.read_bytes(), self.name, voice)
