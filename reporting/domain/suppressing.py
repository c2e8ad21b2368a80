"""Small cells of a published table are left out, and enough others that nobody can compute them.

A table is published with the sums of its rows and columns. Its cells and sums are the edges of a
graph between rows and columns (a sum is a cell of the row or column of sums). What is left out can
be computed from the rest exactly when it lies on no circle of cells that are left out. So for each
such cell a circle is closed, by the cells that cost the fewest people.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

# Fewer people may be recognised.
FEWEST = 10
SUM = ""

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """What may be said of each cell and sum; null: left out."""

    cells: Mapping[Cell, int | None]

    @property
    def hidden(self) -> frozenset[Cell]:
        return frozenset(cell for cell, value in self.cells.items() if value is None)


def suppress(counts: Mapping[Cell, int]) -> Published:
    """Leave out what is small, and what gives it away; `counts` are by row and column.

    The sum of everything is known from the report itself, so nothing rests on hiding it.
    """
    table = with_sums(counts)
    hidden = {cell for cell, value in table.items() if 0 < value < FEWEST and cell != (SUM, SUM)}
    while alone := bridges(hidden):
        before = len(hidden)
        for cell in sorted(alone):
            if cell in bridges(hidden):
                hidden |= _circle(cell, table, hidden)
        if len(hidden) == before:
            # No circle closes: there is too little in the table to publish any of it.
            hidden = {cell for cell, value in table.items() if value}
            break
    return Published({cell: None if cell in hidden else table[cell] for cell in sorted(table)})


def with_sums(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """Every row with every column, and the sums."""
    rows, columns = sorted({row for row, _ in counts}), sorted({column for _, column in counts})
    table: dict[Cell, int] = {
        (row, column): counts.get((row, column), 0) for row in rows for column in columns
    }
    for row in rows:
        table[row, SUM] = sum(table[row, column] for column in columns)
    for column in [*columns, SUM]:
        table[SUM, column] = sum(table[row, column] for row in rows)
    return table


def bridges(cells: Collection[Cell]) -> set[Cell]:
    """The cells that lie on no circle: each can be computed from what is published."""
    neighbours: dict[tuple[int, str], set[Cell]] = {}
    for cell in cells:
        for end in _ends(cell):
            neighbours.setdefault(end, set()).add(cell)
    order: dict[tuple[int, str], int] = {}
    low: dict[tuple[int, str], int] = {}
    found: set[Cell] = set()
    for start in sorted(neighbours):
        if start not in order:
            _walk(start, neighbours, order, low, found)
    return found


def _walk(
    start: tuple[int, str],
    neighbours: Mapping[tuple[int, str], set[Cell]],
    order: dict[tuple[int, str], int],
    low: dict[tuple[int, str], int],
    found: set[Cell],
) -> None:
    """Depth first, without recursion: a province is deeper than a stack."""
    order[start] = low[start] = len(order)
    path: list[tuple[tuple[int, str], Cell | None, Iterator[Cell]]] = [
        (start, None, iter(sorted(neighbours[start])))
    ]
    while path:
        here, came_by, ways = path[-1]
        way = next(iter(ways), None)
        if way is None:
            path.pop()
            if path and came_by is not None:
                parent = path[-1][0]
                low[parent] = min(low[parent], low[here])
                if low[here] > order[parent]:
                    found.add(came_by)
            continue
        if way == came_by:
            continue
        first, second = _ends(way)
        there = second if first == here else first
        if there in order:
            low[here] = min(low[here], order[there])
        else:
            order[there] = low[there] = len(order)
            path.append((there, way, iter(sorted(neighbours[there]))))


def _ends(cell: Cell) -> tuple[tuple[int, str], tuple[int, str]]:
    return (0, cell[0]), (1, cell[1])


def _circle(cell: Cell, table: Mapping[Cell, int], hidden: Collection[Cell]) -> set[Cell]:
    """The three cells that close the cheapest circle of four; none where no circle closes.

    The two beside the cell are large, so that it might be large itself.
    """
    row, column = cell
    rows, columns = {each for each, _ in table}, {each for _, each in table}
    best: tuple[int, tuple[Cell, ...]] | None = None
    for other_row in sorted(rows - {row}):
        for other_column in sorted(columns - {column}):
            corners = ((row, other_column), (other_row, other_column), (other_row, column))
            if (SUM, SUM) in corners or not all(table[each] for each in corners):
                continue
            weak = sum(table[each] < FEWEST for each in (corners[0], corners[2]))
            people = sum(table[each] for each in corners if each not in hidden)
            cost = weak * 10**9 + people
            if best is None or cost < best[0]:
                best = (cost, corners)
    return set(best[1]) if best else set()
