"""Lines of bank accounts come in, are kept once, and meet the orders they pay for."""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import transaction

from payments.domain.bank_lines import Belongs, Line, Owner, judge
from payments.domain.claiming import claimed, wait_after
from payments.domain.disputing import DisputeFacts, follow_dispute
from payments.domain.settlement import Outcome, record
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import GatewayUnavailable, PaymentState
from payments.gateways.references import references_in
from payments.gateways.vietqr.adapter import VietqrGateway
from payments.gateways.vietqr.credits import VIETNAM, Credit, money_name
from payments.models import (
    BankCredit,
    Finding,
    MerchantAccount,
    Payment,
    PaymentAttempt,
    Provider,
    WebhookEvent,
)

log = structlog.get_logger("payments.bank_feed")

FINDING_OF = {
    Outcome.SETTLED: Finding.SETTLED,
    Outcome.PART: Finding.PART,
    Outcome.GOES_BACK: Finding.GOES_BACK,
    Outcome.SETTLED_BEFORE: Finding.COUNTED_BEFORE,
    # A part, or money that went back: whoever asked the bank has counted it already.
    Outcome.OPEN: Finding.COUNTED_BEFORE,
    Outcome.REVIEW: Finding.IN_DOUBT,
}


def keep_lines(
    *,
    account: MerchantAccount,
    source: str,
    lines: Iterable[Credit],
    at: datetime,
    event: WebhookEvent | None = None,
) -> None:
    """Keep each line once, whoever tells it again; a task finds out what it is."""
    told = {line.source_id[:100]: line for line in lines}
    # A list of days is read every minute: what is known of it is not sent to be refused.
    known = BankCredit.objects.filter(account=account, source=source, source_id__in=told)
    for number in known.values_list("source_id", flat=True):
        del told[number]
    rows = [
        BankCredit(
            account=account,
            source=source,
            source_id=line.source_id[:100],
            bank_reference=line.bank_reference[:100],
            amount=line.amount,
            booked_at=line.booked_at,
            memo=line.memo[:500],
            payer_name=line.payer_name[:140],
            payer_account=line.payer_account[:40],
            received_at=at,
            due_at=at,
            event=event,
        )
        for line in told.values()
    ]
    BankCredit.objects.bulk_create(rows, ignore_conflicts=True)


def read_accounts(*, at: datetime) -> int:
    """Read the list of every account whose bank can be asked: what no message told is there."""
    seen = 0
    for account in MerchantAccount.objects.filter(provider=Provider.VIETQR).order_by("pk"):
        gateway = gateway_of(Provider.VIETQR, account=account)
        if not isinstance(gateway, VietqrGateway) or not gateway.can_be_asked:
            continue
        try:
            lines = gateway.lines()
        except GatewayUnavailable as error:
            log.warning("cannot read the account", account=account.pk, reason=str(error))
            continue
        # The list and the messages of this service have the same numbers.
        keep_lines(account=account, source=BankCredit.Source.SEPAY, lines=lines, at=at)
        seen += len(lines)
    return seen


def match_lines(*, at: datetime) -> int:
    """Find out what each waiting line is; return how many were looked at."""
    due = BankCredit.objects.filter(finding=Finding.WAITING, due_at__lte=at)

    def put_off(credit: BankCredit) -> None:
        credit.attempts += 1
        credit.due_at = at + wait_after(credit.attempts)
        credit.save(update_fields=["attempts", "due_at"])

    seen = 0
    rows = due.select_related("account").order_by("due_at", "pk")
    for credit in claimed(rows, put_off=put_off):
        seen += 1
        try:
            match(credit, at=at)
        except Exception as error:
            # One line that cannot be settled must not keep the others waiting.
            log.exception("line failed", credit=credit.pk)
            BankCredit.objects.filter(pk=credit.pk).update(last_error=type(error).__name__)
    return seen


@transaction.atomic
def match(credit: BankCredit, *, at: datetime) -> Finding:
    """Decide about one line, and settle what it pays, together."""
    twin = _told_before(credit)
    if twin is not None:
        # Two services read one account; one service never has two numbers for one line.
        told_twice = twin.source != credit.source
        return _note(credit, Finding.TOLD_TWICE if told_twice else Finding.REPEATED_NUMBER)
    attempts = _attempts_of(credit)
    judged = judge(
        Line(credit.account_id, credit.amount, credit.booked_at, credit.memo),
        owners={
            attempt.reference: Owner(attempt.pk, attempt.account_id, attempt.created_at)
            for attempt in attempts
        },
    )
    if judged == Finding.REVERSED:
        _take_back(credit, attempts, at=at)
    if not isinstance(judged, Belongs):
        log.warning("line for a person", credit=credit.pk, finding=judged)
        return _note(credit, judged)
    attempt = next(one for one in attempts if one.pk == judged.attempt_id)
    return settle_line(credit, attempt=attempt, at=at)


def settle_line(credit: BankCredit, *, attempt: PaymentAttempt, at: datetime) -> Finding:
    """Take the money of a line for an attempt; whether it is enough is not decided here."""
    state = state_of(credit, attempt=attempt)
    settlement = record(attempt=attempt, state=state, live=state.live, at=at)
    return _note(credit, FINDING_OF.get(settlement.outcome, Finding.IN_DOUBT), attempt=attempt)


def _take_back(credit: BankCredit, attempts: list[PaymentAttempt], *, at: datetime) -> None:
    """The bank took a payment back by itself: a dispute that is lost as it begins.

    The books lose the money, unused tickets end, and the line waits for a person all the same.
    Where no single payment of just this amount is named, the person decides alone.
    """
    payments = Payment.objects.filter(attempt__in=attempts, amount=-credit.amount)
    standing = list(payments.filter(disputes__isnull=True).order_by("pk")[:2])
    if len(standing) != 1:
        return
    name = money_name(
        bank_bin=credit.account.bank_bin, number=credit.account.number, credit=line_of(credit)
    )
    facts = DisputeFacts(
        reference=name,
        amount=-credit.amount,
        provider_status="lost",
        reason="taken back by the bank",
    )
    follow_dispute(payment=standing[0], facts=facts, at=at)


def line_of(credit: BankCredit) -> Credit:
    """The line as the bank tells it."""
    return Credit(
        source_id=credit.source_id,
        bank_reference=credit.bank_reference,
        amount=credit.amount,
        booked_at=credit.booked_at,
        memo=credit.memo,
    )


def state_of(credit: BankCredit, *, attempt: PaymentAttempt) -> PaymentState:
    """Say of a line what the bank would say when it is asked for the reference."""
    gateway = gateway_of(Provider.VIETQR, account=credit.account)
    if not isinstance(gateway, VietqrGateway):
        raise GatewayUnavailable("the account is not set up")
    return gateway.state_of(attempt.provider_reference, [line_of(credit)])


def _told_before(credit: BankCredit) -> BankCredit | None:
    """Find an earlier row of the same money: the same number of the bank on the same day."""
    if not credit.bank_reference:
        return None
    earlier = BankCredit.objects.filter(
        account=credit.account_id,
        bank_reference=credit.bank_reference,
        amount=credit.amount,
        pk__lt=credit.pk,
    )
    day = credit.booked_at.astimezone(VIETNAM).date()
    same_day = (one for one in earlier if one.booked_at.astimezone(VIETNAM).date() == day)
    return next(same_day, None)


def _attempts_of(credit: BankCredit) -> list[PaymentAttempt]:
    attempts = PaymentAttempt.objects.filter(
        provider=Provider.VIETQR, reference__in=references_in(credit.memo)
    )
    return list(attempts.select_related("order"))


def _note(
    credit: BankCredit, finding: Finding, *, attempt: PaymentAttempt | None = None
) -> Finding:
    credit.finding, credit.attempt, credit.last_error = finding, attempt, ""
    credit.save(update_fields=["finding", "attempt", "last_error"])
    return finding
