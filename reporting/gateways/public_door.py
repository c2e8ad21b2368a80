"""The platform as a stranger meets it: its own public address, over HTTP, signed in as nobody."""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

import orjson

# Says in every log that this was a probe of ours and no visitor.
PROBE: Final = "ngomon-probe/1"
LARGEST_ANSWER: Final = 4_194_304


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 when nobody answered."""

    status: int
    content: bytes = b""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - the successes of HTTP

    def json(self) -> Mapping[str, Any]:
        """The object in it; an empty one where there is none."""
        try:
            read = orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return {}
        return read if isinstance(read, dict) else {}


@dataclass(frozen=True, slots=True)
class PublicDoor:
    """Where the platform is found."""

    address: str
    timeout_s: float = 10.0

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(path, None, headers)

    def post(self, path: str, question: object, **headers: str) -> Answer:
        return self._ask(path, orjson.dumps(question), headers)

    def _ask(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(  # noqa: S310 - the address comes from the settings
            f"{self.address}{path}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": PROBE,
                "Ngomon-Probe": "1",
                **named,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:  # noqa: S310 - as above
                return Answer(answer.status, answer.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(LARGEST_ANSWER))
        except (OSError, HTTPException):
            return Answer(0)


def milliseconds_since(started: float) -> int:
    """How long something took, from a reading of `time.monotonic`."""
    return int((time.monotonic() - started) * 1000)
