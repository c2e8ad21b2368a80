"""One answer for each order, after somebody of it was let in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from reporting.domain.surveying import NotAsked, answer_for, hide
from reporting.models import SurveyAnswer
from tests.at_once import at_once
from tests.factories import make_gate, make_site, place
from tests.reporting.making import person
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import OrderPlaced
from ticketing.models import Admission, Order, Ticket


def visited() -> OrderPlaced:
    placed = place()
    paid = pay_order(order=placed.order, at=timezone.now())
    assert isinstance(paid, OrderPaid)
    ticket = Ticket.objects.get(line__order=placed.order)
    site = ticket.product.entitlements.get().site
    Admission.objects.create(
        ticket=ticket,
        site=site,
        people=1,
        people_limit=1,
        first_at=timezone.now(),
        first_scan_id="0" * 32,
        first_gate=make_gate(site=site),
        last_at=timezone.now(),
        last_scan_id="0" * 32,
    )
    return placed


def send(placed: OrderPlaced, **body: object) -> tuple[int, str]:
    answer = Client().post(
        f"/api/v1/orders/{placed.order.code}/survey",
        body,
        content_type="application/json",
        headers={"Order-Secret": placed.secret},
    )
    return answer.status_code, answer.json().get("code", "")


def ask(placed: OrderPlaced) -> dict[str, object]:
    answer = Client().get(
        f"/api/v1/orders/{placed.order.code}/survey", headers={"Order-Secret": placed.secret}
    )
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.django_db
def test_an_order_answers_once_after_its_visit() -> None:
    placed = visited()

    assert ask(placed) == {"invited": True, "answer": None}
    assert send(placed, score=4, comment="Đẹp") == (201, "")
    assert send(placed, score=5) == (409, "answered_before")
    assert ask(placed)["invited"] is False
    row = SurveyAnswer.objects.get()
    assert (row.score, row.comment, row.by_staff) == (4, "Đẹp", False)


@pytest.mark.django_db
def test_nobody_is_asked_about_a_place_they_have_not_seen() -> None:
    placed = place()

    assert ask(placed) == {"invited": False, "answer": None}
    assert send(placed, score=5) == (409, "not_visited")


@pytest.mark.django_db
@pytest.mark.parametrize("score", [0, 6, "good", None])
def test_a_score_has_five_points(score: object) -> None:
    assert send(visited(), score=score)[0] == 422


@pytest.mark.django_db
def test_an_answer_needs_the_secret_of_its_order() -> None:
    placed = visited()
    answer = Client().post(
        f"/api/v1/orders/{placed.order.code}/survey",
        {"score": 1},
        content_type="application/json",
        headers={"Order-Secret": "wrong"},
    )

    assert answer.status_code == 404
    assert not SurveyAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_the_same_moment_one_is_kept() -> None:
    order = visited().order
    results = at_once(lambda score: _answer(order, score), [1, 5])

    assert SurveyAnswer.objects.count() == 1
    assert sum(result is NotAsked.ANSWERED_BEFORE for result in results) == 1


def _answer(order: Order, score: int) -> SurveyAnswer | NotAsked:
    return answer_for(order=order, score=score, comment="", by_staff=False, at=timezone.now())


@pytest.mark.django_db
def test_a_device_at_a_gate_answers_once_a_day() -> None:
    site = make_site(slug="ngo-mon")
    client = Client()
    path = f"/api/v1/sites/{site.slug}/survey"

    answers = [client.post(path, {"score": 5}, content_type="application/json") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    row = SurveyAnswer.objects.get()
    assert row.order is None
    assert "127.0.0.1" not in row.device_hash


@pytest.mark.django_db
def test_a_low_score_is_hidden_with_a_reason_and_never_changed_or_deleted() -> None:
    placed = visited()
    send(placed, score=1, comment="…")
    row = SurveyAnswer.objects.get()

    assert not hide(answer=row, reason=" ", by=person("lan"), at=timezone.now())
    assert hide(answer=row, reason="xúc phạm", by=person("lan"), at=timezone.now())
    for attempt in (
        lambda: SurveyAnswer.objects.filter(pk=row.pk).delete(),
        lambda: SurveyAnswer.objects.update(score=5),
        lambda: SurveyAnswer.objects.update(answered_at=timezone.now() - timedelta(days=90)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
