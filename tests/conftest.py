"""What every test starts from."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from guides.api import guides as guides_api
from guides.api import packs as packs_api
from guides.api import tours as tours_api
from sites import api as sites_api
from sites.domain import catalogue, closures
from ticketing.domain import enrolment, gate_names, opening_guides, shelf

# A machine that is busy with other work is no finding of a property test.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the tables that `bin/test` made, where it did: it saves each worker their making."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("NGOMON_TEST_TEMPLATE")


# Nobody empties the books. A test whose transactions were real has no other way to clean up.
BOOKS = ("account", "posting", "entry")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let what a test wrote be emptied after it, in the database of tests alone."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for book in BOOKS:
            cursor.execute(f"ALTER TABLE payments_{book} DISABLE TRIGGER {book}_is_never_emptied")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what a former test left in Redis or in the process."""
    cache.clear()
    # A request leaves its language in the thread.
    translation.deactivate()
    opening_guides.trusted.forget()
    sites_api.lists.forget()
    guides_api.guides.forget()
    tours_api.tours.forget()
    packs_api.packs.forget()
    catalogue.counts.forget()
    catalogue.hours_in_use.forget()
    closures.closures_ahead.forget()
    enrolment.seat_of.cache_clear()
    gate_names.product_names.cache_clear()
    gate_names.category_names.cache_clear()
    gate_names.place_names.cache_clear()
    shelf.forget()


@pytest.fixture
def one_minute() -> Iterator[None]:
    """Begin a minute with the test: what is counted by the minute is counted together."""
    with time_machine.travel(datetime.now(UTC).replace(second=0, microsecond=0), tick=True):
        yield
