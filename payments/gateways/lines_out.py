"""Questions to a provider over HTTP: one answer, or `GatewayUnavailable`."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final

import orjson

from payments.gateways.protocol import GatewayUnavailable

LARGEST_ANSWER: Final = 4_194_304


def ask_json(
    url: str,
    *,
    question: object | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float,
) -> dict[str, Any]:
    """Post a question, or get an address; the answer is an object of JSON."""
    body = None if question is None else orjson.dumps(question)
    request = urllib.request.Request(  # noqa: S310 - the address comes from the settings
        url, data=body, headers={"Content-Type": "application/json", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310 - as above
            read = orjson.loads(answer.read(LARGEST_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            raise GatewayUnavailable(f"HTTP {error.code}", executed=True) from error
    except (OSError, HTTPException) as error:
        # Never the address: it may hold what only the two of us know.
        raise GatewayUnavailable(type(error).__name__) from error
    except orjson.JSONDecodeError as error:
        raise GatewayUnavailable("not JSON", executed=True) from error
    if not isinstance(read, dict):
        raise GatewayUnavailable("not an object", executed=True)
    return read
