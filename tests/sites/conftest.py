"""What the tests of the catalogue start from."""

import pytest

from sites import api
from sites.domain import catalogue, closures


@pytest.fixture(autouse=True)
def no_lists_remembered() -> None:
    """Forget lists, counts, hours and closures of a former test."""
    api.lists.forget()
    catalogue.counts.forget()
    catalogue.hours_in_use.forget()
    closures.closures_ahead.forget()
