"""Form bodies as Stripe reads them: `line_items[0][price_data][currency]=vnd`."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from payments.gateways.stripe_simulator.errors import invalid, required, unknown_parameter

Parameters = dict[str, Any]
PART = re.compile(r"\[([^\]]*)\]")


def read_form(text: str) -> Parameters:
    """Read a form into nested dictionaries; lists become lists."""
    form: Parameters = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, bracket, _rest = name.partition("[")
        path = [head, *PART.findall(name)] if bracket else [head]
        place = form
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise invalid(name, f"Invalid nesting: {name}")
        place[path[-1]] = value
    return {name: as_lists(value) for name, value in form.items()}


def as_lists(value: Any) -> Any:
    """Turn `{"0": a, "1": b}` into `[a, b]`, all the way down."""
    if not isinstance(value, dict):
        return value
    inner = {name: as_lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def only(form: Parameters, known: Iterable[str]) -> None:
    """Refuse what is not known, as Stripe does: a misspelt parameter is found at once."""
    for name in form:
        if name not in known:
            raise unknown_parameter(name)


def text(form: Parameters, name: str, *, default: str | None = None) -> str:
    value = form.get(name, default)
    if value is None or value == "":
        raise required(name)
    if not isinstance(value, str):
        raise invalid(name, f"Invalid string: {name}")
    return value


def number(form: Parameters, name: str, *, default: int | None = None) -> int:
    value = form.get(name)
    if value is None:
        if default is None:
            raise required(name)
        return default
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,12}", value):
        raise invalid(name, f"Invalid integer: {value}", code="parameter_invalid_integer")
    return int(value)


def mapping(form: Parameters, name: str) -> Parameters:
    value = form.get(name) or {}
    if not isinstance(value, dict):
        raise invalid(name, f"Invalid object: {name}")
    return value


def rows(form: Parameters, name: str) -> list[Any]:
    value = form.get(name) or []
    if not isinstance(value, list):
        raise invalid(name, f"Invalid array: {name}")
    return value
