"""What goes wrong on demand. Everything is off until somebody turns it on."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from payments.gateways.stripe_simulator.errors import unknown_parameter


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of the deliveries, then faults of the API."""

    # Never deliver a webhook.
    lost: bool = False
    # Deliver so many seconds late.
    late_s: float = 0
    # Deliver each event so many times.
    copies: int = 1
    # Deliver the events of one moment in reverse.
    reordered: bool = False
    # Sign with another secret.
    wrong_signature: bool = False
    # Answer 500 to every call, and keep it under the idempotency key.
    api_error: bool = False
    # Do what is asked, then hang up without an answer.
    api_silent: bool = False
    # Take so many seconds for every call.
    api_slow_s: float = 0
    # What a new refund says of itself until the bank has answered.
    refund_status: str = "succeeded"


def changed(faults: Faults, wanted: dict[str, Any]) -> Faults:
    """Set the named faults; each value becomes what its field is."""
    kinds: dict[str, Any] = {field.name: type(field.default) for field in fields(Faults)}
    for name in wanted:
        if name not in kinds:
            raise unknown_parameter(name)
    return replace(faults, **{name: kinds[name](value) for name, value in wanted.items()})


def shown(faults: Faults) -> dict[str, Any]:
    return asdict(faults)
