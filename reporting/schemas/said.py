"""What the department's pages and papers say, in Vietnamese and in English beside each other.

A library of template tags: `{% say "vi" "en" %}` and `{{ words|said:lang }}`.
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from reporting.domain.indicators.report import Words

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


def grouped(value: int, lang: str) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if lang == VIETNAMESE else text
