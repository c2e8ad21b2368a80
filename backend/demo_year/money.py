"""Orders, payments and entries of the made-up year, by the functions that real ones go through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.db import transaction

from backend.demo_year.places import MADE_UP
from backend.demo_year.plan import Part
from payments.domain.attempt_status import move
from payments.domain.taking import take
from payments.gateways.protocol import Receipt
from payments.models import (
    AttemptStatus,
    ListedMovement,
    ListSource,
    MovementKind,
    PaymentAttempt,
    Provider,
)
from reporting.domain.surveying import answer_for
from reporting.models import CounterPayment, FormerState
from sites.models import Gate, HeritageSite, Organisation
from ticketing.domain.enrolment import Enrolled, Seat, disable, enrol, open_enrolment
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.presentation import Presentation
from ticketing.domain.redemption import redeem
from ticketing.domain.ticket_token import to_text
from ticketing.domain.visit_days import VIETNAM, day_of
from ticketing.models import (
    Entitlement,
    GateDevice,
    Order,
    Product,
    ProductText,
    RevenueKind,
    RevenueSplit,
    SplitMethod,
    Tariff,
    Ticket,
    VisitorCategory,
)

PRICES: Final = {"adult": 100_000, "child": 20_000}
CHEAP: Final = 500
PHONE: Final = "0900000000"
ZONE: Final = VIETNAM
VISIT_FROM: Final = time(8, 30)
# Early enough in a quarter to be reconciled and visited before its end.
SOLD_WITHIN_DAYS: Final = 80
CHILDREN: Final = 0.2
AT_COUNTER: Final = 0.5
STAFF_MAIL: Final = "nhan-vien@example.com"
WITHOUT_SALES: Final = frozenset({"free_only", "no_sale", "no_product"})
SATISFIED: Final = 0.91


@dataclass(frozen=True, slots=True)
class Shop:
    """What one site sells in the made-up year, and who lets people in."""

    site: HeritageSite
    product: Product
    cheap: Product
    combo: Product
    seat: Seat


def open_shops(
    *, sites: Sequence[HeritageSite], gates: dict[int, Gate], owner: Organisation, since: datetime
) -> list[Shop]:
    combo = _product("gia-lap-lien-tuyen", sites[:2], owner, PRICES, since)
    RevenueSplit.objects.create(
        product=combo,
        method=SplitMethod.BY_ADMISSION,
        effective_from=day_of(since),
        basis=MADE_UP,
    )
    shops = []
    for number, site in enumerate(sites):
        whose = site.organisation or owner
        both = combo
        if number >= len(sites) // 2:
            both = _combo(site, sites[0], whose, since)
        shops.append(
            Shop(
                site,
                _product(f"gia-lap-{site.slug}"[:80], [site], whose, PRICES, since),
                _product(f"gia-lap-re-{site.slug}"[:80], [site], whose, {"adult": CHEAP}, since),
                both,
                _seat(gates[site.pk], site, since),
            )
        )
    return shops


def _combo(
    site: HeritageSite, other: HeritageSite, owner: Organisation, since: datetime
) -> Product:
    product = _product(f"gia-lap-chung-{site.slug}"[:80], [site, other], owner, PRICES, since)
    RevenueSplit.objects.create(
        product=product,
        method=SplitMethod.BY_ADMISSION,
        effective_from=day_of(since),
        basis=MADE_UP,
    )
    return product


def close_shops(shops: Sequence[Shop], *, until: datetime, at: datetime) -> None:
    """Nobody can buy what was made up, and no made-up gate lets anybody in.

    In the made-up year, and so in its reports, it was on sale until the year ended.
    """
    pks = {each.pk for shop in shops for each in (shop.product, shop.cheap, shop.combo)}
    Product.objects.filter(pk__in=pks).update(on_sale=False)
    FormerState.objects.bulk_create(
        FormerState(subject="product", subject_id=pk, state={"on_sale": True}, held_until=until)
        for pk in sorted(pks)
    )
    for device in GateDevice.objects.filter(pk__in=[shop.seat.device_id for shop in shops]):
        disable(device=device, at=at)


def sell(shop: Shop, part: Part, *, first: date, last: date, random: Random) -> None:
    """The orders of one site in one quarter; its flaw decides what becomes of them."""
    if part.payment in WITHOUT_SALES:
        return
    days = min(SOLD_WITHIN_DAYS, (last - first).days)
    for _number in range(part.orders):
        at = datetime.combine(
            first + timedelta(days=random.randrange(days)), VISIT_FROM, tzinfo=ZONE
        ) + timedelta(minutes=random.randrange(300))
        _one(shop, part, at=at, random=random)


def _one(shop: Shop, part: Part, *, at: datetime, random: Random) -> None:
    product = {"below_floor": shop.cheap, "not_visited": shop.combo}.get(part.payment, shop.product)
    category = "child" if product is shop.product and random.random() < CHILDREN else "adult"
    order = _placed(product, category, part, at=at, random=random)
    _pay(order, product, listed=part.payment != "not_reconciled", at=at, random=random)
    if part.payment == "refunded":
        _give_back(order, at=at)
        return
    if part.payment != "not_visited":
        _enter(order, shop, at=at + timedelta(hours=random.choice((0, 1, 2, 3))), random=random)
    if random.random() < AT_COUNTER:
        CounterPayment.objects.create(
            site=shop.site,
            method=random.choice(["vietqr", "pos", "cash"]),
            amount=100_000 * random.randint(1, 9),
            settled_at=at,
            received_at=at + timedelta(hours=14),
            reference=f"gia-lap-{random.getrandbits(48):012x}",
            listed_in="gia-lap.csv",
        )


def _placed(product: Product, category: str, part: Part, *, at: datetime, random: Random) -> Order:
    people = random.randint(4, 45) if category == "adult" else random.randint(1, 9)
    wish = Wish(
        lines=[
            LineWanted(
                product_id=product.pk,
                category=category,
                quantity=people,
                visit_date=day_of(at),
                one_code=True,
            )
        ],
        language="vi",
        email=STAFF_MAIL if part.payment == "staff" else "",
        phone=PHONE,
    )
    key = f"gia-lap-{random.getrandbits(96):024x}"
    placed = place_order(idempotency_key=key, wish=wish, at=at)
    if not isinstance(placed, OrderPlaced):
        raise TypeError(f"The made-up order was refused: {placed}")
    return placed.order


@transaction.atomic
def _pay(order: Order, product: Product, *, listed: bool, at: datetime, random: Random) -> None:
    """As a provider's answer is taken, without the provider."""
    reference = f"gia-lap-{random.getrandbits(64):016x}"
    attempt = PaymentAttempt.objects.create(
        order=order,
        provider=random.choice([Provider.VNPAY, Provider.VIETQR, Provider.STRIPE]),
        organisation_id=product.organisation_id,
        amount=order.total,
        provider_reference=reference,
        created_at=at,
        expires_at=at + timedelta(minutes=30),
        due_at=at,
    )
    take(attempt=attempt, receipt=Receipt(reference, order.total), at=at)
    move(attempt, to=AttemptStatus.SUCCEEDED, at=at)
    # Nobody is mailed about a day that never was.
    Order.objects.filter(pk=order.pk).update(deliver_after=None)
    if listed:
        ListedMovement.objects.create(
            organisation_id=product.organisation_id,
            provider=attempt.provider,
            source=ListSource.PROVIDER,
            kind=MovementKind.PAYMENT,
            reference=reference,
            amount=order.total,
            occurred_at=at,
            day=day_of(at),
            listed_at=at + timedelta(hours=14),
            listed_in="gia-lap",
        )


def _give_back(order: Order, *, at: datetime) -> None:
    from payments.domain.requesting import request_refund  # noqa: PLC0415
    from payments.models import Refund, RefundStatus  # noqa: PLC0415

    for payment in order.payments.all():
        refund = request_refund(
            payment, reason=Refund.Reason.ORDER_CANCELLED, at=at + timedelta(hours=2)
        )
        # It never leaves: there is no provider behind a made-up payment.
        Refund.objects.filter(pk=refund.pk).update(status=RefundStatus.SUCCEEDED)


def _enter(order: Order, shop: Shop, *, at: datetime, random: Random) -> None:
    for ticket in Ticket.objects.filter(line__order=order):
        redeem(
            presentation=Presentation(
                scan_id=UUID(int=random.getrandbits(128), version=4),
                text=to_text(bytes(ticket.token)),
                scanned_at=at,
                document_seen=True,
            ),
            seat=shop.seat,
            at=at,
        )
    score = random.choice((4, 5)) if random.random() < SATISFIED else random.choice((1, 2, 3))
    answer_for(order=order, score=score, comment="", by_staff=False, at=at + timedelta(hours=6))


def _product(
    slug: str,
    sites: Sequence[HeritageSite],
    owner: Organisation,
    prices: dict[str, int],
    since: datetime,
) -> Product:
    product = Product.objects.create(
        slug=slug,
        organisation=owner,
        kind=Product.Kind.SINGLE if len(sites) == 1 else Product.Kind.COMBO,
        position=950,
    )
    ProductText.objects.bulk_create(
        ProductText(product=product, language=language, name=f"{word} {sites[0].slug}")
        for language, word in (("vi", "Vé giả lập:"), ("en", "Made-up ticket:"))
    )
    Entitlement.objects.bulk_create(
        Entitlement(product=product, site=site, position=position)
        for position, site in enumerate(sites)
    )
    Tariff.objects.bulk_create(
        Tariff(
            product=product,
            category=category,
            amount=prices[category.code],
            revenue_kind=RevenueKind.STATE_FEE if len(sites) == 1 else RevenueKind.SERVICE,
            effective_from=day_of(since),
            legal_basis=MADE_UP,
            proposed_by="demo",
            approved_by="demo, a second person",
        )
        for category in VisitorCategory.objects.filter(code__in=prices).order_by("-is_full_price")
    )
    return product


def _seat(gate: Gate, site: HeritageSite, since: datetime) -> Seat:
    enrolled = enrol(code=open_enrolment(gate=gate, at=since), name=MADE_UP, at=since)
    if not isinstance(enrolled, Enrolled):
        raise TypeError("A code that was just made is refused.")
    return Seat(
        device_id=enrolled.device.pk,
        gate_id=gate.pk,
        gate_code=gate.code,
        gate_name=gate.name,
        site_id=site.pk,
        site_bit=site.ticket_bit,
    )
