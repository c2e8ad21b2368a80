"""Every sentence that the server says, it can say in Vietnamese.

`bin/messages` brings the catalogue up to the code; the translation is for a person.
"""

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

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


def said() -> set[str]:
    """Collect the sentences in the code."""
    found = set()
    for path in (path for app in apps() for path in app.rglob("*.py")):
        for _line, sentence, _comments, _context in extract_from_file(
            "python", path, keywords=KEYWORDS
        ):
            found.add(sentence if isinstance(sentence, str) else sentence[0])
    return found


def vietnamese() -> dict[str, Message]:
    """Read the catalogue by sentence."""
    with (ROOT / "locale/vi/LC_MESSAGES/django.po").open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(file)
            if message.id
        }


def test_vietnamese_knows_every_sentence_of_the_code_and_no_other() -> None:
    assert sorted(vietnamese()) == sorted(said())


def test_every_sentence_is_translated_for_good() -> None:
    unfinished = [
        sentence
        for sentence, message in vietnamese().items()
        if message.fuzzy or not message.string or "" in [*message.string]
    ]

    assert unfinished == []


def test_translations_keep_the_places_to_fill() -> None:
    broken = {
        sentence: [str(error) for error in message.check()]
        for sentence, message in vietnamese().items()
    }

    assert {sentence: errors for sentence, errors in broken.items() if errors} == {}
