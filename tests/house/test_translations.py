"""Every sentence of the server exists in Vietnamese; all but those for staff in twelve languages.

`bin/messages` brings the catalogues up to the code; the translation is for a person.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from backend.template_sentences import extract
from tests.house.tree import ROOT, apps

# What Django calls its functions, and which argument is the sentence.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# English is what the code itself says; Vietnamese has the sentences of staff too.
OTHERS = sorted({code for code, _name in settings.LANGUAGES} - {"en", "vi"})
# What only staff and travel companies at their desk read: Vietnamese and English are enough.
# Everything else a visitor, buyer or guard can meet.
FOR_STAFF = [
    "*/admin/*",
    "*/management/*",
    "*/models/*",
    # Signing in a second time, and what comes back when staff send files, sheets and pictures.
    "backend/second_factor.py",
    "guides/domain/bulk_import.py",
    "guides/domain/importing.py",
    "guides/domain/judging_exports.py",
    "guides/domain/refusals.py",
    "guides/templates/guides/console/*",
    "backend/templates/admin/*",
    "reporting/templates/reporting/console/*",
    "ticketing/api/operators.py",
    "ticketing/dashboard/*",
    "ticketing/domain/statements.py",
    "ticketing/schemas/operators.py",
    "ticketing/templates/admin/*",
    "ticketing/templates/operators/*",
    "ticketing/templates/ticketing/console/*",
]
# Nothing in them is a word of English.
WORDLESS = {"%(number)s. %(product)s, %(day)s, %(people)s"}
# Words that are written the same there.
SAME_AS_ENGLISH = {("de", "Ticket: %(product)s"), ("fr", "%(count)s minute")}


def said(paths: Iterable[Path]) -> set[str]:
    """Collect the sentences in these files."""
    found = set()
    for path in paths:
        for _line, sentence, _comments, _context in extract_from_file(
            "python", path, keywords=KEYWORDS
        ):
            found.add(sentence if isinstance(sentence, str) else sentence[0])
    return found


def said_on(pages: Iterable[Path]) -> set[str]:
    """Collect the sentences in these pages of the server."""
    found = set()
    for page in pages:
        with page.open("rb") as file:
            found |= {sentence for _line, _name, sentence, _comments in extract(file, (), (), {})}
    return found


def code() -> list[Path]:
    return [path for app in apps() for path in app.rglob("*.py")]


def pages() -> list[Path]:
    return [path for app in apps() for path in app.rglob("*.html")]


def for_everybody(paths: Iterable[Path]) -> list[Path]:
    return [
        path
        for path in paths
        if not any(fnmatch(str(path.relative_to(ROOT)), staff) for staff in FOR_STAFF)
    ]


@cache
def said_to_everybody() -> set[str]:
    return said(for_everybody(code())) | said_on(for_everybody(pages()))


def forms(message: Message) -> list[str]:
    """List what a translation says: one text, or one for each way to count."""
    return [message.string] if isinstance(message.string, str) else [*(message.string or ())]


def places(text: str) -> set[str]:
    """Collect what is filled in: `%(name)s` and `{name}`."""
    return {*re.findall(r"%\(\w+\)[sd]|%%|\{\w+\}", text)}


@cache
def catalogue(language: str) -> dict[str, Message]:
    """Read the catalogue of a language by sentence."""
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(file, locale=language)
            if message.id
        }


def is_finished(message: Message | None) -> bool:
    return bool(message and not message.fuzzy and message.string and "" not in [*message.string])


def test_vietnamese_knows_every_sentence_of_the_code_and_no_other() -> None:
    assert sorted(catalogue("vi")) == sorted(said(code()) | said_on(pages()))


def test_every_sentence_is_translated_for_good() -> None:
    known = catalogue("vi")

    assert [sentence for sentence in known if not is_finished(known[sentence])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_everybody_is_told_is_whole_in_every_language(language: str) -> None:
    known = catalogue(language)

    wanted = said_to_everybody()
    assert len(wanted) > 150
    assert [one for one in sorted(wanted) if not is_finished(known.get(one))] == []


def test_the_lists_for_staff_name_files_that_exist() -> None:
    files = [str(path.relative_to(ROOT)) for path in [*code(), *pages()]]

    assert [staff for staff in FOR_STAFF if not any(fnmatch(one, staff) for one in files)] == []


@pytest.mark.parametrize("language", ["vi", *OTHERS])
def test_nothing_is_left_in_english_by_accident(language: str) -> None:
    known = catalogue(language)

    left = [
        sentence
        for sentence in sorted(said_to_everybody() - WORDLESS)
        if (language, sentence) not in SAME_AS_ENGLISH
        and sentence in known
        and sentence in forms(known[sentence])
    ]
    assert left == []


@pytest.mark.parametrize("language", ["vi", *OTHERS])
def test_every_way_to_count_fills_in_the_same_places(language: str) -> None:
    uneven = [
        sentence
        for sentence, message in catalogue(language).items()
        for text in forms(message)
        if text and places(text) != places(sentence)
    ]

    assert uneven == []


@pytest.mark.parametrize("language", ["vi", *OTHERS])
def test_translations_keep_the_places_to_fill(language: str) -> None:
    broken = {
        sentence: [str(error) for error in message.check()]
        for sentence, message in catalogue(language).items()
        if is_finished(message)
    }

    assert {sentence: errors for sentence, errors in broken.items() if errors} == {}


@pytest.mark.parametrize("language", ["vi", *OTHERS])
def test_braces_are_the_same_in_every_language(language: str) -> None:
    """Babel checks `%(name)s`; the gate's sentences have `{name}`."""
    uneven = [
        sentence
        for sentence, message in catalogue(language).items()
        if isinstance(message.string, str)
        and message.string
        and braces(sentence) != braces(message.string)
    ]

    assert uneven == []


def braces(text: str) -> list[str]:
    return sorted(part.split("}")[0] for part in text.split("{")[1:])


def test_the_server_speaks_twelve_languages() -> None:
    spoken = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            spoken[language] = gettext("Open the tickets")

    assert len(set(spoken.values())) == 12
    # Django itself knows Chinese by its scripts alone.
    assert (spoken["zh"], spoken["en"]) == ("打开门票", "Open the tickets")


def test_each_language_counts_in_its_own_way() -> None:
    def people(language: str, count: int) -> str:
        with override(language):
            return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}

    assert [people("ru", count) for count in (1, 2, 5, 21)] == [
        "1 человек",
        "2 человека",
        "5 человек",
        "21 человек",
    ]
    assert [people("ja", count) for count in (1, 5)] == ["1 名", "5 名"]
    assert [people("fr", count) for count in (1, 5)] == ["1 personne", "5 personnes"]


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    with override("fr"):
        assert gettext("Nobody has translated this.") == "Nobody has translated this."
