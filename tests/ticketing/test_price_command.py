"""`manage.py price`: one JSON object for whoever checks the tariff from outside."""

import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.factories import make_category, make_product, make_tariff

pytestmark = pytest.mark.django_db

ASKED = {
    "--product": "palace",
    "--category": "adult",
    "--visit-date": "2026-12-01",
    "--bought-at": "2026-11-22T08:00:00+07:00",
}


@pytest.fixture(autouse=True)
def palace() -> None:
    product = make_product(slug="palace", price=200_000)
    make_tariff(product=product, category=make_category(code="child"), amount=40_000)


def run(capsys: pytest.CaptureFixture[str], *flags: str, **changed: str) -> Any:
    words = ASKED | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    call_command("price", *[word for pair in words.items() for word in pair], *flags)
    return json.loads(capsys.readouterr().out)


def test_the_answer_is_one_object_for_the_whole_quantity(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(capsys, quantity="3") == {
        "amount": 600_000,
        "unit_amount": 200_000,
        "quantity": 3,
        "currency": "VND",
        "rule": "adult",
        "legal_basis": "Decision 1/2026",
        "revenue_kind": "state_fee",
    }
    assert run(capsys, "--citizen", category="child", age="9")["amount"] == 40_000


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"product": "nowhere"}, "unknown_product"),
        ({"category": "nobody"}, "unknown_category"),
        ({"bought_at": "2025-12-31T16:59:59Z"}, "no_price"),
        # Without an offset it is the time in Việt Nam.
        ({"bought_at": "2025-12-31T23:59:59"}, "no_price"),
    ],
)
def test_no_price_is_an_answer_with_its_reason(
    capsys: pytest.CaptureFixture[str], changed: dict[str, str], why: str
) -> None:
    assert run(capsys, **changed) == {
        "amount": None,
        "unit_amount": None,
        "quantity": 1,
        "currency": "VND",
        "rule": why,
        "legal_basis": None,
        "revenue_kind": None,
    }
    assert run(capsys, bought_at="2026-01-01T00:00:00")["amount"] == 200_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("visit_date", "2026-02-29"),
        ("visit_date", "20261201"),
        ("visit_date", "2026-W49-2"),
        ("bought_at", "yesterday"),
        ("bought_at", "0001-01-01T00:00:00+14:00"),
        ("age", "-1"),
        ("age", "seven"),
        ("quantity", "0"),
    ],
)
def test_what_cannot_be_meant_is_said_so(
    capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(value)):
        run(capsys, **{name: value})
