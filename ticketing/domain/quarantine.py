"""What waits for a person: events of devices that were stolen, or that contradict themselves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sites.models import User
from ticketing.domain.settling import lock_tickets, settle_tickets
from ticketing.models import EventRelease, GateDevice, GateEvent


@dataclass(frozen=True, slots=True)
class Released:
    event: GateEvent


@dataclass(frozen=True, slots=True)
class NotInQuarantine:
    """It counts already, or there is no such event."""


@transaction.atomic
def release(*, event_id: int, by: User, reason: str, at: datetime) -> Released | NotInQuarantine:
    """Let an event count after all. What it is about is settled anew."""
    event = GateEvent.objects.filter(pk=event_id).exclude(quarantine="").first()
    if event is None:
        return NotInQuarantine()
    # Before the release is written: the merge must not read past it.
    terms = lock_tickets({event.ticket_id} if event.ticket_id else set())
    _release, new = EventRelease.objects.get_or_create(
        event=event, defaults={"released_at": at, "released_by": by, "reason": reason.strip()}
    )
    if not new:
        return NotInQuarantine()
    settle_tickets(terms, at=at)
    return Released(event)


def trust_again(*, device: GateDevice) -> None:
    """A person has looked into a contradiction: what the device tells from now on counts."""
    GateDevice.objects.filter(pk=device.pk).update(quarantined_at=None)
