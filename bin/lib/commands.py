"""Run several commands of manage.py in one process: each start of Django costs seconds.

Usage: commands.py COMMAND [OPTION…] [-- COMMAND [OPTION…]]…
"""

import os
import sys
from itertools import groupby
from pathlib import Path

import django
from django.core.management import call_command


def main(words: list[str]) -> None:
    """Run the commands in their order; the first that fails ends it."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    for separator, command in groupby(words, key=lambda word: word == "--"):
        if not separator:
            call_command(*command)


if __name__ == "__main__":
    main(sys.argv[1:])
