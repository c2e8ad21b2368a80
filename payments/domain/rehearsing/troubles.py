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


@dataclass(slots=True)
class Troubles:
    """How often things go wrong, and how often they did."""

    chance: random.Random
    line_breaks: float = 0.03
    dies_at_line: float = 0.004
    dies_at_statement: float = 0.0004
    on: bool = True
    happened: Counter[str] = field(default_factory=Counter)

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
        """Maybe end the worker before a statement; the transaction is rolled back."""
        ends = sql.startswith(("ROLLBACK", "RELEASE", "SAVEPOINT"))
        if self.on and not ends and self.chance.random() < self.dies_at_statement:
            self.happened["killed at a statement"] += 1
            raise KilledError
        return execute(sql, *rest)

    @contextmanager
    def around(self) -> Iterator[None]:
        """One turn of a worker; its death is the end of the turn, not of the rehearsal."""
        try:
            with connection.execute_wrapper(self.at_statement):
                yield
        except KilledError:
            self.happened["turns that ended early"] += 1
