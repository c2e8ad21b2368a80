"""The speech of Google Translate. The library `gtts` packs and divides the text; we send it.

The library itself would send without looking at the server's certificate and could wait for
ever on a server that drips. The address is no official service: whoever runs this platform
answers for its terms of use, and turns it on by naming the address.
"""

import base64
import binascii
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import requests
from gtts import gTTS
from urllib3.exceptions import HTTPError, ReadTimeoutError

from guides.gateways.speaking import Engine, NotSpoken, Reason, Spoken

PATH: Final = "/_/TranslateWebserverUi/data/batchexecute"
CODES: Final = {
    "vi": "vi",
    "en": "en",
    "fr": "fr",
    "zh": "zh-CN",
    "ja": "ja",
    "ko": "ko",
    "th": "th",
    "de": "de",
    "es": "es",
    "ru": "ru",
    "it": "it",
    "pt": "pt-PT",
}
PIECE: Final = 16_384
LARGEST_ANSWER: Final = 4_000_000
LONGEST_WAIT_S: Final = 3_600
SOUND: Final = re.compile(r'jQ1olc","\[\\"([A-Za-z0-9+/=_-]+)\\"')


class _Slow(Exception):  # noqa: N818 - a way out of the reading loop
    """The whole answer did not come in time."""


@dataclass(frozen=True, slots=True)
class Gtts:
    """One Vietnamese voice, over the network, divided at a hundred letters."""

    # Empty: the operator has not turned it on.
    base: str
    connect_s: float = 3
    # For one segment with all its parts.
    whole_s: float = 20
    monotonic: Callable[[], float] = time.monotonic
    name: Engine = Engine.GTTS
    longest: int = 2_000

    def voice_for(self, *, language: str) -> str | None:
        return CODES.get(language) if self.base else None

    def speak(self, *, text: str, language: str) -> Spoken | NotSpoken:
        if not self.base:
            return NotSpoken(Reason.ABSENT)
        code = CODES.get(language)
        if code is None:
            return NotSpoken(Reason.NO_VOICE)
        if len(text) > self.longest:
            return NotSpoken(Reason.TOO_LONG)
        try:
            bodies = gTTS(text=text, lang=code, lang_check=False).get_bodies()
        except AssertionError:  # nothing but marks
            return NotSpoken(Reason.BROKEN)
        return self._ask(bodies, code)

    def _ask(self, bodies: list[str], code: str) -> Spoken | NotSpoken:
        until = self.monotonic() + self.whole_s
        sound = b""
        with requests.Session() as line:
            for body in bodies:
                answer = self._ask_once(line, body, until)
                if isinstance(answer, NotSpoken):
                    return answer
                sound += answer
        return Spoken(sound, self.name, code)

    def _ask_once(self, line: requests.Session, body: str, until: float) -> bytes | NotSpoken:
        left = until - self.monotonic()
        if left <= 0:
            return NotSpoken(Reason.TOO_SLOW)
        try:
            with line.post(
                self.base + PATH,
                data=body,
                headers=gTTS.GOOGLE_TTS_HEADERS,
                timeout=(self.connect_s, left),
                stream=True,
                allow_redirects=False,
            ) as answer:
                return self._read(answer, until)
        except (requests.Timeout, ReadTimeoutError, _Slow):
            return NotSpoken(Reason.TOO_SLOW)
        except (requests.RequestException, HTTPError):
            return NotSpoken(Reason.NO_NETWORK)

    def _read(self, answer: requests.Response, until: float) -> bytes | NotSpoken:
        if answer.status_code == requests.codes.too_many_requests:
            return NotSpoken(Reason.BUSY, _seconds(answer.headers.get("Retry-After", "")))
        if answer.status_code != requests.codes.ok:
            return NotSpoken(Reason.BROKEN)
        text = b""
        # What is there already, and not a whole piece: a server that drips would never fill one.
        while piece := answer.raw.read1(PIECE, decode_content=True):
            text += piece
            if self.monotonic() > until:
                raise _Slow
            if len(text) > LARGEST_ANSWER:
                return NotSpoken(Reason.BROKEN)
        found = SOUND.search(text.decode(errors="replace"))
        try:
            sound = base64.b64decode(found.group(1), validate=True) if found else b""
        except binascii.Error:
            sound = b""
        return sound or NotSpoken(Reason.BROKEN)


def _seconds(told: str) -> int:
    """Read Retry-After in seconds; a date there is as good as nothing."""
    return min(int(told), LONGEST_WAIT_S) if told.isdecimal() else 0
