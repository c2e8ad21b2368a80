"""What the console says about states, blockers and refusals."""

from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guides.domain.checks import Blocker, Why
from guides.domain.coverage import State
from guides.domain.publishing import WhyNot
from guides.domain.trail import Act

STATES = {
    State.HUMAN: _("A person wrote, spoke or checked it"),
    State.MACHINE: _("A machine made it, nobody has checked it"),
    State.STALE: _("Stale: the source says something else now"),
    State.MISSING: _("Missing"),
}
SHORT_STATES = {
    State.HUMAN: _("person"),
    State.MACHINE: _("machine"),
    State.STALE: _("stale"),
    State.MISSING: _("missing"),
}
BLOCKERS = {
    Why.NO_TITLE: _("The title is missing. Write what the stop is called in this language."),
    Why.TEXT_MISSING: _("The text is not complete in this language. Missing passages:"),
    Why.TEXT_STALE: _(
        "The source changed after these passages were translated. Translate them again, or confirm "
        "that they still hold:"
    ),
    Why.NO_VOICE: _("There is no recording. Upload one, or let a machine read the text."),
    Why.VOICE_STALE: _(
        "The recording speaks an older text. Record it again, or let a machine read the new text."
    ),
    Why.TOO_SHORT: _("The recording is too short to be a narration:"),
    Why.TOO_LONG: _("The recording is longer than a quarter of an hour. Make two stops of it:"),
    Why.TOO_FAST: _("The recording is too short for this text; something is missing:"),
    Why.TOO_SLOW: _("The recording is too long for this text; it may belong to another one:"),
    Why.NO_ALT_TEXT: _("Describe this picture in this language, for people who cannot see it:"),
    Why.NO_RIGHTS: _("State the rights, the credit and the licence of this picture:"),
    Why.CHANGED_SINCE: _(
        "The text was changed after it was handed in. Take it back and hand it in again."
    ),
}
NO_PASSAGE = _("There is no text yet. Add a passage and write what is told here.")
REFUSALS = {
    WhyNot.OWN_WORK: _("Another person has to publish what you have handed in."),
    WhyNot.IN_REVIEW_ALREADY: _("It is in review already."),
    WhyNot.NOT_IN_REVIEW: _("Somebody was faster: it is not in review any more."),
    WhyNot.NOT_PUBLISHED: _("It is not public, so there is nothing to withdraw."),
    WhyNot.TIMES_NOT_IN_ORDER: _("It would end before it begins. Look at the two times."),
}
ACTS = {
    Act.TEXT_WRITTEN: _("wrote passages"),
    Act.TEXT_CONFIRMED: _("confirmed that a translation still holds"),
    Act.PASSAGE_ADDED: _("added a passage"),
    Act.PASSAGE_REMOVED: _("removed a passage"),
    Act.PASSAGES_ORDERED: _("moved a passage"),
    Act.SUBMITTED: _("handed in for review"),
    Act.SENT_BACK: _("sent back"),
    Act.APPROVED: _("approved"),
    Act.PUBLISHED: _("published"),
    Act.HELD_UP: _("not published in time, something was missing"),
    Act.WITHDRAWN: _("withdrew"),
    Act.EXPIRED: _("its time was over"),
    Act.ROLLED_BACK: _("went back to an earlier version"),
    Act.COMMENTED: _("remarked"),
    Act.SETTLED: _("settled a remark"),
    Act.STOPS_PROPOSED: _("proposed the list of stops"),
    Act.STOPS_APPROVED: _("approved the list of stops"),
    Act.RULE_CHANGED: _("changed the rule for stale content"),
}


# What is noted when a recording is there.
VOICES = {
    "SPOKEN": _("let a machine read it"),
    "RECORDED": _("brought a person's recording"),
}


def blocker_sentences(blockers: Iterable[Blocker]) -> list[object]:
    """Say what has to be put right, one sentence each."""
    return [_blocker_sentence(each) for each in blockers]


def _blocker_sentence(each: Blocker) -> object:
    if each == Blocker(Why.TEXT_MISSING, ""):
        return NO_PASSAGE
    said = BLOCKERS[each.why]
    return format_lazy("{} {}", said, each.about) if each.about else said


def act_sentence(what: str) -> object:
    """Say what was done; what an app above noted is shown by its name."""
    return {**{act.value: said for act, said in ACTS.items()}, **VOICES}.get(what, what)
