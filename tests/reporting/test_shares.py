"""How a share is shown, and whether it reaches its target."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.indicators.report import Status
from reporting.domain.indicators.shares import display, reaches, status_of, wilson


@pytest.mark.parametrize(
    ("num", "den", "shown", "reached"),
    [
        (179, 199, "89,9%", False),
        (9, 10, "90,0%", True),
        (32, 95, "33,6%", False),
        (0, 7, "0,0%", False),
        (7, 7, "100,0%", True),
        (0, 0, "–", False),
        (8999, 10_000, "89,9%", False),
    ],
)
def test_a_share_is_cut_and_never_rounded_up_to_its_target(
    num: int, den: int, shown: str, *, reached: bool
) -> None:
    assert (display(num, den), reaches(num, den, percent=90)) == (shown, reached)


@pytest.mark.parametrize(
    ("num", "den", "percent", "status"),
    [
        (9, 10, 90, Status.REACHED),
        (89, 100, 90, Status.MISSED),
        (0, 0, 90, Status.NOT_APPLICABLE),
        (0, 0, None, Status.NOT_APPLICABLE),
        (3, 4, None, Status.NO_TARGET),
    ],
)
def test_a_share_of_nothing_is_not_a_hundred_percent(
    num: int, den: int, percent: int | None, status: Status
) -> None:
    assert status_of(num, den, percent=percent) == status


@given(den=st.integers(1, 100_000), num=st.integers(0, 100_000))
def test_what_is_shown_is_at_most_what_is_and_reaches_what_it_shows(den: int, num: int) -> None:
    num = min(num, den)
    tenths = int(display(num, den).replace(",", "").rstrip("%"))

    assert tenths * den <= 1000 * num < (tenths + 1) * den
    assert reaches(num, den, percent=90) == (tenths >= 900)


def test_wilson_of_45_in_50_is_78_6_to_95_7() -> None:
    interval = wilson(45, 50)

    assert str(interval) == "78,6–95,7%"
    assert not interval.is_above(90)


@given(den=st.integers(1, 5000), num=st.integers(0, 5000))
def test_wilson_holds_the_share_and_stays_between_none_and_all(den: int, num: int) -> None:
    num = min(num, den)
    interval = wilson(num, den)

    share = Decimal(num) / Decimal(den)
    assert 0 <= interval.low <= share + Decimal("1e-20")
    assert share - Decimal("1e-20") <= interval.high <= 1
