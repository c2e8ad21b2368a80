"""What the tests of the house look at: the checkout, without what is made or installed in it."""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".local", "node_modules", "dist", "__pycache__", "migrations"}


def files(*suffixes: str) -> Iterator[Path]:
    """Walk the files of the project that a person wrote."""
    pending = [ROOT]
    while pending:
        for path in sorted(pending.pop().iterdir()):
            if path.is_dir() and path.name not in MADE and not path.name.endswith("_cache"):
                pending.append(path)
            elif path.suffix in suffixes:
                yield path


def apps() -> list[Path]:
    """List the apps and `backend`: what the import contracts know, and what the image holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [ROOT / name for name in project["tool"]["importlinter"]["root_packages"]]


def copy_of_python(to: Path) -> Path:
    """Copy what the Python checks read, with the times that keep mypy's cache warm."""
    packages = [path.parent.name for path in ROOT.glob("*/__init__.py")]
    for name in [*packages, "bin", "deploy", ".mypy_cache"]:
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy2(ROOT / name, to / name)
    return to
