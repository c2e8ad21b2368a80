"""One short sentence for each outcome: for the guard in Vietnamese, for the visitor in theirs."""

from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from ticketing.domain.gate_names import place_names
from ticketing.domain.passes import Breach, BrokenRule
from ticketing.domain.presentation import ScanResult, TicketFacts
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Outcome

GUARD_LANGUAGE = "vi"

SENTENCES = {
    Outcome.ADMITTED: gettext_noop("Welcome. People admitted: {people}."),
    Outcome.ALREADY_ADMITTED: gettext_noop(
        "This ticket was already used at {time} on {day}, at {gate}."
    ),
    Outcome.PARTY_EXHAUSTED: gettext_noop(
        "This ticket is for {party} people; {left} may still enter."
    ),
    Outcome.WRONG_SITE: gettext_noop("This ticket does not open this place."),
    Outcome.NOT_YET_VALID: gettext_noop("This ticket is valid from {valid_from}."),
    Outcome.EXPIRED: gettext_noop("This ticket was valid until {valid_until}."),
    Outcome.WRONG_SLOT: gettext_noop("This ticket is for another time of the day."),
    Outcome.UNPAID: gettext_noop("This ticket is not paid yet."),
    Outcome.CANCELLED: gettext_noop("This ticket was cancelled."),
    Outcome.REVOKED: gettext_noop("This ticket is no longer valid."),
    Outcome.UNKNOWN: gettext_noop("We do not know this code."),
    Outcome.FORGED: gettext_noop("This code is not a genuine ticket."),
    Outcome.CHECK_DOCUMENT: gettext_noop("Please show the document for this kind of ticket."),
    Outcome.TOO_SOON: gettext_noop("This ticket was used a moment ago. Please wait a little."),
    Outcome.NEEDS_SYNC: gettext_noop("This scanner is out of date. Please ask a supervisor."),
    Outcome.DEVICE_BLOCKED: gettext_noop("This scanner is blocked. Please go to another gate."),
}
ENTRY = gettext_noop("People enter with this ticket from {entry_from} to {entry_until} on {day}.")
REPLACED = gettext_noop("This ticket was replaced by new ones. Please show the new code.")

# A pass names the rule that it broke.
BROKEN = {
    Breach.PLACES_USED: gettext_noop("This pass opens {limit} places, and all of them are used."),
    Breach.OUT_OF_ORDER: gettext_noop(
        "The places of this pass follow each other. Please visit {first} first."
    ),
    Breach.TIME_OVER: gettext_noop(
        "This pass was valid until {until}, counted from its first entry."
    ),
}
BEHIND = gettext_noop("The places of this pass follow each other, and this one lies behind.")


# Visitors come from more countries than gettext has catalogues for.
OTHER_LANGUAGES = Path(__file__).resolve().parents[1] / "data" / "outcome_texts.yaml"


@cache
def _other_languages() -> dict[str, dict[str, str]]:
    by_language: dict[str, dict[str, str]] = yaml.safe_load(OTHER_LANGUAGES.read_text("utf-8"))
    return {
        language: {SENTENCES[Outcome(outcome)]: text for outcome, text in texts.items()}
        for language, texts in by_language.items()
    }


@cache
def _sentence(msgid: str, language: str) -> str:
    known = _other_languages().get(language, {}).get(msgid)
    if known is not None:
        return known
    with override(language):
        return _(msgid)


def outcome_sentences(language: str) -> dict[str, str]:
    """Every outcome's sentence with its places to fill, as gates carry them."""
    return {outcome.value: _sentence(msgid, language) for outcome, msgid in SENTENCES.items()}


def outcome_text(result: ScanResult, *, language: str) -> str:
    """Tell a person what the gate decided, with the times and numbers that explain it."""
    if result.broken is not None:
        return broken_text(result.broken, language=language)
    words: dict[str, object] = {"people": result.admitted_people}
    if result.ticket is not None:
        words["party"] = result.ticket.party_size
        words["left"] = result.ticket.left
        words["valid_from"] = f"{result.ticket.valid_from.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        words["valid_until"] = f"{result.ticket.valid_until.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        words |= _entry_words(result.ticket)
    if result.first_admission is not None and result.outcome != Outcome.WRONG_SLOT:
        first_at = result.first_admission.at.astimezone(VIETNAM)
        words["time"] = f"{first_at:%H:%M}"
        words["day"] = f"{first_at:%d/%m/%Y}"
        words["gate"] = result.first_admission.gate_name
    return _sentence(_msgid(result), language).format(**words)


def _entry_words(ticket: TicketFacts) -> dict[str, object]:
    if ticket.entry_from is None or ticket.entry_until is None:
        return {}
    starts, ends = ticket.entry_from.astimezone(VIETNAM), ticket.entry_until.astimezone(VIETNAM)
    return {
        "entry_from": f"{starts:%H:%M}",
        "entry_until": f"{ends:%H:%M}",
        "day": f"{starts:%d/%m/%Y}",
    }


def _msgid(result: ScanResult) -> str:
    if result.outcome == Outcome.WRONG_SLOT and result.ticket and result.ticket.entry_from:
        return ENTRY
    replaced = result.ticket is not None and result.ticket.replaced
    return REPLACED if replaced and result.outcome == Outcome.REVOKED else SENTENCES[result.outcome]


def broken_text(broken: BrokenRule, *, language: str) -> str:
    """Tell a person which rule of their pass forbids the place."""
    sentence = BROKEN[broken.breach]
    if broken.breach == Breach.OUT_OF_ORDER and broken.first_visit is None:
        sentence = BEHIND
    until = broken.until.astimezone(VIETNAM) if broken.until else None
    return _sentence(sentence, language).format(
        limit=broken.limit,
        first=place_names(language).get(broken.first_visit or 0, ""),
        until=f"{until:%H:%M %d/%m/%Y}" if until else "",
    )
