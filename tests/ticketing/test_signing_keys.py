"""A key for each month, made once, sealed, and replaced at once when it leaks."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from tests.at_once import at_once
from ticketing.domain import signing_keys
from ticketing.domain.signing_keys import (
    cut_off,
    ensure_keys,
    key_for,
    month_window,
    private_key_of,
    trust_list,
)
from ticketing.domain.ticket_token import TrustedKey
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import SigningKey
from ticketing.tasks import keep_signing_keys

NOVEMBER = datetime(2026, 11, 22, 8, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        (NOVEMBER, (2026, 11), (2026, 12)),
        (datetime(2026, 11, 1, 0, 0, tzinfo=VIETNAM), (2026, 11), (2026, 12)),
        # The last hour of November in London is December in Huế.
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), (2026, 12), (2027, 1)),
        (datetime(2027, 1, 31, 23, 59, tzinfo=VIETNAM), (2027, 1), (2027, 2)),
        (datetime(2028, 2, 29, 12, 0, tzinfo=VIETNAM), (2028, 2), (2028, 3)),
    ],
)
def test_a_key_issues_for_its_month_and_an_hour_around_it(
    at: datetime, first: tuple[int, int], last: tuple[int, int]
) -> None:
    hour = timedelta(hours=1)

    assert month_window(at) == (
        datetime(*first, 1, tzinfo=VIETNAM) - hour,
        datetime(*last, 1, tzinfo=VIETNAM) + hour,
    )


@pytest.mark.django_db
def test_this_month_and_the_next_have_a_key_and_asking_again_makes_none() -> None:
    first = ensure_keys(at=NOVEMBER)
    again = ensure_keys(at=NOVEMBER + timedelta(days=3))

    assert [key.kid for key in first] == [key.kid for key in again] == [1, 2]
    assert [key.issues_from.astimezone(VIETNAM).month for key in first] == [10, 11]
    assert SigningKey.objects.count() == 2


@pytest.mark.django_db
def test_the_key_rolls_over_with_the_month() -> None:
    ensure_keys(at=NOVEMBER)

    assert key_for(at=NOVEMBER).kid == 1
    assert key_for(at=datetime(2026, 12, 1, 0, 0, tzinfo=VIETNAM)).kid == 2
    assert key_for(at=datetime(2026, 12, 31, 12, 0, tzinfo=VIETNAM)).kid == 2


@pytest.mark.django_db(transaction=True)
def test_eight_processes_that_issue_first_in_a_month_make_one_key() -> None:
    keys = at_once(lambda _: key_for(at=NOVEMBER), range(8))

    assert {key.kid for key in keys} == {1}
    assert SigningKey.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_second_key_for_a_month() -> None:
    key = key_for(at=NOVEMBER)

    with pytest.raises(IntegrityError, match="signing_key_one_at_a_time"), transaction.atomic():
        SigningKey.objects.create(
            kid=2,
            public_key=b"another",
            sealed_seed=b"",
            issues_from=key.issues_from,
            issues_until=key.issues_until,
        )


@pytest.mark.django_db
def test_a_leaked_key_is_replaced_at_once_and_its_id_is_never_used_again() -> None:
    leaked = key_for(at=NOVEMBER)

    fresh = cut_off(kid=leaked.kid, at=NOVEMBER)

    leaked.refresh_from_db()
    assert leaked.cut_off_at == NOVEMBER
    assert fresh is not None
    assert fresh.kid == 2
    assert key_for(at=NOVEMBER) == fresh
    trusted = trust_list(SigningKey.objects.all())
    assert not trusted[leaked.kid].covers(NOVEMBER)
    assert trusted[leaked.kid].covers(NOVEMBER - timedelta(minutes=1))


@pytest.mark.django_db
def test_cutting_off_twice_keeps_the_first_time_and_an_unknown_key_is_none() -> None:
    leaked = key_for(at=NOVEMBER)
    first = cut_off(kid=leaked.kid, at=NOVEMBER)

    again = cut_off(kid=leaked.kid, at=NOVEMBER + timedelta(hours=1))

    leaked.refresh_from_db()
    assert leaked.cut_off_at == NOVEMBER
    assert again == first
    assert cut_off(kid=99, at=NOVEMBER) is None


@pytest.mark.django_db
def test_the_seed_is_sealed_and_an_older_seal_still_opens(settings: Settings) -> None:
    key = key_for(at=NOVEMBER)
    seed = private_key_of(key).private_bytes_raw()

    assert seed not in bytes(key.sealed_seed)
    assert private_key_of(key).public_key().public_bytes_raw() == bytes(key.public_key)
    settings.SEAL_KEYS = [Fernet.generate_key().decode(), *settings.SEAL_KEYS]
    signing_keys.forget_unsealed()
    assert private_key_of(key).private_bytes_raw() == seed


@pytest.mark.django_db
def test_a_weak_key_never_enters_the_trust_list() -> None:
    good = key_for(at=NOVEMBER)
    SigningKey.objects.create(
        kid=7,
        public_key=bytes(32),
        sealed_seed=b"",
        issues_from=NOVEMBER,
        issues_until=NOVEMBER + timedelta(days=1),
    )

    assert trust_list(SigningKey.objects.all()) == {
        good.kid: TrustedKey(bytes(good.public_key), good.issues_from, good.issues_until)
    }


@pytest.mark.django_db
def test_the_command_makes_keys_and_cuts_off() -> None:
    call_command("rotate_signing_keys", stdout=StringIO())
    call_command("rotate_signing_keys", cut_off=1, stdout=StringIO())

    assert set(SigningKey.objects.values_list("kid", flat=True)) == {1, 2, 3}
    assert SigningKey.objects.get(kid=1).cut_off_at is not None
    with pytest.raises(CommandError, match="no key 9"):
        call_command("rotate_signing_keys", cut_off=9)


@pytest.mark.django_db
def test_the_task_keeps_two_months_of_keys() -> None:
    keep_signing_keys()
    keep_signing_keys()

    assert SigningKey.objects.count() == 2
