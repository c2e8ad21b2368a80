"""Which payment lines of this installation move no real money."""

from dataclasses import dataclass

from payments.gateways.lines import gateway_of
from payments.models import MerchantAccount, Provider
from reporting.domain.heads import is_made_up


@dataclass(frozen=True, slots=True)
class TrialLines:
    """By account, and by provider where the installation's own line is used."""

    accounts: tuple[int, ...] = ()
    providers: tuple[str, ...] = ()


def trial_lines() -> TrialLines:
    """Name the lines whose payments are tests; where all is made up, the report says so instead."""
    if is_made_up():
        return TrialLines()
    accounts = MerchantAccount.objects.order_by("pk")
    return TrialLines(
        tuple(each.pk for each in accounts if not _is_live(each.provider, each)),
        tuple(each for each in Provider.values if not _is_live(each, None)),
    )


def _is_live(provider: str, account: MerchantAccount | None) -> bool:
    """A line that is not set up any more was real: nobody can pay by it now."""
    gateway = gateway_of(provider, account=account)
    return gateway is None or gateway.live
