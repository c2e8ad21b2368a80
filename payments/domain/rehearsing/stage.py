"""What is sold in a rehearsal: one place with room for everybody, one that is soon full."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from payments.gateways.credentials import sealed
from payments.gateways.rehearsal_bank import BANK_BIN, FEED_SECRETS, NUMBER
from payments.models import MerchantAccount, MerchantSecret, SecretKind
from payments.models.accounts import Provider
from sites.models import HeritageSite, Organisation
from ticketing.domain.visit_days import VIETNAM, day_of
from ticketing.models import (
    Capacity,
    CapacityUse,
    Entitlement,
    EntryPolicy,
    Product,
    Slot,
    Tariff,
    VisitorCategory,
)

PRICE = 50_000
# The tickets of a rehearsal are for a day after everything late has come.
VISIT_AFTER = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Stage:
    organisation: Organisation
    wide: Product
    narrow: Product
    visit_date: date


def set_up(*, at: datetime, room: int) -> Stage:
    """Write what can be bought; `room` is how many people fit into the narrow place."""
    mark = f"rehearsal-{at:%Y%m%d%H%M%S%f}"
    organisation = Organisation.objects.create(slug=mark)
    _open_account(organisation, at=at)
    category, _new = VisitorCategory.objects.get_or_create(
        code="adult", defaults={"token_code": 1, "is_full_price": True}
    )
    visit_date = day_of(at) + VISIT_AFTER
    wide = _product(f"{mark}-wide", organisation, category, since=day_of(at))
    narrow = _product(f"{mark}-narrow", organisation, category, since=day_of(at))
    _fill(narrow, visit_date=visit_date, room=room)
    return Stage(organisation, wide, narrow, visit_date)


def _open_account(organisation: Organisation, *, at: datetime) -> None:
    """The bank account of the rehearsal, told of by two services, each with its secret."""
    account = MerchantAccount.objects.create(
        organisation=organisation,
        provider=Provider.VIETQR,
        bank_bin=BANK_BIN,
        number=NUMBER,
        holder="DIEN TAP",
    )
    for kind, service in (
        (SecretKind.SEPAY_WEBHOOK, "sepay"),
        (SecretKind.CASSO_WEBHOOK, "casso"),
    ):
        MerchantSecret.objects.create(
            account=account, kind=kind, sealed=sealed(FEED_SECRETS[service]), entered_at=at
        )


def _product(
    slug: str, organisation: Organisation, category: VisitorCategory, *, since: date
) -> Product:
    newest = HeritageSite.objects.exclude(ticket_bit=None).order_by("-ticket_bit").first()
    site = HeritageSite.objects.create(
        slug=slug,
        organisation=organisation,
        category="palace",
        ticket_bit=0 if newest is None else (newest.ticket_bit or 0) + 1,
        on_sale=True,
    )
    product = Product.objects.create(
        slug=slug,
        organisation=organisation,
        kind=Product.Kind.SINGLE,
        entry_policy=EntryPolicy.ONCE_PER_SITE,
    )
    Entitlement.objects.create(product=product, site=site)
    Tariff.objects.create(
        product=product,
        category=category,
        amount=PRICE,
        effective_from=since - timedelta(days=1),
        legal_basis="rehearsal",
        proposed_by="rehearsal",
        approved_by="the rehearsal's other person",
    )
    return product


def _fill(product: Product, *, visit_date: date, room: int) -> None:
    site = product.entitlements.get().site
    capacity = Capacity.objects.create(
        site=site, code="rehearsal", name="rehearsal", kind=Capacity.Kind.DAY
    )
    CapacityUse.objects.create(product=product, capacity=capacity)
    starts_at = datetime(visit_date.year, visit_date.month, visit_date.day, tzinfo=VIETNAM)
    Slot.objects.create(
        capacity=capacity,
        day=visit_date,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=1),
        people=room,
    )
