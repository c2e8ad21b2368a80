"""The rules that ship: every product has its steps, and what staff change stays."""

import pytest

from tests.factories import make_product
from ticketing.domain.change_rule_data import load_change_rules
from ticketing.domain.tariff_data import shipped_slugs
from ticketing.models import ChangeRule

pytestmark = pytest.mark.django_db


def test_every_shipped_product_gets_its_steps_to_be_confirmed() -> None:
    slugs = shipped_slugs()
    for slug in slugs:
        make_product(slug=slug)
    own = make_product(slug="made-by-staff")

    assert len(slugs) > 20
    assert load_change_rules(slugs=slugs).made == 4 * len(slugs)

    steps = ChangeRule.objects.filter(product__slug="single-dai-noi").order_by("kind", "code")
    assert [(step.kind, step.code, step.share_percent) for step in steps] == [
        ("cancel", "day-before", 100),
        ("cancel", "visit-day", 50),
        ("move", "visit-day", 100),
        ("transfer", "visit-day", 100),
    ]
    assert set(ChangeRule.objects.values_list("confirmed_by", flat=True)) == {""}
    assert not own.change_rules.exists()


def test_loading_again_keeps_what_staff_decided() -> None:
    product = make_product(slug="single-dai-noi")
    load_change_rules(slugs=[product.slug])
    product.change_rules.filter(code="day-before").update(share_percent=90, confirmed_by="The head")
    product.change_rules.filter(kind="transfer").delete()

    again = load_change_rules(slugs=[product.slug])

    assert (again.made, again.changed) == (0, 0)
    assert product.change_rules.get(code="day-before").share_percent == 90
    assert not product.change_rules.filter(kind="transfer").exists()
