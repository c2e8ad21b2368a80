"""What the pages of the desk call things."""

from django.utils.translation import gettext as _

from ticketing.domain.wording import by_language, tried
from ticketing.models import OrderStatus, VisitorCategory, VisitorCategoryText


def status_text(status: str) -> str:
    return {
        OrderStatus.HELD: _("waits for payment"),
        OrderStatus.PAID: _("paid"),
        OrderStatus.LAPSED: _("lapsed"),
        OrderStatus.CANCELLED: _("cancelled"),
    }[OrderStatus(status)]


def category_names(language: str) -> dict[str, str]:
    """Every kind of visitor by its code, in the order in which prices are listed."""
    texts = VisitorCategoryText.objects.filter(language__in=tried(language))
    names = by_language(texts.values_list("category_id", "language", "name"), language)
    return {
        category.code: names.get(category.pk, category.code)
        for category in VisitorCategory.objects.order_by("position", "pk")
    }
