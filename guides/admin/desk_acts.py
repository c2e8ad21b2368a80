"""The buttons of the desk: each reads its form, makes one domain call and says what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from guides.admin.sentences import REFUSALS, blocker_sentences
from guides.domain import desk
from guides.domain.freshness import (
    add_segment,
    confirm_text,
    order_segments,
    remove_segment,
)
from guides.domain.narrating import NothingToSpeak, ask_for_speech
from guides.domain.publishing import (
    Blocked,
    Published,
    Refused,
    Scheduled,
    Submitted,
    WhyNot,
    approve,
    send_back,
    submit,
    withdraw,
)
from guides.domain.trail import Act, tell
from guides.domain.versions import roll_back
from guides.models import Narration, NarrationVersion, Segment, Status
from guides.tasks import speak_guides
from sites.models import User

# Fits into the database's largest number.
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Done:
    """What the person is told; `typed` is what could not be saved, by passage."""

    fine: bool
    sentences: list[Any] = field(default_factory=list)
    typed: dict[int, str] = field(default_factory=dict)


def well(*sentences: Any) -> Done:
    return Done(fine=True, sentences=list(sentences))


def sorry(*sentences: Any) -> Done:
    return Done(fine=False, sentences=list(sentences))


def _number(text: str) -> int:
    """Read a number that a form sent; what is none is the number of nothing."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


def _save(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    typed = [
        desk.Typed(
            segment=_number(pk),
            text=said.get(f"text-{pk}", ""),
            seen=said.get(f"seen-{pk}", ""),
            made_from=said.get(f"from-{pk}", ""),
        )
        for pk in said.getlist("segment")
    ]
    saved = desk.save_words(
        narration=narration, title=said.get("title", "")[:200], typed=typed, by=by, at=at
    )
    if "onward" in said:
        desk.save_onward(narration=narration, text=said.get("onward", ""), at=at)
    if saved.overtaken:
        sentence = _("Somebody else changed passages meanwhile. Yours are kept below: compare.")
        return Done(fine=False, sentences=[sentence], typed={t.segment: t.text for t in typed})
    told = _(
        "Saved. Passages written: %(written)s. Stale since: translations %(texts)s, "
        "recordings %(voices)s."
    )
    numbers = {
        "written": saved.written,
        "texts": saved.translations,
        "voices": saved.recordings,
    }
    return well(told % numbers)


def _add(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    add_segment(stop=narration.stop, at=at)
    _note(Act.PASSAGE_ADDED, narration, by, at)
    return well()


def _passage(narration: Narration, said: QueryDict) -> Segment | None:
    rows = Segment.objects.filter(stop=narration.stop_id)
    return rows.filter(pk=_number(said.get("passage", ""))).first()


def _confirm(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    segment = _passage(narration, said)
    if segment:
        confirm_text(segment=segment, language=narration.language, by=by, at=at)
        _note(Act.TEXT_CONFIRMED, narration, by, at)
    return well()


def _remove(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    segment = _passage(narration, said)
    if segment:
        remove_segment(segment=segment, at=at)
        _note(Act.PASSAGE_REMOVED, narration, by, at)
    return well()


def _up(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    segment = _passage(narration, said)
    order = list(narration.stop.segments.order_by("position").values_list("pk", flat=True))
    if segment and order.index(segment.pk):
        place = order.index(segment.pk)
        order[place - 1 : place + 1] = [order[place], order[place - 1]]
        order_segments(stop=narration.stop, segments=order, at=at)
        _note(Act.PASSAGES_ORDERED, narration, by, at)
    return well()


def _submit(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    done = submit(narration=narration, by=by, at=at, note=said.get("note", "")[:400])
    match done:
        case Submitted():
            return well(_("Handed in. Another person reads, listens and publishes it."))
        case Blocked(blockers):
            return sorry(*blocker_sentences(blockers))
        case Refused(reason):
            return sorry(REFUSALS[reason])


def _open_version(narration: Narration) -> NarrationVersion | None:
    return NarrationVersion.objects.filter(narration=narration, status=Status.IN_REVIEW).first()


def _approve(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    version = _open_version(narration)
    if version is None:
        return sorry(REFUSALS[WhyNot.NOT_IN_REVIEW])
    done = approve(
        version=version,
        by=by,
        at=at,
        publish_at=_instant(said.get("publish_at", "")),
        expires_at=_instant(said.get("expires_at", "")),
        vouches=bool(said.get("vouches")),
    )
    match done:
        case Published():
            return well(_("Published. Visitors hear it from now on."))
        case Scheduled(version):
            return well(_("Approved. It is published by itself at the time given."))
        case Blocked(blockers):
            return sorry(*blocker_sentences(blockers))
        case Refused(reason):
            return sorry(REFUSALS[reason])


def _instant(text: str) -> datetime | None:
    """Read what a field for date and time sends, in the time of Việt Nam; nothing: at once."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or found.tzinfo:
        return found
    return timezone.make_aware(found)


def _send_back(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    version = _open_version(narration)
    reason = said.get("reason", "")
    done = send_back(version=version, by=by, at=at, reason=reason) if version else None
    if done is None or isinstance(done, Refused):
        return sorry(REFUSALS[WhyNot.NOT_IN_REVIEW])
    desk.comment(narration=narration, text=reason, by=by, at=at)
    return well(_("Sent back to be worked on."))


def _withdraw(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    done = withdraw(narration=narration, by=by, at=at)
    if isinstance(done, Refused):
        return sorry(REFUSALS[done.reason])
    return well(_("Withdrawn. Visitors do not hear it any more."))


def _roll_back(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    rows = NarrationVersion.objects.filter(narration=narration)
    version = rows.filter(number=_number(said.get("number", ""))).first()
    if version is None:
        return sorry(_("There is no such version."))
    roll_back(version=version, by=by, at=at)
    return well(_("The words of that version stand here again. Hand them in to publish."))


def _speak(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    done = ask_for_speech(
        site=narration.stop.guide.site,
        narrations=[narration],
        by=by,
        at=at,
        over_stale=bool(said.get("over_stale")),
    )
    if isinstance(done, NothingToSpeak):
        return sorry(
            _("Nothing to read: the text is not complete, or a person's recording speaks it.")
        )
    speak_guides.delay_on_commit()
    return well(_("A machine reads it. Look again in a moment: the recording appears here."))


def _comment(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    desk.comment(narration=narration, text=said.get("comment", ""), by=by, at=at)
    return well()


def _settle(*, narration: Narration, said: QueryDict, by: User, at: datetime) -> Done:
    comment_id = _number(said.get("comment", ""))
    desk.settle_comment(narration=narration, comment_id=comment_id, by=by, at=at)
    return well()


def _note(act: Act, narration: Narration, by: User, at: datetime) -> None:
    with transaction.atomic():
        tell(act=act, stop=narration.stop, language=narration.language, by=by, at=at)


ACTS: Mapping[str, Callable[..., Done]] = {
    "save": _save,
    "add": _add,
    "confirm": _confirm,
    "remove": _remove,
    "up": _up,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "withdraw": _withdraw,
    "roll-back": _roll_back,
    "speak": _speak,
    "comment": _comment,
    "settle": _settle,
}
