"""The few marks that every chart is made of."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 340
HATCH = mark_safe(
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/>'
    '<path d="M0 0V6" class="hatch-line"/></pattern>'
)


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def tag(name: str, content: str = "", **attributes: object) -> SafeString:
    """One element; `class_` is `class`, and other underscores become hyphens."""
    written = format_html_join(
        "",
        ' {}="{}"',
        ((key.rstrip("_").replace("_", "-"), _short(value)) for key, value in attributes.items()),
    )
    return format_html("<{}{}>{}</{}>", name, written, content, name)


def text(content: str, *, x: float, y: float, kind: str = "", anchor: str = "start") -> SafeString:
    return tag("text", content, x=x, y=y, class_=kind or "label", text_anchor=anchor)


def line(*, x1: float, y1: float, x2: float, y2: float, kind: str) -> SafeString:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def svg(parts: Iterable[SafeString], *, height: float, width: float = WIDTH) -> SafeString:
    """Hidden from screen readers: the table under it says the same."""
    return tag(
        "svg",
        joined(parts),
        viewBox=f"0 0 {width:g} {height:g}",
        class_="chart",
        aria_hidden="true",
        focusable="false",
    )


def _short(value: object) -> object:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
