"""Answers that are kept for a moment."""

from datetime import timedelta

from sites.domain.remembered import Remembered
from tests.factories import OPENING


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_one_asker_renews_an_answer_that_grows_old_and_the_others_go_on_with_it() -> None:
    memory: Remembered[str] = Remembered(seconds=2, renewed_after=1.5)
    memory.keep("key", "old", at=OPENING)

    assert memory.recall("key", at=OPENING + after(1.4)) == "old"
    assert memory.recall("key", at=OPENING + after(1.5)) is None
    assert memory.recall("key", at=OPENING + after(1.5)) == "old"
    memory.keep("key", "new", at=OPENING + after(1.6))
    assert memory.recall("key", at=OPENING + after(2.5)) == "new"


def test_nothing_is_told_that_is_older_than_was_promised() -> None:
    memory: Remembered[str] = Remembered(seconds=2, renewed_after=1.5)
    memory.keep("key", "old", at=OPENING)

    # Whoever went to ask anew never came back.
    assert memory.recall("key", at=OPENING + after(1.6)) is None
    assert memory.recall("key", at=OPENING + after(2)) is None
    assert memory.recall("key", at=OPENING - after(1)) is None
