"""What the bank's lines are called by everybody else, and the lines that nothing explains."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from payments.domain.ledger.book import Move, post
from payments.domain.reconciling.lists import Origin, Row, keep_list
from payments.gateways.references import references_in
from payments.gateways.vietqr.credits import Credit, money_name
from payments.models import (
    AccountKind,
    BankCredit,
    Dispute,
    ListSource,
    MerchantAccount,
    MovementKind,
    Payment,
    PostingKind,
    Refund,
)
from payments.models.bank import NEEDS_PERSON
from ticketing.domain.visit_days import VIETNAM


def list_bank_lines(*, day: date, at: datetime) -> int:
    """Keep what the bank told us of a day as the bank's own list; return how many accounts."""
    start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    credits_of_day = BankCredit.objects.filter(
        booked_at__gte=start, booked_at__lt=start + timedelta(days=1)
    ).exclude(finding="told_twice")
    accounts = MerchantAccount.objects.filter(
        pk__in=credits_of_day.values("account")
    ).select_related("organisation")
    for account in accounts:
        rows = [
            row_of(account, line=_line(credit))
            for credit in credits_of_day.filter(account=account).order_by("pk")
        ]
        origin = Origin(
            organisation=account.organisation,
            provider=account.provider,
            source=ListSource.BANK,
            listed_in="bank lines",
        )
        keep_list(origin=origin, rows=rows, day=day, at=at)
    return len(accounts)


def _line(credit: BankCredit) -> Credit:
    return Credit(
        source_id=credit.source_id,
        bank_reference=credit.bank_reference,
        amount=credit.amount,
        booked_at=credit.booked_at,
        memo=credit.memo,
    )


def row_of(account: MerchantAccount, *, line: Credit) -> Row:
    """Name a line as our books do: what came by its own name, what left by its refund's."""
    name = money_name(bank_bin=account.bank_bin, number=account.number, credit=line)
    kind = MovementKind.PAYMENT if line.amount > 0 else MovementKind.REFUND
    refund = None if line.amount > 0 else _refund(line)
    if line.amount < 0 and Dispute.objects.filter(provider_reference=name).exists():
        # The bank took a payment back by itself.
        kind = MovementKind.DISPUTE
    return Row(
        kind=kind,
        reference=refund.provider_reference if refund else name,
        amount=line.amount,
        occurred_at=line.booked_at,
    )


def _refund(line: Credit) -> Refund | None:
    """The refund that left as this line: its memo names the attempt, its amount the refund."""
    return (
        Refund.objects.filter(
            payment__attempt__reference__in=references_in(line.memo), amount=-line.amount
        )
        .exclude(provider_reference="")
        .order_by("pk")
        .first()
    )


def post_unmatched(*, at: datetime) -> int:
    """Money on the account that nothing explains stands in the books until a person says more."""
    waiting = BankCredit.objects.filter(amount__gt=0, finding__in=NEEDS_PERSON)
    return sum(_post(credit, at=at) for credit in _unposted(waiting.select_related("account")))


def _unposted(waiting: Iterable[BankCredit]) -> Iterable[BankCredit]:
    for credit in waiting:
        name = money_name(
            bank_bin=credit.account.bank_bin, number=credit.account.number, credit=_line(credit)
        )
        if not Payment.objects.filter(provider_reference=name).exists() or credit.resolved_at:
            yield credit


def _post(credit: BankCredit, *, at: datetime) -> bool:
    """Book it as unmatched, and take it out again once a person resolved it.

    A payment or a transfer tells of it from then on.
    """
    provider = credit.account.provider
    here = Move(kind=AccountKind.CLEARING, provider=provider, amount=credit.amount)
    nobodys = Move(kind=AccountKind.UNMATCHED, amount=-credit.amount)
    booked = post(
        organisation_id=credit.account.organisation_id,
        kind=PostingKind.UNMATCHED,
        key=f"credit:{credit.pk}",
        moves=[here, nobodys],
        at=at,
    )
    if not credit.resolution or credit.resolution == BankCredit.Resolution.IGNORED:
        return booked
    away = Move(kind=AccountKind.CLEARING, provider=provider, amount=-credit.amount)
    back = Move(kind=AccountKind.UNMATCHED, amount=credit.amount)
    return post(
        organisation_id=credit.account.organisation_id,
        kind=PostingKind.UNMATCHED,
        key=f"credit:{credit.pk}:resolved",
        moves=[away, back],
        at=at,
    )
