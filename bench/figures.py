"""What is printed: one figure a line, beside its limit and what we promise ourselves."""

import json
from dataclasses import dataclass

from bench.load import Measured


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach; what is not asked is None."""

    ratio: float | None = None
    rate: float | None = None
    p99_ms: float | None = None

    def __str__(self) -> str:
        wishes = [("ratio ≥", self.ratio), ("rate ≥", self.rate), ("p99 ms <", self.p99_ms)]
        return ", ".join(f"{wish} {value:g}" for wish, value in wishes if value is not None)


@dataclass(frozen=True, slots=True)
class Limit:
    rate: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    name: str
    connections: int
    measured: Measured
    limit: Limit | None = None
    target: Target | None = None
    # In the catalogue while it was asked; None where that makes no difference.
    places: int | None = None

    @property
    def ratio(self) -> float | None:
        return self.measured.rate / self.limit.rate if self.limit else None

    @property
    def reached(self) -> bool | None:
        if self.target is None:
            return None
        asked = self.target
        return (
            (asked.ratio is None or (self.ratio or 0) >= asked.ratio)
            and (asked.rate is None or self.measured.rate >= asked.rate)
            and (asked.p99_ms is None or self.measured.p99_ms < asked.p99_ms)
        )


def as_json(figure: Figure) -> str:
    line: dict[str, object] = {
        "name": figure.name,
        "connections": figure.connections,
        "rate": round(figure.measured.rate, 1),
        "p50_ms": round(figure.measured.p50_ms, 3),
        "p99_ms": round(figure.measured.p99_ms, 3),
        "limit": round(figure.limit.rate, 1) if figure.limit else None,
        "limit_is": figure.limit.says if figure.limit else None,
        "ratio": round(figure.ratio, 3) if figure.ratio is not None else None,
        "target": str(figure.target) if figure.target else None,
        "reached": figure.reached,
    }
    if figure.places is not None:
        line["places"] = figure.places
    return json.dumps(line, ensure_ascii=False)


HEADLINE = (
    f"{'':<24} {'conn':>4} {'rate/s':>9} {'p50 ms':>8} {'p99 ms':>8} "
    f"{'limit/s':>9} {'ratio':>6}  target"
)


def as_row(figure: Figure) -> str:
    name = figure.name + (f", {figure.places:,} places" if figure.places is not None else "")
    measured = figure.measured
    limit = f"{figure.limit.rate:9,.0f} {figure.ratio:6.2f}" if figure.limit else f"{'':16}"
    row = (
        f"{name:<24} {figure.connections:4} {measured.rate:9,.0f} "
        f"{measured.p50_ms:8.2f} {measured.p99_ms:8.2f} {limit}"
    )
    mark = {True: "✓", False: "✗", None: ""}[figure.reached]
    return f"{row}  {mark} {figure.target or ''}".rstrip()
