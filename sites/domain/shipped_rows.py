"""Rows that ship with the product, written so that what staff changed since is not lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.db import models

from sites.models import Shipped

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows were made and changed."""

    made: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """A row of which the files say something new: all facts, and those that are new."""

    row: Row
    facts: Mapping[str, Any]
    new: frozenset[str]
    first: bool


def keep_rows(*, model: type[models.Model], key: Sequence[str], rows: Iterable[Row]) -> Kept:
    """Make and change what the files say anew; a row that staff removed stays away."""
    told = Shipped.objects.filter(table=table_of(model))
    said: dict[str, Mapping[str, Any]] = dict(told.values_list("key", "facts"))
    news = {
        _name(row, key): found for row in rows if (found := _news(row, said.get(_name(row, key))))
    }
    if not news:
        return Kept()
    kept = _write(model, key, news)
    Shipped.objects.bulk_create(
        [Shipped(table=table_of(model), key=name, facts=each.facts) for name, each in news.items()],
        update_conflicts=True,
        unique_fields=["table", "key"],
        update_fields=["facts"],
    )
    return kept


def table_of(model: type[models.Model]) -> str:
    return str(model._meta.model_name)  # noqa: SLF001  # Django's name for it


def _name(row: Row, key: Sequence[str]) -> str:
    return " ".join(str(row[field]) for field in key)


def _news(row: Row, before: Mapping[str, Any] | None) -> News | None:
    facts = {
        field: list(value.coords) if isinstance(value, Point) else value
        for field, value in row.items()
    }
    if facts == before:
        return None
    known = before or {}
    new = {field for field in facts if field not in known or known[field] != facts[field]}
    return News(row, facts, frozenset(new), first=before is None)


def _write(model: type[models.Model], key: Sequence[str], news: Mapping[str, News]) -> Kept:
    """Two statements at most; the rows are locked, for staff may be saving them now."""
    table = model._default_manager  # noqa: SLF001  # Django's name for it
    first = {each.row[key[0]] for each in news.values()}
    stored = {
        " ".join(str(getattr(old, field)) for field in key): old
        for old in table.select_for_update(no_key=True).filter(**{f"{key[0]}__in": first})
    }
    made = [model(**each.row) for name, each in news.items() if each.first and name not in stored]
    changed: list[models.Model] = []
    fields: set[str] = set()
    for name in news.keys() & stored.keys():
        if different := _change(stored[name], news[name]):
            changed.append(stored[name])
            fields |= different
    table.bulk_create(made)
    if changed:
        table.bulk_update(changed, sorted(fields))
    return Kept(made=len(made), changed=len(changed))


def _change(old: models.Model, news: News) -> set[str]:
    """Set the new facts on a row, and tell which of them it did not have yet."""
    different = {field for field in news.new if getattr(old, field) != news.row[field]}
    for field in different:
        setattr(old, field, news.row[field])
    return different
