"""Which words a reader gets when a text is not there in their language."""

from collections.abc import Collection, Iterable, Mapping

from sites.domain.languages import FALLBACKS, served_language
from sites.models import SiteText


def tried(language: str) -> set[str]:
    """The languages that may be served to somebody who asks for this one."""
    return {language, *FALLBACKS}


def worded(texts: Mapping[str, str], language: str) -> str:
    """The text in the language that is served, else nothing."""
    there = {spoken for spoken, text in texts.items() if text}
    served = served_language(there, asked=language)
    return texts[served] if served else ""


def by_language(rows: Iterable[tuple[int, str, str]], language: str) -> dict[int, str]:
    """Of rows (object, language, text): the one text of each object to show."""
    texts: dict[int, dict[str, str]] = {}
    for key, spoken, text in rows:
        texts.setdefault(key, {})[spoken] = text
    return {key: worded(spoken, language) for key, spoken in texts.items()}


def site_names(site_ids: Collection[int], language: str) -> dict[int, str]:
    """Names of places, in one query."""
    texts = SiteText.objects.filter(site_id__in=site_ids, language__in=tried(language))
    return by_language(texts.values_list("site_id", "language", "name"), language)
