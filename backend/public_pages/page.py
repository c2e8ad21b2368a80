"""The built page of the visitor app, with a head and a plain text for one address and language."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backend.web_apps import words_of

TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
DESCRIPTION = re.compile(r'\s*<meta\s+name="description"[^>]*>')
ROOT = '<div id="app"></div>'
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# Inside a script element no letter may begin a tag or end a line of the script.
UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026",
          0x2028: "\\u2028", 0x2029: "\\u2029"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """What an address says to whoever does not run its script."""

    path: str
    language: str
    # The address names the language. Without it the reader's own is shown, and the page is the
    # one for whoever speaks none of the twelve: another address of the same text, not a copy.
    named: bool = True
    title: str
    description: str
    body: str
    image: str = "/icon-512.png"
    structured: list[dict[str, object]] = field(default_factory=list)
    # Answers of the API that the app asks for first, by address, so that it need not wait.
    answers: dict[str, object] = field(default_factory=dict)


def address(path: str, language: str) -> str:
    """The full address of a page in a language, as search engines know it."""
    return f"{settings.PUBLIC_URL}{path}?{urlencode({'lang': language})}"


def alternates(path: str) -> list[tuple[str, str]]:
    """The same page in each language, and where a reader without one of them goes."""
    pages = [(language, address(path, language)) for language in LANGUAGES]
    return [*pages, ("x-default", f"{settings.PUBLIC_URL}{path}")]


def folded(built: str, path: str) -> str:
    """The built page, as another address of the page at `path`."""
    line = f'<link rel="canonical" href="{settings.PUBLIC_URL}{path}" />'
    return built.replace("</head>", f"  {line}\n  </head>", 1)


def nowhere(built: str, *, language: str) -> str:
    """The built page for an address where nothing is, with a way to what there is."""
    title = _("There is nothing at this address.")
    context = {"title": title, "home": _("Where to go in Huế")}
    head = f'<title>{title}</title><meta name="robots" content="noindex" />'
    text = built.replace('<html lang="vi">', f'<html lang="{language}">', 1)
    text = TITLE.sub(lambda _found: head, DESCRIPTION.sub("", text, count=1), count=1)
    body = render_to_string("visitor/nowhere.html", context).strip()
    return text.replace(ROOT, f'<div id="app">{body}</div>', 1)


def filled(built: str, page: PublicPage) -> str:
    """Put head and text of a page into the built one."""
    head = render_to_string(
        "visitor/head.html",
        {
            "page": page,
            "canonical": address(page.path, page.language)
            if page.named
            else f"{settings.PUBLIC_URL}{page.path}",
            "scripts": words_of(page.language),
            "alternates": alternates(page.path),
            "image": f"{settings.PUBLIC_URL}{page.image}",
            "locales": [language for language in LANGUAGES if language != page.language],
            "structured": [_in_script(data) for data in page.structured],
            "answers": _in_script(page.answers) if page.answers else "",
        },
    )
    text = built.replace('<html lang="vi">', f'<html lang="{page.language}">', 1)
    text = DESCRIPTION.sub("", text, count=1)
    text = TITLE.sub(lambda _found: head.strip(), text, count=1)
    return text.replace(ROOT, f'<div id="app">{page.body.strip()}</div>', 1)


def _in_script(data: object) -> str:
    return orjson.dumps(data).decode().translate(UNSAFE)
