"""What the database refuses to hold: a tariff that nobody approved, overlaps, or breaks the law."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.at_once import at_once
from tests.factories import days_from, make_category, make_product, make_tariff, make_wish, place
from ticketing.domain.ordering import OrderRefused, place_order
from ticketing.domain.tariff_book import in_force, prices_on
from ticketing.domain.visit_days import day_of
from ticketing.models import OrderLine, Product, RevenueKind, Tariff, VisitorCategory

NEXT_YEAR = date(2027, 1, 1)
MINIMUM = "tariff_keeps_the_legal_minimum"


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """The statements, or what waits for the end of their transaction, break this constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():  # noqa: PT012  # both count
        yield
        connection.check_constraints()
    cause = error.value.__cause__
    assert cause is not None
    assert cause.diag.constraint_name == constraint  # type: ignore[attr-defined]  # psycopg's


def lawful(code: str = "disabled", *, percent: int = 50) -> VisitorCategory:
    """A category whose minimum reduction is the law's."""
    category = make_category(code=code, token_code=percent, needs_document=True)
    VisitorCategory.objects.filter(pk=category.pk).update(
        minimum_reduction=percent, minimum_basis="Decree 28/2012"
    )
    category.refresh_from_db()
    return category


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("percent", "most"), [(20, 160_000), (50, 100_000), (100, 0), (0, 200_000)]
)
def test_no_tariff_asks_more_than_the_law_allows(percent: int, most: int) -> None:
    product = make_product(price=200_000)
    category = lawful(percent=percent) if percent else make_category(code="student")

    with refused_by(MINIMUM):
        make_tariff(product=product, category=category, amount=most + 1)
    with refused_by(MINIMUM):
        make_tariff(product=product, category=category, amount=most + 1, approved_by="")
    made = make_tariff(product=product, category=category, amount=most)
    connection.check_constraints()

    with refused_by(MINIMUM):
        Tariff.objects.filter(pk=made.pk).update(amount=most + 1)


@pytest.mark.django_db
def test_a_lower_full_price_takes_the_reduced_prices_along() -> None:
    product = make_product(price=200_000)
    reduced = make_tariff(product=product, category=lawful(), amount=100_000)

    with refused_by(MINIMUM):
        Tariff.objects.filter(product=product, amount=200_000).update(amount=199_999)

    Tariff.objects.filter(product=product, amount=200_000).update(amount=150_000)
    Tariff.objects.filter(pk=reduced.pk).update(amount=75_000)
    connection.check_constraints()


@pytest.mark.django_db
def test_a_law_that_demands_more_is_refused_until_the_tariffs_follow() -> None:
    product = make_product(price=200_000)
    category = lawful()
    reduced = make_tariff(product=product, category=category, amount=100_000)
    stricter = VisitorCategory.objects.filter(pk=category.pk)

    with refused_by(MINIMUM):
        stricter.update(minimum_reduction=60)

    Tariff.objects.filter(pk=reduced.pk).update(amount=80_000)
    stricter.update(minimum_reduction=60)
    connection.check_constraints()


@pytest.mark.django_db
def test_what_the_law_makes_free_is_free_without_a_full_price_too() -> None:
    free = lawful("severely_disabled", percent=100)

    with refused_by(MINIMUM):
        make_tariff(product=make_product(price=None), category=free, amount=1)


@pytest.mark.django_db
def test_a_proposed_increase_is_measured_by_the_full_price_proposed_with_it() -> None:
    product = make_product(price=200_000)
    category = lawful()
    make_tariff(product=product, amount=300_000, effective_from=NEXT_YEAR, approved_by="")

    with refused_by(MINIMUM):
        make_tariff(
            product=product,
            category=category,
            amount=150_001,
            effective_from=NEXT_YEAR,
            approved_by="",
        )
    made = make_tariff(
        product=product,
        category=category,
        amount=150_000,
        effective_from=NEXT_YEAR,
        approved_by="",
    )
    connection.check_constraints()
    # Alone it would stand beside the old full price.
    with refused_by(MINIMUM):
        Tariff.objects.filter(pk=made.pk).update(approved_by="the council")


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_that_break_the_law_together_one_is_refused() -> None:
    product = make_product(price=200_000)
    reduced = make_tariff(product=product, category=lawful(), amount=70_000)
    whole = Tariff.objects.get(product=product, amount=200_000)

    def change(which: tuple[int, int]) -> bool:
        pk, amount = which
        try:
            with transaction.atomic():
                Tariff.objects.filter(pk=pk).update(amount=amount)
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(change, [(whole.pk, 140_000), (reduced.pk, 100_000)])) == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("same", ["the office of prices", "The Office of Prices"])
def test_nobody_approves_their_own_proposal(same: str) -> None:
    with refused_by("tariff_approved_by_another"):
        make_tariff(product=make_product(price=None), approved_by=same)


@pytest.mark.django_db
def test_a_proposal_has_a_proposer() -> None:
    tariff = make_tariff(product=make_product(price=None), approved_by="")

    with refused_by("tariff_has_a_proposer"):
        Tariff.objects.filter(pk=tariff.pk).update(proposed_by="")


@pytest.mark.django_db
def test_approved_versions_do_not_overlap_and_proposals_may() -> None:
    product = make_product(price=200_000)
    proposal = make_tariff(
        product=product, amount=220_000, effective_from=NEXT_YEAR, approved_by=""
    )

    with refused_by("tariff_versions_do_not_overlap"):
        Tariff.objects.filter(pk=proposal.pk).update(approved_by="the council")

    Tariff.objects.filter(product=product, amount=200_000).update(effective_to=NEXT_YEAR)
    Tariff.objects.filter(pk=proposal.pk).update(approved_by="the council")
    last_day = NEXT_YEAR - timedelta(days=1)
    assert [prices_on(day)[product.pk, "adult"].amount for day in (last_day, NEXT_YEAR)] == [
        200_000,
        220_000,
    ]


@pytest.mark.django_db
def test_a_proposal_prices_nothing() -> None:
    product = make_product(price=None)
    make_tariff(product=product, approved_by="")
    today = day_of(timezone.now())

    assert prices_on(today) == {}
    assert not Tariff.objects.filter(in_force(today)).exists()
    assert isinstance(order(product, "adult"), OrderRefused)


@pytest.mark.django_db
def test_what_is_sold_at_the_counter_alone_cannot_be_ordered() -> None:
    product = make_product(price=200_000)
    student = make_category(code="student")
    make_tariff(product=product, category=student, amount=100_000)
    VisitorCategory.objects.filter(pk=student.pk).update(sold_online=False)

    assert order(product, "student") == OrderRefused("no_price", 0)  # type: ignore[arg-type]  # as text


@pytest.mark.django_db
def test_a_line_freezes_the_rule_its_law_and_its_kind_of_revenue() -> None:
    product = make_product(price=None)
    show = make_tariff(product=product, amount=300_000)
    Tariff.objects.filter(pk=show.pk).update(revenue_kind=RevenueKind.SERVICE)
    placed = place(product=product, quantity=2)

    Tariff.objects.filter(pk=show.pk).update(
        amount=1, legal_basis="another", revenue_kind=RevenueKind.STATE_FEE
    )

    line = OrderLine.objects.get(order=placed.order)
    assert (line.amount, line.rule, line.legal_basis, line.revenue_kind) == (
        600_000,
        "adult",
        "Decision 1/2026",
        "service",
    )


def order(product: Product, category: str) -> object:
    now = timezone.now()
    wish = make_wish(product=product, category=category, visit_date=days_from(now, 1))
    return place_order(idempotency_key=f"{product.pk} {category}", wish=wish, at=now)
