"""Which language is served when the one asked for is missing: asked, English, Vietnamese."""

from collections.abc import Container, Iterable

from sites.models import Language

FALLBACKS = (Language.EN.value, Language.VI.value)


def served_language(available: Container[str], *, asked: str) -> str | None:
    """Return the language to serve, or nothing when not even a fallback is there."""
    for language in (asked, *FALLBACKS):
        if language in available:
            return language
    return None


def any_language(available: Iterable[str], *, asked: str) -> str | None:
    """Return the language to serve; a text in some language is better than none."""
    known = sorted(available)
    return served_language(known, asked=asked) or (known[0] if known else None)
