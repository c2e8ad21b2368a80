"""The console of accounts: secrets go in and never come out; bank lines are decided once."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from payments.domain.bank_exceptions import NotOpen, Proposed, Resolved, Wanted, resolve
from payments.domain.credentials import replace_secret, seal_anew
from payments.gateways.credentials import usable_secrets
from payments.models import BankCredit, Finding, MerchantAccount, MerchantSecret, SecretKind
from sites.models import Membership, Organisation, User
from tests.at_once import at_once
from tests.factories import make_order, make_organisation
from tests.payments.accounts import make_account
from tests.payments.bank_desk import API_KEY, BANK, NUMBER, SEPAY_SECRET, BankDesk
from tests.payments.buying import money_of, start, status_of, tickets_of
from tests.payments.test_bank_feed import told

pytestmark = pytest.mark.django_db


def make_manager(name: str, *, organisation: Organisation | None = None) -> User:
    """Somebody who manages an organisation and answers for its money."""
    user = User.objects.create(username=name, is_staff=True)
    for role in (Membership.Role.MANAGER, Membership.Role.ACCOUNTANT):
        Membership.objects.create(
            user=user, role=role, organisation=organisation or make_organisation()
        )
    return user


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def account() -> MerchantAccount:
    return make_account(
        provider="vietqr",
        number=NUMBER,
        bank_bin=BANK,
        secrets={SecretKind.SEPAY_WEBHOOK: SEPAY_SECRET, SecretKind.BANK_API: API_KEY},
    )


def change_page(row: MerchantAccount | BankCredit) -> str:
    return reverse(f"admin:payments_{type(row).__name__.lower()}_change", args=[row.pk])


def form_of(account: MerchantAccount, **typed: str) -> dict[str, str]:
    return {"holder": account.holder, "minimum": "", "maximum": "", "enabled": "on", **typed}


def test_a_manager_enters_a_secret_and_nobody_sees_it_again(account: MerchantAccount) -> None:
    desk = desk_of(make_manager("thu"))
    page = change_page(account)

    saved = desk.post(page, form_of(account, sepay_webhook="ONE-NEW-SECRET"))

    assert saved.status_code == 302, saved.content.decode()[-3000:]
    at = timezone.now()
    assert usable_secrets(account, SecretKind.SEPAY_WEBHOOK, at=at) == (
        "ONE-NEW-SECRET",
        SEPAY_SECRET,
    )
    shown = desk.get(page).content.decode()
    history = desk.get(page.replace("change", "history")).content.decode()
    assert "SePay" in shown
    for text in (shown, history, desk.get(page, {"_popup": 1}).content.decode()):
        assert "ONE-NEW-SECRET" not in text
        assert SEPAY_SECRET not in text
    assert MerchantSecret.objects.latest("pk").entered_by == User.objects.get(username="thu")


def test_a_page_that_fails_its_checks_does_not_show_the_secret(account: MerchantAccount) -> None:
    desk = desk_of(make_manager("thu"))

    refused = desk.post(
        change_page(account), form_of(account, sepay_webhook="ONE-NEW-SECRET", minimum="x")
    )

    assert refused.status_code == 200
    assert "ONE-NEW-SECRET" not in refused.content.decode()
    assert MerchantSecret.objects.count() == 2


def test_a_leaked_secret_ends_at_once(account: MerchantAccount) -> None:
    desk_of(make_manager("thu")).post(
        change_page(account), form_of(account, sepay_webhook="NEW", end_old_at_once="on")
    )

    soon = timezone.now() + timedelta(seconds=1)
    assert usable_secrets(account, SecretKind.SEPAY_WEBHOOK, at=soon) == ("NEW",)


def test_accounts_of_others_are_not_there(account: MerchantAccount) -> None:
    stranger = make_manager("xa", organisation=make_organisation(slug="another"))

    for row in (account,):
        assert desk_of(stranger).get(change_page(row)).status_code == 404
    listed = desk_of(stranger).get(reverse("admin:payments_merchantaccount_changelist"))
    assert NUMBER not in listed.content.decode()


def test_nothing_of_an_account_is_deleted(account: MerchantAccount) -> None:
    root = User.objects.create(username="root", is_staff=True, is_superuser=True)
    page = reverse("admin:payments_merchantaccount_delete", args=[account.pk])

    assert desk_of(root).post(page, {"post": "yes"}).status_code == 403


def test_both_secrets_count_for_a_day(account: MerchantAccount) -> None:
    at = timezone.now()
    replace_secret(account=account, kind=SecretKind.BANK_API, text="NEW", by=None, at=at)

    for later, usable in ((timedelta(hours=23), ("NEW", API_KEY)), (timedelta(hours=25), ("NEW",))):
        assert usable_secrets(account, SecretKind.BANK_API, at=at + later) == usable


@pytest.mark.django_db(transaction=True)
def test_two_people_who_enter_a_secret_at_once_leave_one_in_use(account: MerchantAccount) -> None:
    at = timezone.now()

    at_once(
        lambda text: replace_secret(
            account=account, kind=SecretKind.BANK_API, text=text, by=None, at=at
        ),
        [f"secret {number}" for number in range(8)],
    )

    in_use = MerchantSecret.objects.filter(
        account=account, kind=SecretKind.BANK_API, usable_until=None
    )
    assert in_use.count() == 1


def test_keys_of_the_seal_are_changed_without_losing_a_secret(
    account: MerchantAccount, settings: Settings
) -> None:
    old, new = settings.SEAL_KEYS, Fernet.generate_key().decode()
    settings.SEAL_KEYS = [new, *old]
    assert seal_anew() == 2
    settings.SEAL_KEYS = [new]

    assert usable_secrets(account, SecretKind.BANK_API, at=timezone.now()) == (API_KEY,)
    assert API_KEY.encode() not in bytes(MerchantSecret.objects.latest("pk").sealed)


@pytest.fixture
def lost(bank_desk: BankDesk, account: MerchantAccount) -> BankCredit:
    """Money for an order, with a memo that says nothing."""
    bank_desk.pull("credits", amount=400_000, memo="tien ve tham quan")
    assert told(bank_desk) == Finding.NO_REFERENCE
    return BankCredit.objects.get()


def decide(decision: str, **typed: str) -> dict[str, str]:
    return {"decision": decision, "order_code": "", "reason": "the buyer called", **typed}


def test_a_lost_transfer_is_assigned_and_becomes_tickets(lost: BankCredit) -> None:
    order = make_order(quantity=2)
    desk = desk_of(make_manager("thu"))
    BankCredit.objects.update(booked_at=timezone.now())
    shown = desk.get(change_page(lost)).content.decode()
    assert order.code in shown

    saved = desk.post(change_page(lost), decide("assigned", order_code=order.code.lower()))

    assert saved.status_code == 302, saved.content.decode()[-3000:]
    assert (status_of(order), tickets_of(order)) == ("paid", 2)
    assert money_of(order) == [(400_000, True)]
    lost.refresh_from_db()
    assert (lost.finding, lost.resolution) == (Finding.SETTLED, "assigned")
    assert lost.resolution_note == f"{order.code}: the buyer called"
    assert lost.resolved_by == User.objects.get(username="thu")


def test_an_order_that_was_begun_keeps_its_attempt(lost: BankCredit) -> None:
    attempt = start(make_order(quantity=2), provider="vietqr")

    desk_of(make_manager("thu")).post(
        change_page(lost), decide("assigned", order_code=attempt.order.code)
    )

    attempt.refresh_from_db()
    assert attempt.status == "succeeded"
    assert attempt.order.attempts.count() == 1


@pytest.mark.parametrize("decision", ["sent_back", "ignored"])
def test_a_line_is_set_aside_with_a_reason(lost: BankCredit, *, decision: str) -> None:
    desk = desk_of(make_manager("thu"))
    assert desk.post(change_page(lost), decide(decision, reason="")).status_code == 200

    assert desk.post(change_page(lost), decide(decision)).status_code == 302

    lost.refresh_from_db()
    assert (lost.resolution, lost.resolution_note) == (decision, "the buyer called")
    # The first page says what was done; the second is the list alone.
    pages = [desk.get(reverse("admin:payments_bankcredit_changelist")) for _ in range(2)]
    listed = pages[1].content.decode()
    assert "tien ve tham quan" not in listed


def test_a_line_is_not_assigned_to_an_order_of_others(lost: BankCredit) -> None:
    order = make_order(quantity=2)
    line = order.lines.get()
    line.product.organisation = make_organisation(slug="another")
    line.product.save()
    desk = desk_of(make_manager("thu"))

    for code in (order.code, "NOSUCH00", ""):
        assert desk.post(change_page(lost), decide("assigned", order_code=code)).status_code == 200
    assert status_of(order) == "held"


def test_lines_of_others_are_not_there(lost: BankCredit) -> None:
    stranger = make_manager("xa", organisation=make_organisation(slug="another"))

    assert desk_of(stranger).get(change_page(lost)).status_code == 404


def test_a_manager_of_sites_reads_the_lines_and_decides_nothing(lost: BankCredit) -> None:
    user = make_manager("thu")
    Membership.objects.filter(user=user, role=Membership.Role.ACCOUNTANT).delete()
    desk = desk_of(user)

    assert desk.get(change_page(lost)).status_code == 200
    assert desk.post(change_page(lost), decide("ignored")).status_code == 403


IGNORE = Wanted(resolution=BankCredit.Resolution.IGNORED, note="of the canteen")


def test_a_large_sum_wants_two_people(lost: BankCredit) -> None:
    BankCredit.objects.update(amount=5_000_001)
    one, two = make_manager("one"), make_manager("two")
    at = timezone.now()

    assert isinstance(resolve(credit_id=lost.pk, wanted=IGNORE, by=one, at=at), Proposed)
    assert isinstance(resolve(credit_id=lost.pk, wanted=IGNORE, by=one, at=at), Proposed)
    other = Wanted(resolution=BankCredit.Resolution.SENT_BACK, note="FT1")
    assert isinstance(resolve(credit_id=lost.pk, wanted=other, by=two, at=at), Proposed)
    assert isinstance(resolve(credit_id=lost.pk, wanted=other, by=one, at=at), Resolved)

    lost.refresh_from_db()
    assert (lost.resolution, lost.proposed_by, lost.resolved_by) == ("sent_back", two, one)
    assert isinstance(resolve(credit_id=lost.pk, wanted=IGNORE, by=two, at=at), NotOpen)


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_decide_at_once_decide_once(lost: BankCredit) -> None:
    people = [make_manager(f"one {number}") for number in range(8)]
    at = timezone.now()

    done = at_once(lambda by: resolve(credit_id=lost.pk, wanted=IGNORE, by=by, at=at), people)

    assert sorted(type(one).__name__ for one in done) == ["NotOpen"] * 7 + ["Resolved"]
