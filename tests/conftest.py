"""What every test starts from."""

import pytest
from django.core.cache import cache

from ticketing.domain import enrolment, gate_names, shelf


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what a former test left in Redis or in the process."""
    cache.clear()
    enrolment.seat_of.cache_clear()
    gate_names.product_names.cache_clear()
    gate_names.category_names.cache_clear()
    shelf.forget()
