"""Answers kept in the process for a few seconds, for questions that every visitor asks."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """Keep an answer for `seconds`; what is told may be that old, never older.

    With `renewed_after` whoever asks first after that time is sent to ask anew, and everybody
    else goes on with the answer that is there: an end of its life does not meet all at once.
    """

    def __init__(
        self, *, seconds: int, size: int = 1024, renewed_after: float | None = None
    ) -> None:
        self.lifetime = timedelta(seconds=seconds)
        self.youth = timedelta(seconds=seconds if renewed_after is None else renewed_after)
        # For each question the age of the answer that somebody is renewing.
        self.renewing: dict[Hashable, datetime] = {}
        self.size = size
        self.kept: dict[Hashable, tuple[datetime, Answer]] = {}

    def recall(self, key: Hashable, *, at: datetime) -> Answer | None:
        """Return the answer if it is young enough; a clock set back forgets it."""
        found = self.kept.get(key)
        if not found or not found[0] <= at < found[0] + self.lifetime:
            return None
        if at >= found[0] + self.youth and self.renewing.get(key) != found[0]:
            self.renewing[key] = found[0]
            return None
        return found[1]

    def keep(self, key: Hashable, answer: Answer, *, at: datetime) -> None:
        """Remember an answer given at an instant; a full memory starts again."""
        if len(self.kept) >= self.size:
            self.forget()
        self.kept[key] = (at, answer)

    def find(self, key: Hashable, ask: Callable[[], Answer], *, at: datetime) -> Answer:
        """Recall the answer, or ask and remember it."""
        answer = self.recall(key, at=at)
        if answer is None:
            answer = ask()
            self.keep(key, answer, at=at)
        return answer

    def forget(self) -> None:
        self.kept.clear()
        self.renewing.clear()
