"""Piper, called as a program of its own, with voice files that the operator brings.

A voice is `LANGUAGE.onnx` beside `LANGUAGE.onnx.json` in one folder. None is shipped: no package
holds a natural Vietnamese voice, and the licence of each is the operator's to read.
"""

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from guides.gateways.speaking import Engine, NotSpoken, Reason, Spoken

PROGRAM: Final = "piper"
TIMEOUT_S: Final = 120


@dataclass(frozen=True, slots=True)
class Piper:
    voices: Path | None
    program: str = PROGRAM
    name: Engine = Engine.PIPER
    longest: int = 2_000

    def voice_for(self, *, language: str) -> str | None:
        """Name the voice after its description: another file is another voice to the cache."""
        model = self._model(language)
        if model is None or shutil.which(self.program) is None:
            return None
        described = model.with_name(model.name + ".json").read_bytes()
        mark = hashlib.sha256(described + str(model.stat().st_size).encode()).hexdigest()[:12]
        return f"{language}-{mark}"

    def speak(self, *, text: str, language: str) -> Spoken | NotSpoken:
        voice, model = self.voice_for(language=language), self._model(language)
        if voice is None or model is None:
            return NotSpoken(Reason.ABSENT)
        if len(text) > self.longest:
            return NotSpoken(Reason.TOO_LONG)
        with tempfile.TemporaryDirectory(prefix="speech-") as folder:
            return self._write(text, model, voice, Path(folder) / "said.wav")

    def _model(self, language: str) -> Path | None:
        if self.voices is None or not language.isalpha():
            return None
        model = self.voices / f"{language}.onnx"
        both = model.is_file() and model.with_name(model.name + ".json").is_file()
        return model if both else None

    def _write(self, text: str, model: Path, voice: str, path: Path) -> Spoken | NotSpoken:
        # One line is one utterance; line breaks would make several files.
        line = " ".join(text.split())
        command = [self.program, "--model", str(model), "--output_file", str(path)]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell
                command, input=line.encode(), capture_output=True, timeout=TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return NotSpoken(Reason.TOO_SLOW)
        if done.returncode or not path.exists():
            return NotSpoken(Reason.BROKEN)
        return Spoken(path.read_bytes(), self.name, voice)
