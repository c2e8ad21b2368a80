"""`.env.example` says everything that somebody must or may set, and nothing else."""

import ast
import re

from tests.house.tree import ROOT


def variables_of_settings() -> set[str]:
    tree = ast.parse((ROOT / "backend/settings.py").read_text(encoding="utf-8"))
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def variables_of_compose() -> set[str]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def test_the_example_names_exactly_what_is_read() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)

    assert sorted(named) == sorted(variables_of_settings() | variables_of_compose())


def test_settings_alone_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for app in ("backend", "sites", "guides", "ticketing", "payments", "reporting")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.environ\b(?!\.setdefault\()|getenv|Env\(", path.read_text("utf-8"))
    ]

    assert readers == ["backend/settings.py"]
