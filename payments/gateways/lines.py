"""The providers' lines, by name and by whose account it is."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from payments.gateways.credentials import usable_secrets
from payments.gateways.installation import stripe_settings
from payments.gateways.protocol import MessageSource, PaymentGateway
from payments.gateways.rehearsal import stand_in
from payments.gateways.stripe import StripeGateway, StripeSettings
from payments.gateways.vietqr import adapter as vietqr
from payments.gateways.vietqr.adapter import VietqrGateway, VietqrSettings
from payments.gateways.vietqr.feeds import BankFeed, CassoFeed, FeedSettings, SepayFeed
from payments.gateways.vnpay import adapter as vnpay
from payments.gateways.vnpay.adapter import VnpayGateway, VnpaySettings
from payments.models import MerchantAccount, PaymentAttempt, SecretKind

# Who reads bank accounts for us: which secret proves it, and how it speaks.
FEEDS: Final[dict[str, tuple[SecretKind, Callable[[FeedSettings], BankFeed]]]] = {
    "sepay": (SecretKind.SEPAY_WEBHOOK, SepayFeed),
    "casso": (SecretKind.CASSO_WEBHOOK, CassoFeed),
}


def gateway_for(attempt: PaymentAttempt, *, hurried: bool = False) -> PaymentGateway | None:
    """Return the line that this attempt was started on, whatever is in use today."""
    return gateway_of(attempt.provider, account=attempt.account, hurried=hurried)


def gateway_of(
    provider: str, *, account: MerchantAccount | None = None, hurried: bool = False
) -> PaymentGateway | None:
    """Return the line to a provider; None when it is not set up here.

    A task may wait twenty seconds and try thrice; a person who looks at a page may not.
    """
    if (rehearsed := stand_in(provider)) is not None:
        return rehearsed
    timeout_s, retries = (4, 1) if hurried else (20, 2)
    match provider:
        case "stripe":
            return _stripe(account, timeout_s=timeout_s, retries=retries)
        case "vnpay" if account is not None and settings.VNPAY_API_URL:
            return _vnpay(account, timeout_s=timeout_s)
        case "vietqr" if account is not None:
            return _vietqr(account, timeout_s=timeout_s)
        case _:
            return None


def _stripe(
    account: MerchantAccount | None, *, timeout_s: float, retries: int
) -> PaymentGateway | None:
    ours = stripe_settings(timeout_s=timeout_s, retries=retries)
    if account is None:
        return StripeGateway(ours) if settings.STRIPE_SECRET_KEY else None
    at = timezone.now()
    keys = usable_secrets(account, SecretKind.STRIPE_KEY, at=at)
    if not keys:
        return None
    theirs = StripeSettings(
        mode=ours.mode,
        secret_key=keys[0],
        webhook_secrets=usable_secrets(account, SecretKind.STRIPE_WEBHOOK, at=at),
        api_base=ours.api_base,
        minimum_vnd=account.minimum or ours.minimum_vnd,
        timeout_s=timeout_s,
        retries=retries,
    )
    return StripeGateway(theirs)


def _vnpay(account: MerchantAccount, *, timeout_s: float) -> PaymentGateway | None:
    hash_secrets = usable_secrets(account, SecretKind.VNPAY_HASH, at=timezone.now())
    if not hash_secrets:
        return None
    return VnpayGateway(
        VnpaySettings(
            mode=settings.MODE,
            terminal=account.number,
            hash_secrets=hash_secrets,
            pay_url=settings.VNPAY_PAY_URL,
            api_url=settings.VNPAY_API_URL,
            server_address=settings.SERVER_ADDRESS,
            minimum=account.minimum or vnpay.MINIMUM_VND,
            maximum=account.maximum or vnpay.MAXIMUM_VND,
            timeout_s=timeout_s,
        )
    )


def _vietqr(account: MerchantAccount, *, timeout_s: float) -> PaymentGateway:
    keys = usable_secrets(account, SecretKind.BANK_API, at=timezone.now())
    return VietqrGateway(
        VietqrSettings(
            mode=settings.MODE,
            bank_bin=account.bank_bin,
            number=account.number,
            api_base=settings.BANK_API_BASE,
            api_key=keys[0] if keys else "",
            minimum=account.minimum or vietqr.MINIMUM_VND,
            maximum=account.maximum or vietqr.MAXIMUM_VND,
            timeout_s=timeout_s,
        )
    )


def feed_of(name: str, *, account: MerchantAccount) -> BankFeed | None:
    """Return a service that reads this account; None when it has no secret here."""
    kind, feed = FEEDS[name]
    usable = usable_secrets(account, kind, at=timezone.now())
    return feed(FeedSettings(account.number, usable)) if usable else None


def source_of(provider: str, *, account: MerchantAccount | None) -> MessageSource | None:
    """Return the line that a stored message came on."""
    if provider in FEEDS:
        return None if account is None else feed_of(provider, account=account)
    return gateway_of(provider, account=account)


def _accounts(provider: str) -> QuerySet[MerchantAccount]:
    """The accounts that messages of this sender are about; feeds tell of bank accounts."""
    if provider in FEEDS:
        kind, _feed = FEEDS[provider]
        return MerchantAccount.objects.filter(provider="vietqr", secrets__kind=kind).distinct()
    return MerchantAccount.objects.filter(provider=provider)


def listeners(provider: str, *, body: bytes) -> list[tuple[MerchantAccount | None, MessageSource]]:
    """Return every line whose provider may have sent this message: closed accounts' too."""
    accounts = _accounts(provider).order_by("-enabled", "pk")
    if provider == "vnpay":
        # What it claims decides whose secret is tried; nothing is believed by that.
        accounts = accounts.filter(number=vnpay.terminal_of(body))
    lines = [(account, source_of(provider, account=account)) for account in (None, *accounts)]
    return [(account, gateway) for account, gateway in lines if gateway is not None]


def listens(provider: str) -> bool:
    """Whether messages of this provider are taken here at all."""
    if stand_in(provider) is not None:
        return True
    ours = provider == "stripe" and bool(settings.STRIPE_SECRET_KEY)
    return ours or _accounts(provider).exists()
