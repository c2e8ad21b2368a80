"""The drawing of the state machines is the tables of the code."""

from backend.state_machines import DOCUMENT, MACHINES, drawn


def test_the_page_shows_the_tables_as_they_are() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == drawn(), "run: bin/manage draw_state_machines"


def test_every_state_that_can_be_reached_is_in_its_table() -> None:
    for name, (start, moves) in MACHINES.items():
        reachable = {start}.union(*moves.values())

        assert reachable == set(moves), name
