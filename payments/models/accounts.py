from django.conf import settings
from django.db import models
from django.db.models import Q

from sites.models import Organisation


class Provider(models.TextChoices):
    """Who carries the money; the names that the API uses."""

    STRIPE = "stripe", "Stripe"
    VNPAY = "vnpay", "VNPAY"
    VIETQR = "vietqr", "VietQR"


class MerchantAccount(models.Model):
    """Where the money of an organisation arrives: a terminal, a bank account, a Stripe account.

    A closed account stays, with its secrets: what was paid there is asked about and given back.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="merchant_accounts"
    )
    provider = models.CharField(max_length=16, choices=Provider)
    # The terminal code (VNPAY), the account number (VietQR), the account's id (Stripe).
    number = models.CharField(max_length=40)
    # VietQR alone: the bank, and the name that the buyer's app shows.
    bank_bin = models.CharField(max_length=6, blank=True)
    holder = models.CharField(max_length=100, blank=True)
    # Orders below or above are not offered this way; null: the provider's own limits.
    minimum = models.PositiveBigIntegerField(null=True, blank=True, help_text="whole đồng")
    maximum = models.PositiveBigIntegerField(null=True, blank=True, help_text="whole đồng")
    enabled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "provider"],
                condition=Q(enabled=True),
                name="merchant_account_one_in_use",
            ),
            models.UniqueConstraint(
                fields=["provider", "bank_bin", "number"], name="merchant_account_of_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(provider__in=Provider.values), name="merchant_account_provider_known"
            ),
            models.CheckConstraint(
                condition=Q(provider="vietqr", bank_bin__regex=r"^\d{6}$")
                | (~Q(provider="vietqr") & Q(bank_bin="")),
                name="merchant_account_bank_where_it_belongs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.number}"


class SecretKind(models.TextChoices):
    """What a secret is for; each provider uses some of them."""

    STRIPE_KEY = "stripe_key", "Stripe: secret key"
    STRIPE_WEBHOOK = "stripe_webhook", "Stripe: webhook secret"
    VNPAY_HASH = "vnpay_hash", "VNPAY: hash secret"
    SEPAY_WEBHOOK = "sepay_webhook", "SePay: webhook secret"
    CASSO_WEBHOOK = "casso_webhook", "Casso: webhook key"
    BANK_API = "bank_api", "Bank line: key to read the account and to send money back"


class MerchantSecret(models.Model):
    """One secret of an account, sealed with a key that the database does not hold.

    A new one does not end the old one at once: both are accepted until `usable_until`.
    """

    account = models.ForeignKey(MerchantAccount, on_delete=models.PROTECT, related_name="secrets")
    kind = models.CharField(max_length=16, choices=SecretKind)
    sealed = models.BinaryField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Null: in use. A past time: refused.
    usable_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(usable_until__isnull=True),
                name="merchant_secret_one_in_use",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SecretKind.values), name="merchant_secret_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"
