"""A file is read in one sitting, a function on one screen, a change has a name."""

import ast
import re

from tests.house.tree import ROOT, files

FILE_LINES = 400
FUNCTION_LINES = 40


def test_no_file_is_over_400_lines() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py", ".ts", ".svelte", ".css", ".sh")
        if not path.name.endswith(".d.ts")  # generated
    }

    assert len(lengths) > 50
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_over_40_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in files(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]

    assert long == []


def test_every_migration_says_what_it_does() -> None:
    names = [path.stem for path in ROOT.glob("*/migrations/0*.py")]

    assert names
    assert [name for name in names if re.search(r"_auto_|^\d+_alter_|^\d+_initial$", name)] == []


def test_data_migrations_go_both_ways() -> None:
    one_way = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in ROOT.glob("*/migrations/0*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"RunPython", "RunSQL"}
        and len(node.args) + len(node.keywords) < 2
    ]

    assert one_way == []
