import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def ask(instant: str) -> dict[str, str]:
    out = StringIO()
    call_command("reporting_window", instant, stdout=out)
    answer: dict[str, str] = json.loads(out.getvalue())
    return answer


FIRST_OF_2027 = {
    "window": "2027-Q1",
    "starts": "2026-12-15",
    "ends": "2027-03-14",
    "due": "2027-03-25",
    "freeze": "2027-03-18",
}


@pytest.mark.parametrize(
    "instant",
    [
        "2026-12-14T17:00:00Z",
        "2026-12-15T00:00:00+07:00",
        "2026-12-14T12:00:00-05:00",
        "2026-12-15 00:00",
        "2026-12-15",
        "2027-03-14T16:59:59.999999Z",
    ],
)
def test_a_moment_in_any_zone_names_its_quarter(instant: str) -> None:
    assert ask(instant) == FIRST_OF_2027


def test_a_moment_before_midnight_in_viet_nam_is_of_the_quarter_before() -> None:
    assert ask("2026-12-14T16:59:59.999Z")["window"] == "2026-Q4"


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-13-01", "9999-12-31T23:00:00Z"])
def test_what_is_no_moment_gets_a_clear_error(instant: str) -> None:
    with pytest.raises(CommandError, match="Not a moment"):
        ask(instant)
