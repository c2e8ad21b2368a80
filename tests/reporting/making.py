"""A province in small: who reports, which sites, what was seen and paid there."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from payments.models import (
    ListedMovement,
    ListSource,
    MovementKind,
    Payment,
    PaymentAttempt,
    Refund,
)
from reporting.domain.calendar import VIETNAM, ReportingWindow
from reporting.domain.registry import approve
from reporting.models import (
    CounterPayment,
    Excuse,
    OfferSnapshot,
    RegistryEntry,
    ReportingBody,
    SurveyAnswer,
)
from sites.models import Gate, HeritageSite, Organisation, User
from tests.factories import (
    make_order,
    make_organisation,
    make_paid_order,
    make_product,
    make_site,
    make_ticket,
)
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.models import Enrolment, GateDevice, GateEvent, Order, Product, Scan, Ticket

WINDOW = ReportingWindow(2026, 2)
# Inside the window, and after its freeze.
IN_WINDOW = datetime(2026, 5, 4, 10, tzinfo=VIETNAM)
LAST_DAY = date(2026, 6, 14)
AT_FREEZE = datetime(2026, 6, 18, tzinfo=VIETNAM)
SINCE = datetime(2026, 1, 2, tzinfo=VIETNAM)

_numbers = count(1)


def person(name: str) -> User:
    user, _made = User.objects.get_or_create(username=name)
    return user


def make_body(
    *, slug: str = "department", operates_from: date = date(2026, 1, 1), price_floor: int = 1000
) -> ReportingBody:
    organisation = make_organisation(slug=slug)
    body, _made = ReportingBody.objects.get_or_create(
        organisation=organisation,
        defaults={"operates_from": operates_from, "price_floor": price_floor},
    )
    return ReportingBody.objects.select_related("organisation").get(pk=body.pk)


def register(
    site: HeritageSite,
    *,
    body: ReportingBody | None = None,
    paid: bool = True,
    in_scope_from: date = date(2026, 1, 1),
    in_scope_to: date | None = None,
    at: datetime = SINCE,
    reason: str = "kiểm kê 2026",
) -> RegistryEntry:
    """A version proposed by one person and approved by another."""
    entry = RegistryEntry.objects.create(
        organisation=(body or make_body()).organisation,
        site=site,
        kind="di_tich",
        in_scope_from=in_scope_from,
        in_scope_to=in_scope_to,
        paid=paid,
        reason=reason,
        proposed_by=person("lan"),
        proposed_at=at,
    )
    approve(version=entry, by=person("minh"), at=at)
    entry.refresh_from_db()
    return entry


def registered_site(slug: str = "", **facts: Any) -> HeritageSite:
    site = make_site(slug=slug)
    register(site, **facts)
    return site


def excuse(
    site: HeritageSite,
    *,
    first: date,
    until: date,
    number: str = "12/QĐ",
    withdrawn: bool = False,
    at: datetime = SINCE,
) -> Excuse:
    row = Excuse.objects.create(
        organisation=make_body().organisation,
        site=site,
        decision_number=number,
        closed_from=first,
        closed_until=until,
        reason_vi="trùng tu",
        withdrawn=withdrawn,
        proposed_by=person("lan"),
        proposed_at=at,
    )
    approve(version=row, by=person("minh"), at=at)
    return row


def snapshot(
    site: HeritageSite,
    *,
    day: date = LAST_DAY,
    hour: int = 8,
    failure: str = "",
    open_day: bool = True,
    products: list[Product] | None = None,
) -> OfferSnapshot:
    taken_at = datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)
    return OfferSnapshot.objects.create(
        site=site,
        day=day,
        hour=hour,
        taken_at=taken_at,
        open_day=open_day,
        on_offer=not failure,
        failure=failure,
        products=[{"id": one.pk, "slug": one.slug, "amount": 200_000} for one in products or []],
        methods=["vietqr"] if not failure else [],
    )


def paid_order(
    *,
    product: Product,
    at: datetime = IN_WINDOW,
    email: str = "buyer@example.com",
    quantity: int = 1,
) -> Order:
    order = make_order(product=product, at=at, email=email, quantity=quantity)
    paid = pay_order(order=order, at=at)
    assert isinstance(paid, OrderPaid), paid
    return paid.order


def pay(
    order: Order,
    *,
    at: datetime = IN_WINDOW,
    listed_at: datetime | None = None,
    provider: str = "vnpay",
) -> Payment:
    """A settled payment of an order; listed by the provider the night after, unless told."""
    organisation = order.lines.get().product.organisation
    reference = uuid4().hex
    attempt = PaymentAttempt.objects.create(
        order=order,
        provider=provider,
        organisation=organisation,
        status="succeeded",
        amount=order.total,
        provider_reference=reference,
        created_at=at,
        expires_at=at + timedelta(minutes=30),
        due_at=at,
        closed_at=at,
    )
    payment = Payment.objects.create(
        attempt=attempt,
        order=order,
        provider=provider,
        provider_reference=reference,
        amount=order.total,
        received_at=at,
        settles_order=True,
        organisation=organisation,
    )
    list_payment(payment, at=listed_at or at + timedelta(hours=17))
    return payment


def list_payment(payment: Payment, *, at: datetime) -> ListedMovement:
    return ListedMovement.objects.create(
        organisation=payment.organisation,
        provider=payment.provider,
        source=ListSource.PROVIDER,
        kind=MovementKind.PAYMENT,
        reference=payment.provider_reference,
        amount=payment.amount,
        occurred_at=payment.received_at,
        day=payment.received_at.astimezone(VIETNAM).date(),
        listed_at=at,
        listed_in="line",
    )


def sell(
    site: HeritageSite,
    *,
    at: datetime = IN_WINDOW,
    price: int = 200_000,
    email: str = "buyer@example.com",
    product: Product | None = None,
) -> Payment:
    """A ticket of the site, bought and paid online by a visitor."""
    product = product or make_product(sites=[site], price=price)
    return pay(paid_order(product=product, at=at, email=email), at=at)


def counter_payment(
    site: HeritageSite, *, method: str = "pos", amount: int = 200_000, at: datetime = IN_WINDOW
) -> CounterPayment:
    return CounterPayment.objects.create(
        site=site,
        method=method,
        amount=amount,
        settled_at=at,
        received_at=at + timedelta(hours=17),
        reference=f"counter-{next(_numbers)}",
        listed_in="pos.csv",
    )


def answer(
    site: HeritageSite,
    *,
    score: int = 5,
    at: datetime = IN_WINDOW,
    order: Order | None = None,
    **facts: Any,
) -> SurveyAnswer:
    order = order or make_paid_order(product=make_product(sites=[site]), at=at)
    return SurveyAnswer.objects.create(order=order, site=site, score=score, answered_at=at, **facts)


def site_that_pays(slug: str = "", **facts: Any) -> HeritageSite:
    """A site that counts for A1: offered on the last day, and paid online in the window."""
    site = registered_site(slug, **facts)
    product = make_product(sites=[site])
    snapshot(site, products=[product])
    sell(site, product=product)
    return site


def department() -> Organisation:
    return make_body().organisation


def refund(payment: Payment, *, at: datetime, amount: int | None = None) -> Refund:
    """Money that goes back, all of it unless told."""
    return Refund.objects.create(
        payment=payment,
        amount=amount or payment.amount,
        reason="order_cancelled",
        status="succeeded",
        requested_at=at,
        settled_at=at,
        due_at=at,
    )


def made_event(
    *,
    gate: Gate,
    happened_at: datetime,
    received_at: datetime,
    ticket: Ticket | None = None,
    mode: str = "isolated",
    people: int = 1,
) -> GateEvent:
    """Somebody let in by a gate without network, told later."""
    ticket = ticket or make_ticket(
        sites=[gate.site], at=happened_at - timedelta(days=1), visit_date=happened_at.date()
    )
    return GateEvent.objects.create(
        device=device_of(gate),
        sequence=next(_numbers),
        event_id=uuid4(),
        kind="scan",
        gate=gate,
        ticket=ticket,
        mode=mode,
        outcome="admitted",
        people=people,
        happened_at=happened_at,
        offset_ms=0,
        content_hash=bytes(32),
        received_at=received_at,
    )


def scan(*, gate: Gate, ticket: Ticket, at: datetime = IN_WINDOW, people: int = 1) -> Scan:
    """Somebody let in by a gate with network."""
    return Scan.objects.create(
        scan_id=uuid4(),
        device=device_of(gate),
        gate=gate,
        ticket=ticket,
        outcome="admitted",
        people=people,
        scanned_at=at,
        received_at=at,
    )


def device_of(gate: Gate) -> GateDevice:
    found = GateDevice.objects.filter(gate=gate).first()
    if found:
        return found
    code = uuid4().bytes * 2
    enrolment = Enrolment.objects.create(
        code_hash=code, gate=gate, created_at=SINCE, expires_at=SINCE
    )
    return GateDevice.objects.create(
        name="gate", gate=gate, enrolment=enrolment, token_hash=code, enrolled_at=SINCE
    )
