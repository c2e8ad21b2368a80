"""Every sentence of the server exists in Vietnamese, a buyer's in all twelve languages.

`bin/messages` brings the catalogues up to the code; the translation is for a person.
"""

from collections.abc import Iterable
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
# English is what the code itself says; Vietnamese has the desk's sentences too.
OTHERS = sorted({code for code, _name in settings.LANGUAGES} - {"en", "vi"})
# Where every sentence is whole in all twelve languages.
FOR_BUYERS = [
    "ticketing/api/forms.py",
    "ticketing/api/recovery_page.py",
    "ticketing/domain/apple_pass.py",
    "ticketing/domain/mail_of_tickets.py",
    "ticketing/domain/outcome_texts.py",
    "ticketing/domain/printing.py",
    "ticketing/domain/ticket_sheets.py",
    "ticketing/schemas/forms.py",
    "ticketing/schemas/tickets.py",
]


def said(paths: Iterable[Path]) -> set[str]:
    """Collect the sentences in these files."""
    found = set()
    for path in paths:
        for _line, sentence, _comments, _context in extract_from_file(
            "python", path, keywords=KEYWORDS
        ):
            found.add(sentence if isinstance(sentence, str) else sentence[0])
    return found


def said_on_pages() -> set[str]:
    """Collect the sentences in the server's pages."""
    found = set()
    for page in (page for app in apps() for page in app.rglob("*.html")):
        with page.open("rb") as file:
            found |= {sentence for _line, _name, sentence, _comments in extract(file, (), (), {})}
    return found


def code() -> list[Path]:
    return [path for app in apps() for path in app.rglob("*.py")]


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
    assert sorted(catalogue("vi")) == sorted(said(code()) | said_on_pages())


def test_every_sentence_is_translated_for_good() -> None:
    known = catalogue("vi")

    assert [sentence for sentence in known if not is_finished(known[sentence])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_buyer_is_told_is_whole_in_every_language(language: str) -> None:
    known = catalogue(language)

    wanted = said(ROOT / path for path in FOR_BUYERS)
    assert len(wanted) > 30
    assert [one for one in sorted(wanted) if not is_finished(known.get(one))] == []


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
