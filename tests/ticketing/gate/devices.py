"""A gate device as the server sees it: it fetches, checks signatures, tells and repeats."""

import hashlib
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client

from sites.models import Gate
from tests.factories import OPENING
from tests.ticketing.gate.seats import make_device
from ticketing.domain.ticket_token import to_text
from ticketing.models import GateDevice, Ticket


def unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check(public_key: str, *, domain: bytes, text: str, signature: str) -> None:
    """Raise when the signature does not hold."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    key.verify(unpadded(signature), domain + text.encode())


@dataclass(slots=True)
class Held:
    """What a device took from a pack after checking it against the root it remembers."""

    number: int
    manifest: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Device:
    client: Client
    token: str
    device: GateDevice
    trust_root: str
    texts: dict[int, str] = field(default_factory=dict)
    sequence: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(
            f"/api/v1/gate/{path}", body, content_type="application/json", headers=self.headers
        )

    def get_pack(self, *, since: int = 0, etag: str = "") -> Any:
        headers = self.headers | ({"If-None-Match": etag} if etag else {})
        return self.client.get(f"/api/v1/gate/pack?since={since}", headers=headers)

    def take_pack(self, *, since: int = 0) -> Held:
        """Fetch, check root, list key, every part; put it together as a gate does."""
        answer = self.get_pack(since=since)
        assert answer.status_code == 200, answer.content
        said = answer.json()
        manifest = json.loads(said["manifest"]["text"])
        self.texts |= {part["number"]: part["text"] for part in said["parts"]}
        parts: dict[str, list[dict[str, Any]]] = {}
        for listed in manifest["parts"]:
            text = self.texts[listed["number"]]
            assert hashlib.sha256(text.encode()).hexdigest() == listed["sha256"]
            parts.setdefault(listed["name"], []).append(json.loads(text))
        trust = parts["trust"][0]
        check(self.trust_root, domain=b"HUE-TRUST\0v1\0", **trust)
        (list_key,) = json.loads(trust["text"])["list_keys"]
        check(list_key["public_key"], domain=b"HUE-PACK\0v1\0", **said["manifest"])
        assert said["number"] == manifest["number"]
        return Held(said["number"], manifest, parts)

    def scan(self, ticket: Ticket | None, *, at: datetime = OPENING, **said: Any) -> dict[str, Any]:
        """One scan that the device made alone and let the bearer in."""
        self.sequence += 1
        scan: dict[str, Any] = {
            "scan_id": str(uuid4()),
            "sequence": self.sequence,
            "scanned_at": at.isoformat(),
            "outcome": "admitted",
            "people": ticket.party_size if ticket else 1,
        }
        if ticket is not None:
            scan["token"] = to_text(bytes(ticket.token))
        return scan | said

    def undoing(self, scan: dict[str, Any], *, at: datetime = OPENING) -> dict[str, Any]:
        self.sequence += 1
        return {
            "scan_id": str(uuid4()),
            "sequence": self.sequence,
            "kind": "undo",
            "undoes": scan["scan_id"],
            "reason": "wrong button",
            "scanned_at": (at + timedelta(seconds=30)).isoformat(),
        }

    def tell(self, *scans: Any, **said: Any) -> list[dict[str, Any]]:
        answer = self.post("scans/batch", {"scans": scans, **said})
        assert answer.status_code == 200, answer.content
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def present(self, ticket: Ticket, *, scan_id: UUID | None = None) -> Any:
        """Present a ticket online."""
        body = {
            "scan_id": str(scan_id or uuid4()),
            "token": to_text(bytes(ticket.token)),
            "scanned_at": OPENING.isoformat(),
        }
        return self.post("scans", body).json()


def make_gate_device(*, gate: Gate, client: Client | None = None) -> Device:
    enrolled = make_device(gate=gate)
    return Device(
        client=client or Client(),
        token=enrolled.token,
        device=enrolled.device,
        trust_root=enrolled.trust_root,
    )
