"""What a provider is told about an order: its frozen lines, named in the buyer's language."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from payments.gateways.protocol import Purchase, PurchaseLine
from payments.models import PaymentAttempt
from ticketing.models import OrderLine, ProductText, VisitorCategoryText

LONGEST_NAME = 250


def purchase_of(attempt: PaymentAttempt, *, buyer_address: str = "") -> Purchase:
    """Compose the purchase of an attempt; it is the same each time, so that a repeat is one."""
    order = attempt.order
    lines = list(order.lines.select_related("product", "category").order_by("pk"))
    page = f"{settings.PUBLIC_URL}/orders/{order.code}"
    return Purchase(
        attempt_id=attempt.pk,
        reference=attempt.reference,
        order_code=order.code,
        amount=attempt.amount,
        lines=_lines(lines, language=order.language),
        language=order.language,
        email=order.email,
        started_at=attempt.created_at,
        expires_at=attempt.expires_at,
        return_url=f"{settings.PUBLIC_URL}/pay/{attempt.provider}/return",
        cancel_url=f"{page}?cancelled=1",
        buyer_address=buyer_address,
    )


def _lines(lines: list[OrderLine], *, language: str) -> tuple[PurchaseLine, ...]:
    products = _product_names({line.product_id for line in lines}, language=language)
    categories = _category_names({line.category_id for line in lines}, language=language)
    return tuple(
        PurchaseLine(
            name=" · ".join(
                (
                    products.get(line.product_id, line.product.slug),
                    categories.get(line.category_id, line.category.code),
                    f"{line.visit_date:%d/%m/%Y}",
                )
            )[:LONGEST_NAME],
            unit_amount=line.unit_amount,
            quantity=line.quantity,
        )
        for line in lines
        if line.unit_amount
    )


def _product_names(ids: set[int], *, language: str) -> Mapping[int, str]:
    texts = ProductText.objects.filter(product_id__in=ids)
    return _best(texts.values_list("product_id", "language", "name"), language=language)


def _category_names(ids: set[int], *, language: str) -> Mapping[int, str]:
    texts = VisitorCategoryText.objects.filter(category_id__in=ids)
    return _best(texts.values_list("category_id", "language", "name"), language=language)


def _best(rows: Iterable[tuple[int, str, str]], *, language: str) -> Mapping[int, str]:
    """Name each thing in this language, else in English, else in Vietnamese."""
    order = {"vi": 0, "en": 1} | {language: 2}
    known = sorted((row for row in rows if row[1] in order), key=lambda row: order[row[1]])
    return {thing: name for thing, _language, name in known}
