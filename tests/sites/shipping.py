"""The shipped catalogue to load, copies of it to change, and what a load has written."""

import re
from pathlib import Path
from shutil import copytree

from django.db import connection
from django.db.models import Model

from sites.domain.catalogue_data import DATA, read_catalogue
from sites.domain.catalogue_loading import Loaded, load_catalogue
from sites.models import (
    Gate,
    HeritageSite,
    Organisation,
    OrganisationText,
    Shipped,
    SiteText,
    Source,
    Ward,
)

WRITTEN: tuple[type[Model], ...] = (
    Source, Ward, Organisation, OrganisationText, HeritageSite, SiteText, Gate, Shipped,
)  # fmt: skip


def load(folder: Path = DATA) -> Loaded:
    loaded = load_catalogue(catalogue=read_catalogue(folder=folder))
    assert isinstance(loaded, Loaded)
    return loaded


def copy_of_files(where: Path) -> Path:
    return Path(copytree(DATA, where / "data"))


def change(file: Path, old: str, new: str) -> None:
    """Change the first place where `old` stands."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def remove_place(file: Path, slug: str) -> None:
    text = file.read_text(encoding="utf-8")
    shorter = re.sub(rf"^- slug: {slug}\n(  .*\n)+", "", text, flags=re.MULTILINE)
    assert shorter != text
    file.write_text(shorter, encoding="utf-8")


def versions() -> set[tuple[object, ...]]:
    """Every row with the transaction and the spot of its last writing."""
    found: set[tuple[object, ...]] = set()
    with connection.cursor() as cursor:
        for model in WRITTEN:
            table = model._meta.db_table  # noqa: SLF001  # Django's name for it
            cursor.execute(f"SELECT id, xmin::text, ctid::text FROM {table}")  # noqa: S608  # ours
            found |= {(table, *row) for row in cursor.fetchall()}
    return found
