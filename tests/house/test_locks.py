"""The locks pin everything, name no server, and agree with each other."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.tree import ROOT, apps

# A failing test here means: run bin/lock.
EVERYTHING = ROOT / "requirements.lock"
RUNTIME = ROOT / "requirements-runtime.lock"


def pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, flags=re.MULTILINE))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in requirements}


def test_locks_name_no_server() -> None:
    locks = [EVERYTHING, RUNTIME, ROOT / "web/package-lock.json"]

    # A funding link is for people; `resolved` would be a download address.
    assert [lock.name for lock in locks if "index-url" in lock.read_text("utf-8")] == []
    assert [lock.name for lock in locks[:2] if "://" in lock.read_text("utf-8")] == []
    assert '"resolved": "http' not in locks[2].read_text("utf-8")
    assert not (ROOT / "uv.lock").exists()


def test_every_pin_has_a_hash() -> None:
    for lock in (EVERYTHING, RUNTIME):
        blocks = re.split(r"^(?=[a-z0-9])", lock.read_text("utf-8"), flags=re.MULTILINE)[1:]

        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_image_runs_the_tested_versions() -> None:
    everything, runtime = pins(EVERYTHING.read_text("utf-8")), pins(RUNTIME.read_text("utf-8"))

    assert runtime
    assert {name: everything.get(name) for name in runtime} == runtime


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = names(project["dependencies"])
    asked_by_developers = names(project["optional-dependencies"]["dev"])

    assert asked - set(pins(RUNTIME.read_text("utf-8"))) == set()
    assert (asked | asked_by_developers) - set(pins(EVERYTHING.read_text("utf-8"))) == set()
    assert asked_by_developers & set(pins(RUNTIME.read_text("utf-8"))) == set()


def test_the_image_has_every_package_that_the_apps_import() -> None:
    brought_by = packages_distributions()
    imported = {
        module.split(".")[0]
        for app in apps()
        for path in app.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in modules_of(node)
    }
    foreign = imported - sys.stdlib_module_names - {app.name for app in apps()}
    runtime = pins(RUNTIME.read_text("utf-8"))

    missing = {
        module
        for module in foreign
        if not {name.lower().replace("_", "-") for name in brought_by[module]} & set(runtime)
    }
    assert "django" in foreign
    assert missing == set()


def modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
