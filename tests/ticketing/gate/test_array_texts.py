"""Columns joined by hand: PostgreSQL reads exactly the values that were meant."""

from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.factories import OPENING
from ticketing.domain.array_texts import bytestrings, moments, plain, texts, uuids

pytestmark = pytest.mark.django_db


def read(text: str, kind: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind}[])", [text])
        return [value for (value,) in cursor.fetchall()]


words = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(words | some.sampled_from(["NULL", '"', "\\", "{a,b}", " ", ",", "\\x00"])))
def test_any_text_comes_back_as_it_was(told: list[str]) -> None:
    assert read(texts(told), "text") == told


def test_numbers_truths_ids_bytes_and_times_come_back_as_they_were() -> None:
    ids = [UUID(int=1), None, UUID(int=2**128 - 1)]
    times = [OPENING, None, datetime(2026, 1, 1, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=-5)))]

    assert read(plain([0, None, -(2**63)]), "bigint") == [0, None, -(2**63)]
    assert read(plain([True, None, False]), "bool") == [True, None, False]
    assert read(uuids(ids), "uuid") == ids
    assert read(bytestrings([b"", b"\x00\xff\\"]), "bytea") == [b"", b"\x00\xff\\"]
    assert read(moments(times), "timestamptz") == times
    assert read(moments([date(2026, 11, 22), None]), "date") == [date(2026, 11, 22), None]
    assert read(plain([]), "bigint") == []
