"""A report as bytes and back: UTF-8 JSON with sorted keys, the same bytes for the same report."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_origin, get_type_hints

from reporting.domain.calendar import VIETNAM
from reporting.domain.indicators.report import AdoptionReport, Indicator


def as_json(value: Any) -> Any:
    """Turn the values of a report into what JSON can say."""
    if is_dataclass(value):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def canonical(value: Any) -> str:
    """One text for one value, whatever order its keys were made in."""
    return json.dumps(as_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_report(body: str) -> AdoptionReport:
    """The report that these bytes say."""
    report: AdoptionReport = _read(AdoptionReport, json.loads(body))
    return report


def read_table(indicators: str) -> tuple[Indicator, ...]:
    """The indicators of a report, without the thousands of lines beside them."""
    table: tuple[Indicator, ...] = _read(tuple[Indicator, ...], json.loads(indicators))
    return table


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if is_dataclass(kind):
        return _read_dataclass(kind, value)
    if get_origin(kind) is tuple:
        (item, *_rest) = get_args(kind)
        return tuple(_read(item, each) for each in value)
    if get_args(kind):
        # A value or nothing.
        return _read(next(each for each in get_args(kind) if each is not type(None)), value)
    if kind in {date, datetime}:
        return kind.fromisoformat(value)
    return kind(value)


def _read_dataclass(kind: Any, value: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    known = {name: _read(hints[name], each) for name, each in value.items() if name in hints}
    return kind(**known)
