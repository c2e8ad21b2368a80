"""Lists are fetched from the providers that can be asked for one."""

from datetime import date, datetime, timedelta

import structlog

from payments.domain.reconciling.bank import row_of
from payments.domain.reconciling.lists import Origin, Row, keep_list
from payments.gateways.lines import gateway_of
from payments.gateways.listing import ListedTransaction, transactions_of
from payments.gateways.protocol import GatewayUnavailable, PaymentGateway
from payments.gateways.vietqr.adapter import VietqrGateway
from payments.models import ListSource, MerchantAccount, MovementKind
from payments.models.accounts import Provider
from ticketing.domain.visit_days import VIETNAM

log = structlog.get_logger("payments.fetching")


def fetch_lists(*, day: date, at: datetime) -> int:
    """Fetch the day's list of every account; return how many lists came."""
    lines = [(provider, account) for provider in Provider.values for account in _accounts(provider)]
    return sum(_fetch(provider, account, day=day, at=at) for provider, account in lines)


def _accounts(provider: str) -> list[MerchantAccount | None]:
    """Every account of the provider, closed ones too, and the installation's own."""
    accounts = MerchantAccount.objects.filter(provider=provider).select_related("organisation")
    return [None, *accounts.order_by("pk")]


def _fetch(provider: str, account: MerchantAccount | None, *, day: date, at: datetime) -> bool:
    gateway = gateway_of(provider, account=account)
    since = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    if gateway is None:
        return False
    until = since + timedelta(days=1)
    try:
        rows = _list(gateway, account, since=since, until=until)
    except GatewayUnavailable as error:
        # The night after asks again; until then the day has a difference of its own.
        log.warning("no list", provider=provider, day=day.isoformat(), reason=str(error))
        return False
    if rows is None:
        return False
    origin = Origin(
        organisation=account.organisation if account else None,
        provider=provider,
        source=ListSource.PROVIDER,
        listed_in="line",
    )
    keep_list(origin=origin, rows=rows, day=day, at=at)
    return True


def _list(
    gateway: PaymentGateway, account: MerchantAccount | None, *, since: datetime, until: datetime
) -> list[Row] | None:
    """Ask for the list in the provider's own way; None where there is none to ask for."""
    if isinstance(gateway, VietqrGateway):
        if account is None or not gateway.can_be_asked:
            return None
        lines = [line for line in gateway.lines() if since <= line.booked_at < until]
        return [row_of(account, line=line) for line in lines]
    rows = transactions_of(gateway, since=since, until=until)
    return None if rows is None else [_row(row) for row in rows]


def _row(row: ListedTransaction) -> Row:
    return Row(
        kind=MovementKind(row.kind),
        reference=row.reference,
        amount=row.amount,
        occurred_at=row.occurred_at,
    )
