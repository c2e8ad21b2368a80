"""The catalogue as visitors read it: the list, and what is near a point."""

from collections.abc import Iterator
from random import Random

from bench.figures import Figure, Target
from bench.load import Request
from bench.run import USUAL, Run
from sites.domain.synthetic import make_synthetic_places, refresh_statistics
from sites.models import HeritageSite

PLACES = 100_000
TARGET = Target(ratio=0.5, p99_ms=30)
# A box around the province: south, north, west, east.
PROVINCE = (16.0, 16.75, 107.0, 108.2)


def add_places() -> None:
    """Fill the catalogue up to a hundred thousand places."""
    make_synthetic_places(count=PLACES - HeritageSite.objects.count(), seed=1)
    refresh_statistics()


def site_list(run: Run) -> Iterator[Figure]:
    yield _figure(run, name="site_list", requests=[Request("/api/v1/sites")])


def near_me(run: Run) -> Iterator[Figure]:
    """Ask of another point each time, so that no answer can be an earlier one."""
    chance = Random(1)  # noqa: S311  # the same points in every run
    south, north, west, east = PROVINCE
    requests = [
        Request(
            "/api/v1/sites?near="
            f"{chance.uniform(south, north):.5f},{chance.uniform(west, east):.5f}"
        )
        for _ in range(run.enough(connections=USUAL))
    ]
    yield _figure(run, name="near_me", requests=requests)


def _figure(run: Run, *, name: str, requests: list[Request]) -> Figure:
    places = HeritageSite.objects.count()
    return Figure(
        name=name,
        connections=USUAL,
        places=places,
        measured=run.ask(requests, name=name, connections=USUAL),
        limit=run.limit_without_database(connections=USUAL),
        target=TARGET if places == PLACES else None,
    )
