"""What goes wrong on demand. Everything is off until somebody turns it on."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of the messages, then faults of the questions."""

    # Never deliver a message.
    lost: bool = False
    # Deliver so many seconds late.
    late_s: float = 0
    # Deliver each message so many times.
    copies: int = 1
    # Deliver the messages of one moment in reverse.
    reordered: bool = False
    # Sign with another secret.
    wrong_signature: bool = False
    # Say that so much more was paid than was, in whole đồng.
    amount_off: int = 0
    # Say another terminal or account.
    wrong_account: bool = False
    # Send one parameter twice.
    doubled_parameter: bool = False
    # Answer 500 to every question.
    api_error: bool = False
    # Do what is asked, then hang up without an answer.
    api_silent: bool = False
    # Take so many seconds for every answer.
    api_slow_s: float = 0


def changed(faults: Faults, wanted: dict[str, Any]) -> Faults:
    """Set the named faults; each value becomes what its field is."""
    kinds: dict[str, Any] = {one.name: type(one.default) for one in fields(Faults)}
    known = {name: kinds[name](value) for name, value in wanted.items() if name in kinds}
    return replace(faults, **known)


def shown(faults: Faults) -> dict[str, Any]:
    return asdict(faults)
