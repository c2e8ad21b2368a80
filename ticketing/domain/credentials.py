"""The signed right of a device to judge by itself, for a short time."""

import json
from dataclasses import dataclass
from datetime import datetime

from ticketing.domain.gate_keys import Purpose, sign
from ticketing.domain.gate_knowledge import LONGEST_ALONE
from ticketing.models import GateDevice


@dataclass(frozen=True, slots=True)
class Credential:
    text: str
    signature: str


def credential_for(*, device: GateDevice, at: datetime) -> Credential:
    """Good for the longest time that a gate may be alone; renewed whenever it is heard."""
    text = json.dumps(
        {
            "format": 1,
            "device": device.pk,
            "role": device.role,
            "site": device.gate.site.slug,
            "gate": device.gate.code,
            "issued_at": int(at.timestamp()),
            "expires_at": int((at + LONGEST_ALONE).timestamp()),
        }
    )
    return Credential(text, sign(text, purpose=Purpose.DEVICE, at=at))
