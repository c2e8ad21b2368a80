"""What goes wrong in a rehearsal: lines that break, workers that die between two statements."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from payments.gateways.rehearsal import down


class KilledError(BaseException):
    """A worker ends here, as by SIGKILL: nothing of ours may catch it."""


# What a death can part: everything before the first of these can be done again unseen.
WRITES = ("INSERT", "UPDATE", "DELETE")
LOCKS = "FOR UPDATE"


@dataclass(slots=True)
class Troubles:
    """How often things go wrong, and how often they did.

    What befalls an act is drawn from the seed and the act's own name, so that nothing that one
    act does otherwise (a value that is remembered already, say) moves the troubles of the next.
    """

    seed: int
    line_breaks: float = 0.03
    dies_at_line: float = 0.004
    dies_at_write: float = 0.001
    on: bool = True
    happened: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=random.Random)

    def at_line(self, where: str) -> None:
        """Maybe break the line, before or after the provider has done it, or end the worker."""
        if not self.on:
            return
        if self.chance.random() < self.dies_at_line:
            self.happened["killed at a line"] += 1
            raise KilledError
        if self.chance.random() < self.line_breaks:
            self.happened[f"line broke {where}"] += 1
            raise down(where)

    def at_statement(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Maybe end the worker before a write or a lock; the transaction is rolled back."""
        writes = sql.lstrip().startswith(WRITES) or LOCKS in sql
        if self.on and writes and self.chance.random() < self.dies_at_write:
            self.happened["killed at a statement"] += 1
            raise KilledError
        return execute(sql, *rest)

    @contextmanager
    def around(self, act: str) -> Iterator[None]:
        """One act of a buyer, a message or a worker; its death is not the rehearsal's."""
        self.chance.seed(f"{self.seed} {act}")
        try:
            with connection.execute_wrapper(self.at_statement):
                yield
        except KilledError:
            self.happened["turns that ended early"] += 1
