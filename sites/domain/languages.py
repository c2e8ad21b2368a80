"""Which language is served when the one asked for is missing: asked, English, Vietnamese."""

from collections.abc import Collection, Container

from sites.models import Language

FALLBACKS = (Language.EN.value, Language.VI.value)


def served_language(available: Container[str], *, asked: str) -> str | None:
    """Return the language to serve, or nothing when not even a fallback is there."""
    if asked in available:
        return asked
    for language in FALLBACKS:
        if language in available:
            return language
    return None


def any_language(available: Collection[str], *, asked: str) -> str | None:
    """Return the language to serve; a text in some language is better than none."""
    served = served_language(available, asked=asked)
    return served or min(available, default=None)
