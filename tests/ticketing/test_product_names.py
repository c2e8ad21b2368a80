import pytest

from tests.factories import make_product
from ticketing.domain.gate_names import product_names


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "named"), [("vi", "dai-noi (vi)"), ("en", "dai-noi (en)"), ("ja", "dai-noi (en)")]
)
def test_a_product_is_named_in_the_language_asked_for_else_in_english(
    asked: str, named: str
) -> None:
    product = make_product(name="dai-noi")
    product_names.cache_clear()

    assert product_names(asked)[product.pk] == named
