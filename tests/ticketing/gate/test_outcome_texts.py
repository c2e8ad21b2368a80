"""What the guard and the visitor are told."""

from datetime import timedelta
from string import Formatter

import pytest

from sites.models import Language
from tests.factories import OPENING
from ticketing.domain.outcome_texts import SENTENCES, outcome_sentences, outcome_text
from ticketing.domain.presentation import FirstAdmission, ScanResult, TicketFacts
from ticketing.models import Outcome

FACTS = TicketFacts(
    product_id=1,
    category=1,
    party_size=25,
    left=7,
    valid_from=OPENING,
    valid_until=OPENING + timedelta(days=1),
    language="en",
)


def judged(outcome: Outcome) -> ScanResult:
    return ScanResult(outcome, 18, FirstAdmission(OPENING, "ngo-mon", "Ngọ Môn"), FACTS)


def test_every_outcome_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Outcome)


@pytest.mark.parametrize("language", Language.values)
def test_every_language_has_a_sentence_of_its_own_for_every_outcome(language: str) -> None:
    english = outcome_sentences("en")
    sentences = outcome_sentences(language)

    assert set(sentences) == set(Outcome.values)
    assert language == "en" or not set(sentences.values()) & set(english.values())
    # The same places to fill, whatever their order.
    assert {outcome: places(text) for outcome, text in sentences.items()} == {
        outcome: places(text) for outcome, text in english.items()
    }


def places(sentence: str) -> set[str | None]:
    return {name for _text, name, _form, _conversion in Formatter().parse(sentence)} - {None}


@pytest.mark.parametrize("outcome", Outcome)
def test_every_sentence_is_whole_in_vietnamese_and_english(outcome: Outcome) -> None:
    vietnamese = outcome_text(judged(outcome), language="vi")
    english = outcome_text(judged(outcome), language="en")

    assert vietnamese != english
    assert "{" not in vietnamese + english


def test_a_used_ticket_says_when_and_where_in_the_time_of_viet_nam() -> None:
    used = judged(Outcome.ALREADY_ADMITTED)

    assert outcome_text(used, language="vi") == (
        "Vé này đã dùng lúc 08:00 ngày 22/11/2026, tại Ngọ Môn."
    )


def test_a_party_that_is_not_complete_hears_how_many_may_still_enter() -> None:
    assert outcome_text(judged(Outcome.PARTY_EXHAUSTED), language="en") == (
        "This ticket is for 25 people; 7 may still enter."
    )
