"""Each check of bin/test is seen to fail: a fault is planted in a copy, and must be found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, copy_of_python

BIN = Path(sys.executable).parent


def run(*command: str, at: Path) -> tuple[int, str]:
    """Run a check in the copy, with the copy's own code alone."""
    environment = {**os.environ, "PYTHONPATH": str(at), "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(  # noqa: S603 - commands of this file
        command, cwd=at, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def python_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_python(tmp_path_factory.mktemp("planted"))


@pytest.fixture
def plant(python_copy: Path) -> Path:
    """Give a place for a fault: a module of a domain that nobody imports, removed afterwards."""
    return python_copy / "sites/domain/planted.py"


@pytest.mark.parametrize(
    ("fault", "contract"),
    [
        ("from ticketing import models", "Apps know only the apps below them BROKEN"),
        ("from sites import schemas", "Inside an app imports point down BROKEN"),
        ("import ninja", "The domain knows neither HTTP nor the queue BROKEN"),
        ("from celery import shared_task", "The domain knows neither HTTP nor the queue BROKEN"),
        ("from backend import settings", "Only backend reads backend BROKEN"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(plant: Path, fault: str, contract: str) -> None:
    plant.write_text(fault + "\n")
    try:
        code, output = run("lint-imports", "--no-cache", at=plant.parents[2])
    finally:
        plant.unlink()

    assert code != 0
    assert contract in output
    assert "planted" in output


def test_a_room_without_a_name_breaks_the_contract(python_copy: Path) -> None:
    room = python_copy / "sites/services.py"
    room.write_text("")
    try:
        code, output = run("lint-imports", "--no-cache", at=python_copy)
    finally:
        room.unlink()

    assert code != 0
    assert "services" in output


def test_mypy_finds_a_wrong_type(plant: Path) -> None:
    plant.write_text('def seats() -> int:\n    return "two"\n')
    try:
        code, output = run("mypy", at=plant.parents[2])
    finally:
        plant.unlink()

    assert code == 1
    assert "sites/domain/planted.py:2: error: Incompatible return value type" in output


def test_mypy_finds_a_function_without_types(plant: Path) -> None:
    plant.write_text("def seats():\n    return 2\n")
    try:
        code, output = run("mypy", at=plant.parents[2])
    finally:
        plant.unlink()

    assert code == 1
    assert "sites/domain/planted.py:1: error: Function is missing a return type" in output


def test_ruff_finds_a_fault_and_a_crooked_layout(plant: Path) -> None:
    plant.write_text("import os\nx = { 'a':1 }\n")
    try:
        code, output = run("ruff", "check", "--no-cache", at=plant.parents[2])
        layout, _output = run("ruff", "format", "--check", "--no-cache", at=plant.parents[2])
    finally:
        plant.unlink()

    assert (code, layout) == (1, 1)
    assert "F401" in output


def test_a_changed_model_without_migration_is_found(python_copy: Path) -> None:
    models = python_copy / "sites/models/__init__.py"
    before = models.read_text()
    models.write_text(
        before + "\n\nfrom django.db import models as m\n\n\n"
        "class Planted(m.Model):\n    name = m.TextField()\n"
        "    class Meta:\n        app_label = 'heritage_sites'\n"
    )
    try:
        code, output = run(
            sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", at=python_copy
        )
    finally:
        models.write_text(before)

    assert code == 1
    assert "Create model Planted" in output


def test_a_wrong_dockerfile_and_a_wrong_compose_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN cd /tmp && sudo ls\n")
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    (tmp_path / "docker-compose.yml").write_text(compose.replace("depends_on:", "depend_on:"))

    docker, findings = run("hadolint", "Dockerfile", at=tmp_path)
    schema = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
    compose_code, mistakes = run(*schema, "docker-compose.yml", at=tmp_path)

    assert (docker, compose_code) == (1, 1)
    assert "DL3006" in findings
    assert "depend_on" in mistakes


def test_a_wrong_shell_script_is_found(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("#!/bin/bash\nrm -rf $1/*\n")

    code, output = run("shellcheck", "script", at=tmp_path)

    assert code == 1
    assert "SC2086" in output


def test_svelte_check_finds_a_wrong_type(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("node_modules", "dist")
    )
    (tmp_path / "web/node_modules").symlink_to(ROOT / "web/node_modules")
    (tmp_path / "web/src/visitor/Planted.svelte").write_text(
        '<script lang="ts">\n  const seats: number = "two"\n</script>\n<p>{seats}</p>\n'
    )

    code, output = run("npm", "run", "check", at=tmp_path / "web")

    assert code == 1
    assert "Planted.svelte" in output
    assert "Type 'string' is not assignable to type 'number'" in output
