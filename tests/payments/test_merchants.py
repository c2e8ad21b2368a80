"""Each organisation is paid by itself, into its own account."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from payments.domain.checkout import NotOffered, start_payment
from payments.domain.merchants import SeveralOrganisations
from payments.models import PaymentAttempt, SecretKind
from tests.factories import make_order, make_organisation, make_product
from tests.payments.accounts import make_account
from tests.payments.buying import paid_at_stripe, settled, start
from tests.payments.conftest import KEY, WEBHOOK_SECRET
from tests.payments.stripe_desk import Desk
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import day_of
from ticketing.models import Order

pytestmark = pytest.mark.django_db


def mixed_order(*, second_price: int) -> Order:
    """An order of two products of two organisations."""
    at = timezone.now()
    mine = make_product()
    theirs = make_product(price=second_price)
    theirs.organisation = make_organisation(slug="another")
    theirs.save()
    lines = [
        LineWanted(product_id=one.pk, category="adult", quantity=1, visit_date=day_of(at))
        for one in (mine, theirs)
    ]
    wish = Wish(lines=lines, language="en", email="buyer@example.com")
    placed = place_order(idempotency_key="mixed", wish=wish, at=at)
    assert isinstance(placed, OrderPlaced), placed
    return placed.order


def test_an_order_of_two_organisations_is_refused_before_anything_starts(desk: Desk) -> None:
    order = mixed_order(second_price=50_000)

    started = start_payment(order=order, provider="stripe", at=timezone.now())

    assert started == SeveralOrganisations(("another", "hmcc"))
    assert not PaymentAttempt.objects.exists()


def test_what_costs_nothing_has_no_owner_to_pay(desk: Desk) -> None:
    attempt = start(mixed_order(second_price=0))

    assert attempt.organisation.slug == "hmcc"


def test_an_organisation_with_an_account_of_its_own_is_paid_there(
    desk: Desk, settings: Settings
) -> None:
    secrets = {SecretKind.STRIPE_KEY: KEY, SecretKind.STRIPE_WEBHOOK: WEBHOOK_SECRET}
    account = make_account(provider="stripe", number="acct_hue", secrets=secrets)
    settings.STRIPE_SECRET_KEY = ""

    attempt = paid_at_stripe(desk)

    assert attempt.account == account
    assert settled(attempt, account=account).outcome == "settled"


def test_an_account_without_its_secret_is_not_offered(desk: Desk) -> None:
    make_account(provider="stripe", number="acct_hue")

    started = start_payment(order=make_order(), provider="stripe", at=timezone.now())

    assert started == NotOffered()


def test_a_change_of_accounts_gives_a_new_page(desk: Desk) -> None:
    order = make_order()
    first = start(order)
    make_account(
        provider="stripe",
        number="acct_hue",
        secrets={SecretKind.STRIPE_KEY: KEY, SecretKind.STRIPE_WEBHOOK: WEBHOOK_SECRET},
    )

    assert start(order) != first
