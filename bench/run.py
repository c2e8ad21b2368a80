"""One run on one machine: the server, the database alone, and what both are measured with."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from bench.database_alone import Pgbench
from bench.figures import Figure, Limit
from bench.load import Measured, Request, send, status_of, write_requests

CONNECTIONS = (1, 8, 16)
# Where the promises are made.
USUAL = 8
WARM_UP_SECONDS = 2
# PostgreSQL alone stays below this; the warm-up tells the true rate.
FASTEST_DATABASE = 25_000
# A thousandth of the answers may be wrong before a figure means something else.
WRONG_ALLOWED = 0.001

NEXT_NUMBER = r"""
\set turn :turn + 1
\set number :first + :turn * :clients + :client_id
"""


class WrongAnswersError(Exception):
    """What was measured is not what the figure's name says, so the figure is not printed."""


@dataclass(slots=True, kw_only=True)
class Run:
    url: str
    pgbench: Pgbench
    seconds: int
    folder: Path
    # Of the year that the report is frozen of; twice as many scans.
    payments: int = 5_000_000
    _empty: dict[int, Measured] = field(default_factory=dict)
    _numbers_used: int = 0

    def ask(self, requests: Sequence[Request], *, name: str, connections: int) -> Measured:
        """Send the same requests again and again, after a warm-up.

        The generator takes a way to another page for an answer, so the first is looked at alone.
        """
        status = status_of(requests[0], url=self.url)
        if status != HTTPStatus.OK:
            message = f"{name}: {requests[0].path} answers {status}."
            raise WrongAnswersError(message)
        self._send(requests, connections=connections, seconds=WARM_UP_SECONDS, once=False)
        measured = self._send(requests, connections=connections, seconds=self.seconds, once=False)
        demand(right=measured.done - measured.refused, of=measured.asked, name=name)
        return measured

    def ask_once(
        self,
        requests: Sequence[Request],
        *,
        name: str,
        connections: int,
        written: Callable[[], int],
    ) -> Measured:
        """Send each request at most once; `written` counts what the right answers leave behind."""
        cut = len(requests) * WARM_UP_SECONDS // (WARM_UP_SECONDS + self.seconds)
        self._send(requests[:cut], connections=connections, seconds=WARM_UP_SECONDS, once=True)
        before = written()
        measured = self._send(
            requests[cut:], connections=connections, seconds=self.seconds, once=True
        )
        demand(right=written() - before, of=measured.asked, name=name)
        return measured

    def enough(self, *, connections: int) -> int:
        """Number of requests that no measure with `ask_once` uses up before its time."""
        fastest = self.empty(connections=connections).rate
        return math.ceil(fastest * 0.7 * (WARM_UP_SECONDS + self.seconds))

    def empty(self, *, connections: int) -> Measured:
        """E: what the server answers when an answer costs nothing; measured once in a run."""
        if connections not in self._empty:
            self._empty[connections] = self.ask(
                [Request("/api/v1/live")], name="empty_endpoint", connections=connections
            )
        return self._empty[connections]

    def database_alone(
        self,
        script: str,
        *,
        name: str,
        connections: int,
        prepare: Callable[[range], None],
        written: Callable[[], int],
    ) -> Measured:
        """P: what PostgreSQL commits by itself.

        The script finds a fresh `:number` in each transaction; `prepare` makes what belongs to
        these numbers.
        """
        warm = self._commit(
            script,
            self._fresh_numbers(FASTEST_DATABASE * WARM_UP_SECONDS, prepare=prepare),
            connections=connections,
            seconds=WARM_UP_SECONDS,
        )
        enough = math.ceil(warm.rate * 1.5 * self.seconds)
        numbers = self._fresh_numbers(enough, prepare=prepare)
        before = written()
        measured = self._commit(script, numbers, connections=connections, seconds=self.seconds)
        demand(right=written() - before, of=measured.asked, name=name)
        return measured

    def _fresh_numbers(self, count: int, *, prepare: Callable[[range], None]) -> range:
        numbers = range(self._numbers_used, self._numbers_used + count)
        self._numbers_used += count
        prepare(numbers)
        return numbers

    def _commit(self, script: str, numbers: range, *, connections: int, seconds: int) -> Measured:
        variables = {"turn": -1, "first": numbers.start, "clients": connections}
        return self.pgbench.commit(
            NEXT_NUMBER + script, variables=variables, connections=connections, seconds=seconds
        )

    def limit_with(self, database: Measured, *, connections: int) -> Limit:
        """The rate of a server that adds nothing to its empty answer but the database's work."""
        empty = self.empty(connections=connections).rate
        return Limit(1 / (1 / empty + 1 / database.rate), "1/(1/E + 1/P)")

    def limit_without_database(self, *, connections: int) -> Limit:
        return Limit(self.empty(connections=connections).rate, "E")

    def _send(
        self, requests: Sequence[Request], *, connections: int, seconds: int, once: bool
    ) -> Measured:
        file = self.folder / "requests"
        write_requests(requests, path=file, url=self.url)
        return send(
            url=self.url, requests=file, connections=connections, seconds=seconds, once=once
        )


def demand(*, right: int, of: int, name: str) -> None:
    """Refuse a figure when too many of its answers were wrong."""
    if of == 0 or right < of * (1 - WRONG_ALLOWED):
        message = f"{name}: only {right} of {of} answers were right."
        raise WrongAnswersError(message)


def empty_endpoint(run: Run) -> Iterator[Figure]:
    for connections in CONNECTIONS:
        yield Figure(
            name="empty_endpoint",
            connections=connections,
            measured=run.empty(connections=connections),
        )
