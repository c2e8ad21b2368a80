"""A year of a thousand places, written by the database: minutes, not hours.

One sale, one tour and one guide are made by the domain's own functions; every other row is a copy
of theirs with an id, a moment and a place of its own. Triggers sleep meanwhile, so the books keep
no entries of these payments (no report reads the books); references are checked afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from backend.demo_year.seen import make_guide, make_tour
from bench.orders import EMAIL, PRODUCT
from bench.run import WrongAnswersError
from bench.year_rows import (
    ABOVE,
    ANSWERED,
    ASLEEP,
    BUY_PROBES,
    DEVICE,
    FILLED,
    GATES,
    LISTED,
    MOMENT,
    OPENED,
    PAGE_PROBES,
    PLACE,
    PLACES,
    PLAYED,
    REFERENCES,
    REFUNDED,
    ROOM,
    SALES,
    SCANNED,
    SITES,
    SNAPSHOTS,
    VISITED,
    Step,
    copies,
)
from payments.models import Payment, PaymentAttempt
from reporting.domain.calendar import ReportingWindow
from reporting.models import RegistryEntry, ReportingBody
from sites.domain.synthetic import make_synthetic_places
from sites.models import HeritageSite, Organisation, User
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.models import Enrolment, GateDevice, Product, RevenueShare, Tariff, Ticket

YEAR = 2026
QUARTERS = [ReportingWindow(YEAR, quarter) for quarter in range(1, 5)]
# Both processors write.
HANDS = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows that all others are copies of."""

    order: int
    line: int
    ticket: int
    attempt: int
    payment: int
    share: int
    amount: int
    product: int


def fill(*, payments: int) -> ReportingBody:
    """Make the year, wake the indexes, and refuse it when a row refers to nothing."""
    make_synthetic_places(count=SITES, seed=1)
    frame = _one_sale()
    _places(frame)
    body = _body()
    _run(Step(ASLEEP, {"tables": list(FILLED)}))
    _by_both_hands([[step] for step in _rows(frame, payments)])
    _by_both_hands(
        [[Step(f"REINDEX TABLE {each}"), Step(f"VACUUM ANALYZE {each}")] for each in FILLED]
    )
    _run(Step("ANALYZE"))
    _demand_sound()
    return body


def _run(*steps: Step) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for step in steps:
            cursor.execute(step.sql, step.values or None)
        cursor.execute("SET session_replication_role = DEFAULT")


def _by_both_hands(work: Sequence[Sequence[Step]]) -> None:
    """Each on a connection of its own, in the order of the list as hands are free."""

    def one(steps: Sequence[Step]) -> None:
        try:
            _run(*steps)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(one, work))


def _demand_sound() -> None:
    """The triggers slept: whatever a row of the year refers to has to be there."""
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '64MB'")
        cursor.execute(REFERENCES, [list(FILLED)])
        for child, column, parent, key in cursor.fetchall():
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {child} WHERE {column} IS NOT NULL AND NOT EXISTS ("  # noqa: S608 - names of the catalogue
                f"SELECT FROM {parent} WHERE {parent}.{key} = {child}.{column}))"
            )
            if cursor.fetchone() == (True,):
                raise WrongAnswersError(f"{child}.{column} refers to nothing in {parent}.")
        cursor.execute("RESET work_mem")


def _one_sale() -> Frame:
    at = datetime(YEAR, 6, 1, 3, tzinfo=UTC)
    product = Product.objects.get(slug=PRODUCT)
    line = LineWanted(
        product_id=product.pk, category="adult", quantity=1, visit_date=date(YEAR, 6, 2)
    )
    wish = Wish(lines=[line], language="vi", email=EMAIL)
    placed = place_order(idempotency_key="bench-report", wish=wish, at=at)
    paid = pay_order(order=placed.order, at=at) if isinstance(placed, OrderPlaced) else None
    if not isinstance(paid, OrderPaid):
        raise WrongAnswersError("The sale that all others copy was refused.")
    order = paid.order
    facts = {"order": order, "provider": "vnpay", "amount": order.total}
    organisation = product.organisation
    attempt = PaymentAttempt.objects.create(
        **facts, organisation=organisation, status="succeeded", provider_reference="bench",
        created_at=at, expires_at=at, due_at=at, closed_at=at,
    )  # fmt: skip
    payment = Payment.objects.create(
        **facts, attempt=attempt, provider_reference="bench", received_at=at, settles_order=True,
        organisation=organisation,
    )  # fmt: skip
    ordered = order.lines.get()
    return Frame(
        order=order.pk,
        line=ordered.pk,
        ticket=Ticket.objects.get(line=ordered).pk,
        attempt=attempt.pk,
        payment=payment.pk,
        share=RevenueShare.objects.filter(line=ordered).order_by("pk")[0].pk,
        amount=order.total,
        product=product.pk,
    )


def _places(frame: Frame) -> None:
    """A product, a gate, a scanner, a tour and a guide for each of the places."""
    own, place_id = f"{PLACE} + nr", {"id": f"{PLACE} + nr"}
    tariff = Tariff.objects.filter(product=frame.product, category__code="adult").exclude(
        approved_by=""
    )
    _run(
        copies("ticketing_product", f"id = {frame.product}",
               {**place_id, "slug": "'bench-' || nr"}, source=PLACES),
        Step(OPENED, {"no": None}),
        copies("ticketing_tariff", f"id = {tariff.latest('effective_from').pk}",
               {**place_id, "product_id": own}, source=PLACES),
        Step(GATES, {"no": None}),
    )  # fmt: skip
    _run(*_shown(), *_told())
    # One scanner for all gates: no report asks which one it was.
    at, code = QUARTERS[0].starts_at, bytes(32)
    enrolment = Enrolment.objects.create(
        code_hash=code, gate_id=PLACE, created_at=at, expires_at=at
    )
    GateDevice.objects.create(
        pk=DEVICE, name="bench", gate_id=PLACE, enrolment=enrolment, token_hash=code, enrolled_at=at
    )


def _template() -> tuple[HeritageSite, datetime, datetime]:
    """Where one tour and one guide stand that all others are copies of, and how long."""
    site = HeritageSite.objects.filter(slug__startswith="synthetic-").order_by("pk")[0]
    return site, QUARTERS[0].starts_at - timedelta(days=9), QUARTERS[-1].ends_at


def _shown() -> Iterator[Step]:
    site, since, until = _template()
    tour = make_tour(site, site, since=since, until=until)
    scene = tour.scenes.get()
    own, name = {"id": f"{PLACE} + nr"}, "'bench-' || nr"
    asset = f"id = {scene.panorama.asset_id}"
    named = {"site_id": "place.site_id", "name": name, "sha256": name}
    yield copies("guides_asset", asset, {**own, **named}, source=PLACES)
    yield copies("guides_panorama", f"id = {scene.panorama_id}",
                 {**own, "asset_id": own["id"]}, source=PLACES)  # fmt: skip
    yield copies("guides_tour", f"id = {tour.pk}",
                 {**own, "site_id": "place.site_id", "slug": name, "is_sample": "false"},
                 source=PLACES)  # fmt: skip
    yield copies("guides_scene", f"id = {scene.pk}",
                 {**own, "tour_id": own["id"], "panorama_id": own["id"],
                  "taken_in_id": "place.site_id"}, source=PLACES)  # fmt: skip
    yield copies("guides_tourversion", f"tour_id = {tour.pk}",
                 {**own, "tour_id": own["id"]}, source=PLACES)  # fmt: skip


def _told() -> Iterator[Step]:
    site, since, until = _template()
    narrations = make_guide(site, since=since, until=until)
    stop = narrations[0].stop
    guide, first, versions = stop.guide_id, narrations[0].pk, narrations[0].versions.get()

    def numbered(column: str, start: int) -> str:
        return f"{PLACE} + nr * {ROOM} + one.{column} - {start}"

    own, name = {"id": f"{PLACE} + nr"}, "'bench-' || nr"
    telling = numbered("narration_id", first)
    of_guide = f"narration_id BETWEEN {first} AND {narrations[-1].pk}"
    yield copies("guides_guide", f"id = {guide}",
                 {**own, "site_id": "place.site_id", "slug": name}, source=PLACES)  # fmt: skip
    yield copies("guides_stop", f"guide_id = {guide}",
                 {"id": numbered("id", stop.pk), "guide_id": own["id"],
                  "qr_code": f"to_hex({numbered('id', stop.pk)})"}, source=PLACES)  # fmt: skip
    yield copies("guides_narration", f"id BETWEEN {first} AND {narrations[-1].pk}",
                 {"id": numbered("id", first), "stop_id": numbered("stop_id", stop.pk)},
                 source=PLACES)  # fmt: skip
    yield copies("guides_recording", of_guide,
                 {"id": numbered("id", versions.recording_id or 0), "narration_id": telling},
                 source=PLACES)  # fmt: skip
    yield copies("guides_narrationversion", of_guide,
                 {"id": numbered("id", versions.pk), "narration_id": telling,
                  "recording_id": numbered("recording_id", versions.recording_id or 0)},
                 source=PLACES)  # fmt: skip


def _rows(frame: Frame, payments: int) -> Iterator[Step]:
    """Sales, what the provider lists of them, scans, and what was seen; the longest first."""
    size: dict[str, Any] = {
        "count": payments,
        "first": QUARTERS[0].starts_at,
        "length": QUARTERS[-1].ends_at - QUARTERS[0].starts_at - timedelta(days=1),
        "amount": frame.amount,
    }
    days = {"from": QUARTERS[0].first_day, "until": QUARTERS[-1].last_day}
    yield Step(SCANNED, size)
    yield from _sales(frame, size)
    yield from (Step(each, size) for each in (LISTED, REFUNDED, ANSWERED, VISITED, PLAYED))
    yield Step(BUY_PROBES, {"late": QUARTERS[-1].first_day, "until": QUARTERS[-1].last_day})
    yield Step(SNAPSHOTS, days)
    yield Step(PAGE_PROBES, days)


def _sales(frame: Frame, size: Mapping[str, Any]) -> Iterator[Step]:
    product, name, base = f"{PLACE} + nth %% {SITES}", "'bench-' || nth", f"{ABOVE} + nth"
    yield copies("ticketing_order", f"id = {frame.order}", {
        "id": base, "code": "lpad(to_hex(nth), 8, '0')", "idempotency_key": name,
        "email": "'b' || nth || '@example.org'", "created_at": MOMENT, "paid_at": MOMENT,
    }, source=SALES, **size)  # fmt: skip
    of_line = {"id": base, "order_id": base, "product_id": product}
    yield copies("ticketing_orderline", f"id = {frame.line}", of_line, source=SALES, **size)
    yield copies("ticketing_ticket", f"id = {frame.ticket}", {
        "id": base, "line_id": base, "product_id": product, "issued_at": MOMENT,
    }, source=SALES, **size)  # fmt: skip
    yield copies("payments_paymentattempt", f"id = {frame.attempt}", {
        "id": base, "order_id": base, "provider_reference": name,
    }, source=SALES, **size)  # fmt: skip
    yield copies("payments_payment", f"id = {frame.payment}", {
        "id": base, "order_id": base, "attempt_id": base, "received_at": MOMENT,
        "provider_reference": name,
    }, source=SALES, **size)  # fmt: skip
    yield copies("ticketing_revenueshare", f"id = {frame.share}", {
        "id": base, "line_id": base, "at": MOMENT, "site_id": "place.site_id",
    }, source=f"{SALES} JOIN {PLACES} ON place.nr = nth %% {SITES}", **size)  # fmt: skip


def _body() -> ReportingBody:
    organisation, _made = Organisation.objects.get_or_create(slug="bench-department")
    body = ReportingBody.objects.create(
        organisation=organisation, operates_from=QUARTERS[0].first_day
    )
    lan, minh = (User.objects.create(username=f"bench-{name}") for name in ("lan", "minh"))
    at = QUARTERS[0].starts_at - timedelta(days=9)
    sites = HeritageSite.objects.filter(slug__startswith="synthetic-").order_by("pk")
    with connection.cursor() as cursor:
        # Versions are put in as they would be in force: nobody approves a thousand of them here.
        cursor.execute("SET session_replication_role = replica")
        RegistryEntry.objects.bulk_create(
            RegistryEntry(
                organisation=organisation, site=site, kind="di_tich", paid=True, reason="bench",
                in_scope_from=QUARTERS[0].first_day, proposed_by=lan, proposed_at=at,
                approved_by=minh, approved_at=at,
            )
            for site in sites
        )  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
    return ReportingBody.objects.select_related("organisation").get(pk=body.pk)
