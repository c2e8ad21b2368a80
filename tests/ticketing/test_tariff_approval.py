"""Prices are proposed by one person and approved by another; nobody edits what was approved."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from sites.models import User
from tests.at_once import at_once
from tests.factories import make_category, make_product, make_tariff
from ticketing.domain.tariff_approval import (
    Approved,
    Proposal,
    Refused,
    WhyNot,
    approve,
    propose,
    withdraw,
)
from ticketing.domain.tariff_book import prices_on
from ticketing.domain.tariff_preview import preview_of
from ticketing.models import Product, Tariff, TariffEvent, VisitorCategory

pytestmark = pytest.mark.django_db

NEXT_YEAR = date(2027, 1, 1)


def make_user(name: str) -> User:
    return User.objects.create(username=name, is_staff=True)


def proposed(
    product: Product,
    by: User,
    *,
    amount: int = 220_000,
    category: str = "adult",
    since: date = NEXT_YEAR,
    until: date | None = None,
) -> Tariff | Refused:
    return propose(
        proposal=Proposal(
            product=product,
            category=make_category(code=category),
            amount=amount,
            effective_from=since,
            effective_to=until,
            legal_basis="Decision 9/2026",
            revenue_kind="state_fee",
        ),
        by=by,
        at=timezone.now(),
    )


def make_proposal(product: Product, by: User, **terms: object) -> Tariff:
    made = proposed(product, by, **terms)  # type: ignore[arg-type]  # passed on
    assert isinstance(made, Tariff)
    return made


def price(product: Product, day: date) -> int | None:
    found = prices_on(day).get((product.pk, "adult"))
    return found.amount if found else None


def test_two_people_make_a_price_and_the_earlier_version_ends() -> None:
    an, binh = make_user("an"), make_user("binh")
    product = make_product(price=200_000)
    tariff = make_proposal(product, an)
    assert price(product, NEXT_YEAR) == 200_000

    own = approve(tariff_ids=[tariff.pk], by=an, at=timezone.now())
    assert own == Refused(WhyNot.OWN_PROPOSAL, tariff)
    found = approve(tariff_ids=[tariff.pk], by=binh, at=timezone.now())

    assert found == Approved([tariff], ended=1)
    assert (price(product, date(2026, 12, 31)), price(product, NEXT_YEAR)) == (200_000, 220_000)
    tariff.refresh_from_db()
    assert (tariff.proposer, tariff.approver) == (an, binh)
    assert list(TariffEvent.objects.order_by("pk").values_list("what", "by__username")) == [
        ("proposed", "an"),
        ("superseded", "binh"),
        ("approved", "binh"),
    ]


def test_what_holds_for_a_time_gives_way_to_the_earlier_version_again() -> None:
    product = make_product(price=200_000)
    tariff = make_proposal(product, make_user("an"), amount=150_000, until=date(2027, 2, 1))

    approve(tariff_ids=[tariff.pk], by=make_user("binh"), at=timezone.now())

    days = [date(2026, 12, 31), NEXT_YEAR, date(2027, 1, 31), date(2027, 2, 1)]
    assert [price(product, day) for day in days] == [200_000, 150_000, 150_000, 200_000]


def test_a_version_that_begins_later_is_not_overrun() -> None:
    product = make_product(price=None)
    make_tariff(product=product, effective_from=date(2027, 6, 1))
    tariff = make_proposal(product, make_user("an"))

    found = approve(tariff_ids=[tariff.pk], by=make_user("binh"), at=timezone.now())

    assert isinstance(found, Refused)
    assert found.reason == WhyNot.LATER_VERSION
    assert price(product, NEXT_YEAR) is None


def test_a_decision_is_approved_whole_or_not_at_all() -> None:
    an, binh = make_user("an"), make_user("binh")
    product = make_product(price=200_000)
    disabled = make_category(code="disabled", token_code=5)
    VisitorCategory.objects.filter(pk=disabled.pk).update(
        minimum_reduction=50, minimum_basis="Decree"
    )
    make_tariff(product=product, category=disabled, amount=100_000)
    whole = make_proposal(product, an, amount=300_000)
    half = make_proposal(product, an, amount=150_000, category="disabled")

    alone = approve(tariff_ids=[half.pk], by=binh, at=timezone.now())
    assert alone == Refused(WhyNot.BELOW_LEGAL_MINIMUM)
    assert not TariffEvent.objects.filter(what="approved").exists()
    theirs = make_proposal(product, binh, amount=1, category="child")
    mixed = approve(tariff_ids=[whole.pk, theirs.pk], by=binh, at=timezone.now())
    assert isinstance(mixed, Refused)
    assert price(product, NEXT_YEAR) == 200_000

    together = approve(tariff_ids=[whole.pk, half.pk], by=binh, at=timezone.now())
    assert together == Approved([whole, half], ended=2)
    connection.check_constraints()


def test_a_proposal_below_the_law_is_not_kept() -> None:
    product = make_product(price=200_000)
    child = make_category(code="child")

    refused = proposed(product, make_user("an"), amount=200_001, category=child.code)

    assert refused == Refused(WhyNot.BELOW_LEGAL_MINIMUM)
    assert Tariff.objects.count() == 1
    assert not TariffEvent.objects.exists()


def test_a_withdrawn_proposal_leaves_its_trace_and_an_approved_one_stays() -> None:
    an = make_user("an")
    product = make_product(price=200_000)
    tariff = make_proposal(product, an)
    approved = Tariff.objects.get(amount=200_000)

    assert withdraw(tariff_ids=[tariff.pk, approved.pk], by=an, at=timezone.now()) == 1

    assert list(Tariff.objects.all()) == [approved]
    last = TariffEvent.objects.get(what="withdrawn")
    assert (last.tariff, last.by) == (None, an)
    assert "220000" in last.summary


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_for_the_same_days_one_holds() -> None:
    product = make_product(price=200_000)
    an, binh = make_user("an"), make_user("binh")
    first, second = (make_proposal(product, an, amount=amount) for amount in (210_000, 220_000))

    def act(tariff: Tariff) -> str:
        return type(approve(tariff_ids=[tariff.pk], by=binh, at=timezone.now())).__name__

    assert sorted(at_once(act, [first, second])) == ["Approved", "Refused"]


def test_the_preview_says_what_holds_and_what_the_proposals_change() -> None:
    product = make_product(price=200_000)
    make_tariff(product=product, category=make_category(code="child"), amount=40_000)
    make_proposal(product, make_user("an"), until=date(2027, 2, 1))

    def shown(day: date) -> dict[str, tuple[int | None, int | None]]:
        return {
            row.category: (
                row.now.unit_amount if row.now else None,
                row.then.unit_amount if row.then else None,
            )
            for row in preview_of(product=product, day=day)
        }

    assert shown(date(2026, 12, 31)) == {"adult": (200_000, 200_000), "child": (40_000, 40_000)}
    assert shown(NEXT_YEAR) == {"adult": (200_000, 220_000), "child": (40_000, 40_000)}
    assert shown(date(2027, 2, 1))["adult"] == (200_000, 200_000)
    assert shown(date(2020, 1, 1)) == {"adult": (None, None), "child": (None, None)}
