"""The console of money: an organisation's accountants see and touch its own, and nobody else's."""

import io
import zipfile
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments.admin.exports import cell
from payments.domain.disputing import DisputeFacts, follow_dispute
from payments.domain.reconciling.nightly import reconcile
from payments.domain.settlement import record
from payments.gateways.protocol import Phase
from payments.models import (
    Account,
    Difference,
    Dispute,
    MoneyRules,
    Payment,
    Posting,
    Refund,
    WebhookEvent,
)
from sites.models import Membership, Organisation, User
from tests.factories import make_order, make_organisation, make_product
from tests.payments.money import make_attempt, paid_in_full, received, state_of
from tests.payments.test_giving_back import large_refund, name_it, needs_transfer
from ticketing.domain.order_status import move
from ticketing.domain.visit_days import day_of
from ticketing.models import OrderStatus

pytestmark = pytest.mark.django_db
PAGES = [Posting, Account, Difference, Payment, Refund, Dispute]


def person(name: str, role: str, organisation: Organisation) -> User:
    user = User.objects.create(username=name, is_staff=True)
    Membership.objects.create(user=user, role=role, organisation=organisation)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(model: type[Model], kind: str, *args: object) -> str:
    return reverse(f"admin:payments_{model.__name__.lower()}_{kind}", args=args)


def money_of(organisation: Organisation) -> None:
    """A payment, a refund, a dispute and a difference in the books of an organisation."""
    product = make_product()
    type(product).objects.filter(pk=product.pk).update(organisation=organisation)
    payment = paid_in_full(make_attempt(order=make_order(product=product)))
    facts = DisputeFacts(
        reference=f"dp-{payment.pk}", amount=payment.amount, provider_status="needs_response"
    )
    follow_dispute(payment=payment, facts=facts, at=timezone.now())
    late = make_attempt(order=make_order(product=product))
    move(late.order, to=OrderStatus.CANCELLED)
    received(late, late.amount)
    reconcile(day=day_of(timezone.now()), at=timezone.now())


@pytest.mark.parametrize("model", PAGES, ids=lambda model: str(model.__name__))
@pytest.mark.parametrize("role", ["ACCOUNTANT", "AUDITOR", "MANAGER"])
def test_only_the_money_of_the_own_organisation_is_there(model: type[Model], role: str) -> None:
    ours, theirs = make_organisation(slug="ours"), make_organisation(slug="theirs")
    money_of(ours)
    money_of(theirs)
    lookup = admin.site._registry[model].to_organisation  # type: ignore[attr-defined]  # noqa: SLF001 # the framework's list of pages
    rows: Any = model._default_manager  # noqa: SLF001 # Django's name
    own = set(rows.filter(**{lookup: ours}).values_list("pk", flat=True))
    foreign = rows.filter(**{lookup: theirs}).first()
    client = signed_in(person("an", role, ours))

    listed = client.get(page(model, "changelist"))

    assert listed.status_code == 200
    assert {row.pk for row in listed.context["cl"].result_list} == own
    assert own
    assert client.get(page(model, "change", foreign.pk)).status_code == 404
    assert client.get(page(model, "change", min(own))).status_code == 200


@pytest.mark.parametrize("model", PAGES, ids=lambda model: str(model.__name__))
@pytest.mark.parametrize("role", ["SUPERVISOR"])
def test_who_stands_at_a_gate_sees_no_money(model: type[Model], role: str) -> None:
    client = signed_in(person("an", role, make_organisation()))

    assert client.get(page(model, "changelist")).status_code == 403


@pytest.mark.parametrize("model", [Posting, Account, Dispute])
def test_the_books_have_no_button_that_changes_them(model: type[Model]) -> None:
    money_of(make_organisation())
    root = signed_in(User.objects.create(username="root", is_staff=True, is_superuser=True))
    row: Any = model._default_manager.first()  # noqa: SLF001 # Django's name

    assert root.get(page(model, "add")).status_code == 403
    assert root.post(page(model, "change", row.pk), {"note": "x"}).status_code == 403
    assert root.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def do(client: Client, model: type[Model], action: str, *rows: int) -> Any:
    return client.post(
        page(model, "changelist"), {"action": action, "_selected_action": [*rows]}, follow=True
    )


def test_an_accountant_takes_and_explains_a_difference_and_an_auditor_does_not() -> None:
    ours = make_organisation()
    money_of(ours)
    difference = Difference.objects.filter(organisation=ours).order_by("pk")[0]
    accountant = person("an", "ACCOUNTANT", ours)
    address = page(Difference, "change", difference.pk)

    assert (
        signed_in(person("binh", "AUDITOR", ours))
        .post(address, {"resolution": "I say so"})
        .status_code
        == 403
    )
    do(signed_in(accountant), Difference, "take", difference.pk)
    difference.refresh_from_db()
    assert (difference.status, difference.owner) == ("taken", accountant)
    answer = signed_in(accountant).post(address, {"resolution": "The list came a day late"})

    difference.refresh_from_db()
    assert answer.status_code == 302
    assert (difference.status, difference.resolved_by) == ("resolved", accountant)
    assert difference.resolution == "The list came a day late"


def test_two_accountants_release_a_large_refund() -> None:
    refund = large_refund()
    organisation = refund.payment.organisation
    assert organisation is not None
    first = signed_in(person("an", "ACCOUNTANT", organisation))
    second = signed_in(person("binh", "ACCOUNTANT", organisation))
    stranger = signed_in(person("chi", "AUDITOR", organisation))

    for client in (stranger, first, first):
        do(client, Refund, "say_yes", refund.pk)
    refund.refresh_from_db()
    assert refund.status == "needs_approval"
    do(second, Refund, "say_yes", refund.pk)

    refund.refresh_from_db()
    assert refund.status == "requested"


def test_an_accountant_sees_the_account_of_a_transfer_and_notes_it() -> None:
    refund, secret = needs_transfer()
    name_it(refund, secret)
    organisation = refund.payment.organisation
    assert organisation is not None
    client = signed_in(person("an", "ACCOUNTANT", organisation))
    address = page(Refund, "change", refund.pk)

    assert "970436 1031933430 NGUYEN VAN A" in client.get(address).content.decode()
    assert client.post(address, {"transfer_reference": "FT26"}).status_code == 302

    refund.refresh_from_db()
    assert (refund.status, refund.transfer_reference) == ("succeeded", "FT26")
    assert "1031933430" not in client.get(address).content.decode()


def test_a_manager_changes_the_rules_and_an_accountant_reads_them() -> None:
    ours = make_organisation()
    rules = MoneyRules.objects.create(organisation=ours)
    address = page(MoneyRules, "change", rules.pk)
    wanted = {
        "two_people_above": 1,
        "keep_surplus_below": 0,
        "gates_know_after_minutes": 5,
        "fee_permille_at_most": 40,
        "legal_basis": "",
    }

    assert signed_in(person("an", "ACCOUNTANT", ours)).post(address, wanted).status_code == 403
    assert signed_in(person("binh", "MANAGER", ours)).post(address, wanted).status_code == 302

    rules.refresh_from_db()
    assert rules.two_people_above == 1


def test_messages_are_for_administrators_who_can_have_them_worked_on_again() -> None:
    event = WebhookEvent.objects.create(
        provider="vnpay",
        event_id="1",
        type="x",
        body=b"somebody's name",
        received_at=timezone.now(),
        processed_at=timezone.now(),
        due_at=timezone.now(),
    )
    root = signed_in(User.objects.create(username="root", is_staff=True, is_superuser=True))
    accountant = signed_in(person("an", "ACCOUNTANT", make_organisation()))

    assert accountant.get(page(WebhookEvent, "changelist")).status_code == 403
    shown = root.get(page(WebhookEvent, "change", event.pk)).content.decode()
    do(root, WebhookEvent, "work_again", event.pk)

    assert "somebody" not in shown
    event.refresh_from_db()
    assert event.processed_at is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}cmd") == f"'{start}cmd"
    assert cell(-5) == -5


def test_exports_hold_what_the_page_shows_and_no_formula() -> None:
    ours = make_organisation()
    money_of(ours)
    Difference.objects.update(reference="=HYPERLINK(0)")
    one = Difference.objects.filter(organisation=ours)[0]
    client = signed_in(person("an", "ACCOUNTANT", ours))

    table = do(client, Difference, "export_csv", one.pk).content.decode("utf-8-sig")
    book = do(client, Difference, "export_xlsx", one.pk).content

    lines = table.splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK(0)" in lines[1]
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        strings = parts.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "HYPERLINK(0)" in strings


def test_an_account_shows_the_sum_of_its_entries() -> None:
    payment = paid_in_full(make_attempt())
    organisation = payment.organisation
    assert organisation is not None
    client = signed_in(person("an", "ACCOUNTANT", organisation))

    shown = client.get(page(Account, "changelist") + "?kind=clearing").content.decode()

    assert "400.000" in shown
    assert Payment.objects.count() == 1


def test_an_accountant_lets_money_in_doubt_pay_and_a_stranger_does_not() -> None:
    organisation = make_organisation()
    attempt = make_attempt(provider="vnpay")
    record(
        attempt=attempt,
        state=state_of(attempt, phase=Phase.SUSPECT),
        live=False,
        at=timezone.now(),
    )
    form = {"action": "accept", "_selected_action": [Payment.objects.get().pk]}
    other = person("stranger", Membership.Role.ACCOUNTANT, make_organisation(slug="other"))
    own = person("own", Membership.Role.ACCOUNTANT, organisation)

    for user, use in ((other, "in_doubt"), (own, "settles")):
        signed_in(user).post(page(Payment, "changelist"), form)
        assert Payment.objects.get().use == use
    assert LogEntry.objects.get().user == own
