"""The short form of the rehearsal; the long one is `bin/manage simulate_payments`."""

from datetime import datetime

import pytest
from django.test import override_settings

from payments.domain.rehearsing.report import rehearse
from payments.domain.rehearsing.run import Rehearsal
from payments.domain.rehearsing.verdict import problems
from payments.gateways.protocol import ProviderEvent, Receipt, WebhookRefused
from payments.gateways.rehearsal import RehearsalRefused, World, rehearsing, stand_in
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Ticket, TicketStatus

AT = datetime(2026, 11, 22, 8, 0, tzinfo=VIETNAM)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_two_hundred_payments_with_everything_that_goes_wrong_end_well() -> None:
    report = rehearse(seed=1, payments=200, at=AT)

    assert report["problems"] == []
    assert report["ok"]
    # The rehearsal is one only if all of this happened.
    assert report["money"].keys() >= {"settles", "goes_back"}
    assert report["troubles"]["turns that ended early"] > 5
    assert report["messages"].keys() == {
        "a day late",
        "copy",
        "forged",
        "in time",
        "lost",
        "wrong amount",
    }
    # The adapters themselves refused what somebody else signed, and nothing that was not forged.
    assert 0 < report["verdicts"]["unproven"] <= report["messages"]["forged"]
    assert report["verdicts"].keys() >= {"recorded", "repeated", "wrong_amount"}
    assert report["refunds"].keys() >= {
        "paid_twice",
        "paid_too_much",
        "paid_too_little",
        "sold_out",
    }


def test_a_rehearsal_sees_what_is_planted() -> None:
    rehearsal = Rehearsal(seed=2, buyers=25, started_at=AT)
    rehearsal.play()
    assert problems(rehearsal) == []

    # Money that nobody told us of, and a ticket that is gone.
    session = next(one for one in rehearsal.world.sessions.values() if one.receipts)
    session.receipts.append(Receipt("planted", 7))
    ticket = Ticket.objects.filter(line__order__status="paid").order_by("pk")[0]
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.REVOKED)

    named = problems(rehearsal)

    assert "planted: 7 was sent, None is counted" in named
    assert any(f"order {ticket.line.order.code} has" in problem for problem in named)
    assert any("holds" in problem for problem in named)


@pytest.mark.parametrize("provider", ["stripe", "vnpay", "vietqr"])
def test_a_message_of_a_rehearsal_is_read_by_its_adapter_and_a_forged_one_refused(
    provider: str,
) -> None:
    rehearsal = Rehearsal(seed=3, buyers=25, started_at=AT)
    rehearsal.play()
    sessions = rehearsal.world.sessions.values()
    reference = next(one.reference for one in sessions if one.provider == provider)

    with rehearsing(rehearsal.world):
        line = stand_in(provider)
        assert line is not None
        true, forged = (
            line.read_webhook(body=message.body, headers=message.headers())
            for message in (
                rehearsal.world.message(reference),
                rehearsal.world.message(reference, forged=True),
            )
        )

    assert isinstance(true, ProviderEvent)
    assert isinstance(forged, WebhookRefused)


def test_there_is_no_rehearsal_in_production() -> None:
    world = World(now=AT, trouble=lambda _where: None)

    with (
        override_settings(MODE="production"),
        pytest.raises(RehearsalRefused),
        rehearsing(world),
    ):
        pass

    assert stand_in("vietqr") is None
