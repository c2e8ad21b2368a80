"""The short form of the rehearsal; the long one is `bin/manage simulate_payments`."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.test import override_settings

from payments.domain.rehearsing.report import rehearse
from payments.domain.rehearsing.run import Rehearsal
from payments.domain.rehearsing.verdict import problems
from payments.domain.webhook_inbox import receive
from payments.gateways.protocol import Receipt, Verdict
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
    assert report["senders"].keys() == {"stripe", "vnpay", "sepay", "casso"}
    assert report["bank_lines"].keys() >= {"settled", "told_twice", "no_reference", "outgoing"}
    assert report["messages"].keys() == {
        "a day late",
        "copy",
        "forged",
        "in time",
        "lost",
        "wrong amount",
    }
    # The adapters themselves refused what somebody else signed or altered, and nothing else.
    refusable = report["messages"]["forged"] + report["messages"]["wrong amount"]
    assert 0 < report["verdicts"]["unproven"] <= refusable
    assert report["verdicts"].keys() >= {"recorded", "repeated", "wrong_amount"}
    assert report["refunds"].keys() >= {
        "paid_twice",
        "paid_too_much",
        "paid_too_little",
        "sold_out",
    }


def test_the_same_seed_is_the_same_rehearsal() -> None:
    """Whatever the process remembers by then, and whatever numbers the rows have."""
    first = rehearse(seed=5, payments=30, at=AT)
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    again = rehearse(seed=5, payments=30, at=AT)

    assert again == first
    assert first["troubles"]["turns that ended early"] > 0
    assert first["problems"] == []


def test_a_rehearsal_sees_what_is_planted() -> None:
    rehearsal = Rehearsal(seed=2, buyers=25, started_at=AT)
    rehearsal.play()
    assert problems(rehearsal) == []

    # Money that nobody told us of, and a ticket that is gone.
    session = next(one for one in rehearsal.world.sessions.values() if one.receipts)
    rehearsal.world.bank.pay(amount=9, memo="planted")
    session.receipts.append(Receipt("planted", 7))
    ticket = Ticket.objects.filter(line__order__status="paid").order_by("pk")[0]
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.REVOKED)

    named = problems(rehearsal)

    assert "planted: 7 was sent, None is counted" in named
    assert any(f"order {ticket.line.order.code} has" in problem for problem in named)
    assert any("holds" in problem for problem in named)
    assert any("was never heard of" in problem for problem in named)


def test_a_message_is_proven_by_its_own_adapter_and_a_forged_one_refused() -> None:
    rehearsal = Rehearsal(seed=3, buyers=25, started_at=AT)
    rehearsal.play()
    world = rehearsal.world

    def verdict_of(sender: str, **faults: bool) -> Verdict:
        written = (
            message
            for session in world.sessions.values()
            for message in world.messages(session.reference, **faults)
        )
        message = next(one for one in written if one.sender == sender)
        headers = message.headers()
        return receive(provider=sender, body=message.body, headers=headers, at=world.now)

    # VNPAY signs the wrong amount itself; of a card the amount is fetched, never read.
    of_wrong_amounts = {
        "stripe": Verdict.RECORDED,
        "vnpay": Verdict.WRONG_AMOUNT,
        "sepay": Verdict.UNPROVEN,
        "casso": Verdict.UNPROVEN,
    }
    with rehearsing(world):
        for sender, of_wrong_amount in of_wrong_amounts.items():
            assert verdict_of(sender) in {Verdict.RECORDED, Verdict.REPEATED}, sender
            assert verdict_of(sender, forged=True) == Verdict.UNPROVEN, sender
            assert verdict_of(sender, wrong_amount=True) == of_wrong_amount, sender


def test_there_is_no_rehearsal_in_production() -> None:
    world = World(now=AT, trouble=lambda _where: None)

    with (
        override_settings(MODE="production"),
        pytest.raises(RehearsalRefused),
        rehearsing(world),
    ):
        pass

    assert stand_in("vietqr") is None
