"""The decision table: the cases that the gate app is held to as well, and what holds for all."""

import copy
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from ticketing.domain.gate_facts import Colour
from ticketing.domain.judging_cases import random_cases, read_case, read_decision, write
from ticketing.models import Outcome

TABLE = json.loads(
    (Path(__file__).parents[3] / "web/src/shared/judging/cases.json").read_text("utf-8")
)
# An online answer alone, or one that only a gate without network gives.
NEVER_RED = {Outcome.ADMITTED, Outcome.TOO_SOON, Outcome.NEEDS_SYNC}


def given(change: dict[str, Any]) -> dict[str, Any]:
    """Take the usual case and change it where the dotted paths point."""
    case: dict[str, Any] = copy.deepcopy(TABLE["base"])
    for path, value in change.items():
        *folders, name = path.split(".")
        part = case
        for folder in folders:
            part = part[folder]
        part[name] = value
    return case


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: str(case["name"]))
def test_a_case_of_the_table_is_decided_as_it_says(case: dict[str, Any]) -> None:
    decision = read_case(given(case["change"])).decide()

    assert decision == read_decision(case["expected"])


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "online"])
def test_the_table_has_every_outcome(alone: bool) -> None:  # noqa: FBT001  # a parameter of the test
    told = {
        case["expected"]["outcome"]
        for case in TABLE["cases"]
        if case["change"]["gate.alone"] == alone
    }

    assert told == set(Outcome.values)


def test_names_of_cases_are_unlike() -> None:
    names = [case["name"] for case in TABLE["cases"]]

    assert len(set(names)) == len(names)


def test_green_means_admitted_and_nothing_else_lets_people_in() -> None:
    for case in random_cases(seed=5, count=3000):
        decision = case.decide()

        assert (decision.colour == Colour.GREEN) == (decision.outcome == Outcome.ADMITTED)
        assert (decision.people > 0) == (decision.colour == Colour.GREEN)
        assert decision.ask is None or decision.colour == Colour.AMBER
        assert decision.outcome not in NEVER_RED or decision.colour != Colour.RED


def test_random_cases_reach_every_outcome_in_both_modes() -> None:
    told = {(case.gate.alone, case.decide().outcome) for case in random_cases(seed=1, count=9000)}

    assert told == {(alone, outcome) for alone in (True, False) for outcome in Outcome}


def test_the_command_prints_the_same_cases_for_the_same_seed() -> None:
    def lines(seed: int) -> list[str]:
        out = StringIO()
        call_command("judge_cases", seed=seed, count=50, stdout=out)
        return out.getvalue().splitlines()

    first = lines(7)
    one = json.loads(first[0])

    assert len(first) == 50
    assert first == lines(7) != lines(8)
    assert write(read_case(one["given"]).decide()) == one["expected"]
