"""Chooses what to measure and prints each figure as soon as it is there."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from subprocess import CalledProcessError

from bench.database_alone import Pgbench
from bench.figures import HEADLINE, Figure, as_json, as_row
from bench.gate import gate_scan
from bench.gate_batch import gate_batch
from bench.guides import guide, guide_pack
from bench.holds import hold_hot_slot, hold_many_slots
from bench.orders import orders
from bench.places import add_places, near_me, site_list
from bench.report import report
from bench.run import Run, WrongAnswersError, empty_endpoint
from bench.settling import settle

MEASURES: dict[str, Callable[[Run], Iterator[Figure]]] = {
    "empty_endpoint": empty_endpoint,
    "gate_scan": gate_scan,
    "gate_batch": gate_batch,
    "orders": orders,
    "settle": settle,
    "guide": guide,
    "guide_pack": guide_pack,
    # These change what a product counts on, so they come after all others that order it.
    "hold_hot_slot": hold_hot_slot,
    "hold_many_slots": hold_many_slots,
}
# Fills the database for minutes, so it is measured only when it is asked for, and last.
MEASURES_OF_YEARS = {"report": report}
# These are asked twice: of the real catalogue, and of a hundred thousand places.
MEASURES_OF_PLACES = {"site_list": site_list, "near_me": near_me}


def figures(run: Run, *, names: Collection[str]) -> Iterator[Figure]:
    """Measure what was asked for; with no name, everything."""
    for name, measure in MEASURES.items():
        if not names or name in names:
            yield from measure(run)
    of_places = [each for name, each in MEASURES_OF_PLACES.items() if not names or name in names]
    for measure in of_places:
        yield from measure(run)
    if of_places:
        add_places()
    for measure in of_places:
        yield from measure(run)
    for name, measure in MEASURES_OF_YEARS.items():
        if name in names:
            yield from measure(run)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*MEASURES, *MEASURES_OF_PLACES, *MEASURES_OF_YEARS, []]
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--payments", type=int, default=5_000_000)
    parser.add_argument("--pgbench", type=Path, required=True)
    return parser.parse_args()


def main() -> int:
    # What bin/bench sends when it is stopped; leaving in order removes the folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    args = arguments()
    show = as_json if args.json else as_row
    if not args.json:
        sys.stdout.write(f"{HEADLINE}\n")
    with tempfile.TemporaryDirectory(prefix="ngomon-bench-") as folder:
        run = Run(
            url=os.environ["NGOMON_PUBLIC_URL"],
            pgbench=Pgbench(args.pgbench, os.environ["DATABASE_URL"], Path(folder)),
            seconds=args.seconds,
            folder=Path(folder),
            payments=args.payments,
        )
        try:
            for figure in figures(run, names=args.names):
                sys.stdout.write(f"{show(figure)}\n")
                sys.stdout.flush()
        except WrongAnswersError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except CalledProcessError as error:
            sys.stderr.write(f"{error}\n{error.stderr}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
