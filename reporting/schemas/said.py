"""What the department's pages and papers say, in Vietnamese and in English beside each other.

A library of template tags: `{% say "vi" "en" %}` and `{{ words|said:lang }}`.
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from reporting.domain.indicators.report import Words
from reporting.schemas.wording import CATEGORY, CHANGE

register = template.Library()
VIETNAMESE = "vi"


def spoken() -> str:
    """The language of the page: whoever asked for neither of the two reads English."""
    return VIETNAMESE if get_language() == VIETNAMESE else "en"


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], vi: str, en: str) -> str:
    return vi if context.get("lang", spoken()) == VIETNAMESE else en


@register.filter
def said(words: Words | None, lang: str) -> str:
    if words is None:
        return ""
    return words.vi if lang == VIETNAMESE else words.en


@register.filter
def number(value: int | None, lang: str) -> str:
    """1.234 in Vietnamese, 1,234 in English."""
    if value is None:
        return "–"
    return grouped(value, lang)


@register.filter
def change(what: str, lang: str) -> str:
    """What a version of the registry did to a site."""
    return said(CHANGE.get(what, Words(what, what)), lang)


@register.filter
def category(code: str, lang: str) -> str:
    return said(CATEGORY.get(code, Words(code, code)), lang)


@register.filter
def named(slug: str, names: Mapping[str, Words]) -> Words:
    """A site by its name; one that the report has no line of, by its address."""
    return names.get(slug, Words(slug, slug))


def grouped(value: int, lang: str) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if lang == VIETNAMESE else text
