"""Lists are fetched from the providers that can be asked for one."""

from datetime import date, datetime, timedelta

import structlog

from payments.domain.reconciling.lists import Origin, Row, keep_list
from payments.gateways.lines import listeners
from payments.gateways.listing import transactions_of
from payments.gateways.protocol import GatewayUnavailable
from payments.models import ListSource, MovementKind
from payments.models.accounts import Provider
from ticketing.domain.visit_days import VIETNAM

log = structlog.get_logger("payments.fetching")


def fetch_lists(*, day: date, at: datetime) -> int:
    """Fetch the day's list of every account; return how many lists came."""
    since = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    kept = 0
    for provider in Provider.values:
        for account, gateway in listeners(provider):
            try:
                rows = transactions_of(gateway, since=since, until=since + timedelta(days=1))
            except GatewayUnavailable as error:
                # The night after asks again; until then the day has a difference of its own.
                log.warning("no list", provider=provider, day=day.isoformat(), reason=str(error))
                continue
            if rows is None:
                continue
            origin = Origin(
                organisation=account.organisation if account else None,
                provider=provider,
                source=ListSource.PROVIDER,
                listed_in="line",
            )
            wanted = [
                Row(
                    kind=MovementKind(row.kind),
                    reference=row.reference,
                    amount=row.amount,
                    occurred_at=row.occurred_at,
                )
                for row in rows
            ]
            keep_list(origin=origin, rows=wanted, day=day, at=at)
            kept += 1
    return kept
