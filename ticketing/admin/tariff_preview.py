"""Every price of a product on a day, and what the proposals would change."""

from collections.abc import Sequence

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_see
from ticketing.admin.money import dong
from ticketing.domain.gate_names import product_names
from ticketing.domain.pricing import Priced
from ticketing.domain.tariff_preview import PreviewRow, preview_of
from ticketing.domain.visit_days import day_of
from ticketing.domain.wording import by_language, tried
from ticketing.models import Product, VisitorCategoryText


class PreviewForm(forms.Form):
    product = forms.ChoiceField(label=gettext_lazy("Product"))
    day = forms.DateField(
        label=gettext_lazy("Day of purchase and visit"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


def preview_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Answer 404 for products of other organisations."""
    own = organisations_to_see(user=request.user)
    if not has_any(request, organisations_to_see):
        raise PermissionDenied
    products = {
        product.slug: product
        for product in Product.objects.filter(organisation__in=own).order_by("position", "pk")
    }
    slug = request.GET.get("product") or next(iter(products), "")
    if slug and slug not in products:
        raise Http404
    language = get_language() or "vi"
    names = product_names(language)
    form = PreviewForm(
        {
            "product": slug,
            "day": request.GET.get("day") or day_of(timezone.now()).isoformat(),
        }
    )
    form.fields["product"].choices = [  # type: ignore[attr-defined]  # a field of choices
        (each.slug, names.get(each.pk, each.slug)) for each in products.values()
    ]
    context = site.each_context(request) | {
        "title": _("Prices of a day"),
        "form": form,
        "words": _words(),
    }
    if form.is_valid():
        product, day = products[slug], form.cleaned_data["day"]
        rows = preview_of(product=product, day=day)
        context |= {
            "product": names.get(product.pk, slug),
            "day": day,
            "rows": _shown(rows, _category_names(language)),
        }
    return TemplateResponse(request, "ticketing/console/preview.html", context)


def _category_names(language: str) -> dict[str, str]:
    texts = VisitorCategoryText.objects.filter(language__in=tried(language))
    rows = list(texts.values_list("category_id", "category__code", "language", "name"))
    names = by_language([(pk, spoken, name) for pk, _code, spoken, name in rows], language)
    return {code: names[pk] for pk, code, _spoken, _name in rows}


def _shown(rows: Sequence[PreviewRow], names: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "name": names.get(row.category, row.category),
            "changes": row.changes,
            "now": _amount(row.now),
            "rule": _rule(row.now, names),
            "legal_basis": row.now.legal_basis if row.now else "",
            "then": _amount(row.then),
            "then_rule": _rule(row.then, names),
            "then_basis": row.then.legal_basis if row.then else "",
        }
        for row in rows
    ]


def _amount(priced: Priced | None) -> str:
    return dong(priced.unit_amount) if priced else _("no price")


def _rule(priced: Priced | None, names: dict[str, str]) -> str:
    """The category whose rule it is, or the least that the law demands for it."""
    if priced is None:
        return ""
    code = priced.rule.removesuffix("_minimum")
    name = names.get(code, code)
    return name if code == priced.rule else _("%(category)s: least by law") % {"category": name}


def _words() -> dict[str, str]:
    return {
        "show": _("Show"),
        "visitor": _("Visitor"),
        "price": _("Price"),
        "rule": _("Rule"),
        "then": _("When the proposals are approved"),
        "as_now": _("as now"),
    }
