"""Messages of the services that read a bank account: SePay's and Casso's forms.

They are proven by a signature over the untouched bytes. What they tell is that money moved; whose
it is, the memo says.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import orjson

from payments.gateways.protocol import (
    About,
    MessageSource,
    PaymentState,
    ProviderEvent,
    Subject,
    WebhookRefused,
)
from payments.gateways.vietqr.credits import Credit, casso_credit, sepay_credit, text_of

# A message that is older, or from the future, is a replay. Repeats are signed anew.
TOLERANCE_S: Final = 300
# Seconds or milliseconds since 1970. What is longer is no time, whatever it is.
STAMP: Final = re.compile(r"[0-9]{1,15}")
# The portal's test call: heard, and nothing follows from it.
TEST: Final = "test"
TEST_ID: Final = 0
LONGEST_ID: Final = 100


class BankFeed(MessageSource, Protocol):
    """A service that reads one bank account."""

    @property
    def name(self) -> str:
        """How rows that it told are marked."""

    def credits_in(self, body: bytes) -> tuple[Credit, ...]:
        """Read the lines of a verified message; raises `NotACredit` for what is none."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """One account, and the secrets that count: the one in use first."""

    number: str
    secrets: tuple[str, ...] = field(repr=False)


class SepayFeed:
    """SePay's bank webhook, signed over the time and the raw body."""

    name = "sepay"

    def __init__(self, settings: FeedSettings) -> None:
        self.settings = settings

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        stamp = headers.get("X-SePay-Timestamp", "")
        given = headers.get("X-SePay-Signature", "").removeprefix("sha256=")
        fresh = STAMP.fullmatch(stamp) and abs(time.time() - int(stamp)) <= TOLERANCE_S
        if not fresh:
            return WebhookRefused("an old message, or one without its time")
        text = stamp.encode() + b"." + body
        if not signed(text, given=given, secrets=self.settings.secrets, method="sha256"):
            return WebhookRefused("bad signature")
        facts = object_in(body)
        if facts is None:
            return WebhookRefused("not an object")
        told = {str(facts.get(name)) for name in ("accountNumber", "subAccount")}
        if self.settings.number not in told:
            return WebhookRefused("another account")
        return ProviderEvent(
            f"{self.settings.number}-{short(text_of(facts.get('id')))}", "line", ""
        )

    def subject_of(self, body: bytes) -> Subject:
        return Subject(About.CREDITS)

    def state_in(self, body: bytes) -> PaymentState | None:
        return None

    def credits_in(self, body: bytes) -> tuple[Credit, ...]:
        return (sepay_credit(object_in(body) or {}),)


class CassoFeed:
    """Casso's webhooks: signed ones, and the older ones that carry a token."""

    name = "casso"

    def __init__(self, settings: FeedSettings) -> None:
        self.settings = settings

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        facts = object_in(body)
        if facts is None:
            return WebhookRefused("not an object")
        header = headers.get("X-Casso-Signature", "")
        proven = (
            self.is_signed(facts, header=header)
            if header
            else self.has_token(headers.get("secure-token", ""))
        )
        if not proven:
            return WebhookRefused("bad signature")
        rows = rows_in(facts)
        theirs = {str(row["accountNumber"]) for row in rows if row.get("accountNumber")}
        if theirs - {self.settings.number}:
            return WebhookRefused("another account")
        numbers = "-".join(text_of(row.get("id")) for row in rows)
        kind = TEST if [row.get("id") for row in rows] == [TEST_ID] else "line"
        return ProviderEvent(f"{self.settings.number}-{short(numbers)}", kind, "")

    def is_signed(self, facts: dict[str, Any], *, header: str) -> bool:
        """Check a signature over the body with its names sorted, however deep they lie."""
        parts = dict(part.partition("=")[::2] for part in header.split(","))
        stamp = parts.get("t", "")
        if not STAMP.fullmatch(stamp):
            return False
        try:
            text = f"{stamp}.".encode() + orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            # It can be read and not be written: nothing that lies so deep comes from a bank.
            return False
        given = parts.get("v1", "")
        return signed(text, given=given, secrets=self.settings.secrets, method="sha512")

    def has_token(self, token: str) -> bool:
        given = token.encode()
        return any(hmac.compare_digest(given, one.encode()) for one in self.settings.secrets)

    def subject_of(self, body: bytes) -> Subject:
        return Subject(About.CREDITS)

    def state_in(self, body: bytes) -> PaymentState | None:
        return None

    def credits_in(self, body: bytes) -> tuple[Credit, ...]:
        rows = rows_in(object_in(body) or {})
        return tuple(casso_credit(row) for row in rows if row.get("id") != TEST_ID)


def signed(text: bytes, *, given: str, secrets: tuple[str, ...], method: str) -> bool:
    wanted = (hmac.new(secret.encode(), text, getattr(hashlib, method)) for secret in secrets)
    return any(
        hmac.compare_digest(one.hexdigest().encode(), given.lower().encode()) for one in wanted
    )


def object_in(body: bytes) -> dict[str, Any] | None:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return read if isinstance(read, dict) else None


def rows_in(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the rows: one object in the newer form, a list of them in the older."""
    data = facts.get("data")
    rows = data if isinstance(data, list) else [data]
    return [row for row in rows if isinstance(row, dict)]


def short(text: str) -> str:
    """Keep an id that fits its column; a long row of numbers becomes their digest."""
    return text if len(text) <= LONGEST_ID else hashlib.sha256(text.encode()).hexdigest()
