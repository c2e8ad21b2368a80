"""What the simulator knows: Stripe's objects, in memory, and in a file when asked."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

Thing = dict[str, Any]
KINDS = ("sessions", "intents", "charges", "refunds", "disputes", "events", "keys")


@dataclass
class Store:
    """All objects by kind and id. Whoever changes something holds `lock` and says so."""

    file: Path | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    sessions: dict[str, Thing] = field(default_factory=dict)
    intents: dict[str, Thing] = field(default_factory=dict)
    charges: dict[str, Thing] = field(default_factory=dict)
    refunds: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[str, Thing] = field(default_factory=dict)
    events: dict[str, Thing] = field(default_factory=dict)
    # What was answered under an idempotency key.
    keys: dict[str, Thing] = field(default_factory=dict)
    # Events that nobody has taken to deliver yet.
    undelivered: list[str] = field(default_factory=list)
    # Something changed since the file was written.
    dirty: bool = False
    # Seconds by which a test has moved the clock.
    clock_ahead_s: int = 0

    def now(self) -> int:
        return int(time.time()) + self.clock_ahead_s

    def save(self) -> None:
        """Write what changed, whole or not at all."""
        if self.file is None or not self.dirty:
            return
        self.dirty = False
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(orjson.dumps({kind: getattr(self, kind) for kind in KINDS}))
        fresh.replace(self.file)

    def load(self) -> None:
        """Take up where the last run stopped."""
        if self.file is None or not self.file.exists():
            return
        for kind, things in orjson.loads(self.file.read_bytes()).items():
            if kind in KINDS:
                getattr(self, kind).update(things)
        events = self.events.values()
        self.undelivered = [event["id"] for event in events if event["pending_webhooks"]]


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"
