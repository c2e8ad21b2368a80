"""Small cells stay hidden, whatever somebody computes from what is published."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.domain.suppressing import FEWEST, SUM, Cell, Published, suppress, with_sums

TABLES = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["x", "y", "z"])),
    st.one_of(st.integers(0, 14), st.integers(0, 400)),
    max_size=12,
)


def computable(published: Published) -> set[Cell]:
    """The attack: every sum of a row or column is an equation; solve for what was left out."""
    unknown = sorted(published.hidden)
    rows = {row for row, _ in published.cells}
    columns = {column for _, column in published.cells}
    equations = [
        [_sign(cell, row=row) if cell[0] == row else 0 for cell in unknown] for row in rows
    ] + [
        [_sign(cell, column=column) if cell[1] == column else 0 for cell in unknown]
        for column in columns
    ]
    solved = reduced([[Fraction(each) for each in line] for line in equations])
    return {unknown[_only(line)] for line in solved if sum(each != 0 for each in line) == 1}


def _sign(cell: Cell, *, row: str = SUM, column: str = SUM) -> int:
    """A sum stands on the other side of its equation."""
    is_sum = cell[1] == SUM if column == SUM and cell[0] == row else cell[0] == SUM
    return -1 if is_sum else 1


def _only(line: list[Fraction]) -> int:
    return next(number for number, each in enumerate(line) if each)


def reduced(lines: list[list[Fraction]]) -> list[list[Fraction]]:
    """Gauss and Jordan, exactly."""
    done = 0
    for column in range(len(lines[0]) if lines else 0):
        pivot = next((n for n in range(done, len(lines)) if lines[n][column]), None)
        if pivot is None:
            continue
        lines[done], lines[pivot] = lines[pivot], lines[done]
        lines[done] = [each / lines[done][column] for each in lines[done]]
        for number in range(len(lines)):
            if number != done and lines[number][column]:
                factor = lines[number][column]
                lines[number] = [
                    a - factor * b for a, b in zip(lines[number], lines[done], strict=True)
                ]
        done += 1
    return lines[:done]


def small(counts: dict[Cell, int]) -> set[Cell]:
    table = with_sums(counts)
    return {cell for cell, value in table.items() if 0 < value < FEWEST and cell != (SUM, SUM)}


@given(counts=TABLES)
@settings(max_examples=300, deadline=None)
def test_no_small_cell_is_published_or_computed(counts: dict[Cell, int]) -> None:
    published = suppress(counts)

    assert small(counts) <= published.hidden
    assert computable(published) & small(counts) == set()


@given(counts=TABLES)
@settings(max_examples=100, deadline=None)
def test_what_is_published_is_true(counts: dict[Cell, int]) -> None:
    table = with_sums(counts)

    published = suppress(counts)

    assert published.cells.keys() == table.keys()
    assert all(value in {None, table[cell]} for cell, value in published.cells.items())
    assert not any(table[cell] == 0 for cell in published.hidden)


def test_one_small_cell_takes_three_others_with_it() -> None:
    counts = {
        ("dai-noi", "adult"): 900,
        ("dai-noi", "student"): 40,
        ("lang-tu-duc", "adult"): 500,
        ("lang-tu-duc", "student"): 7,
    }

    published = suppress(counts)

    assert ("lang-tu-duc", "student") in published.hidden
    assert len(published.hidden) == 4
    assert published.cells[SUM, SUM] == 1447


def test_a_table_without_small_cells_is_published_whole() -> None:
    assert suppress({("a", "x"): 10, ("a", "y"): 20, ("b", "x"): 30}).hidden == frozenset()


def test_the_attack_finds_what_is_left_out_alone() -> None:
    """The attack itself is sound: one hidden cell of a published table is found at once."""
    counts = {("a", "x"): 900, ("a", "y"): 40, ("b", "x"): 500, ("b", "y"): 7}
    cells: dict[Cell, int | None] = {**with_sums(counts), ("b", "y"): None}

    assert computable(Published(cells)) == {("b", "y")}
