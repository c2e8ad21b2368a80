"""One row of every kind that the console shows, hung on one place and its organisation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Model

from guides.models import (
    Asset,
    Guide,
    GuideEvent,
    Hotspot,
    NameSaid,
    Narration,
    Panorama,
    Play,
    Scene,
    SitePolicy,
    SpeechJob,
    Stop,
    Tour,
    Upload,
    VoiceOrder,
)
from payments.models import (
    Account,
    BankCredit,
    Difference,
    Dispute,
    MerchantAccount,
    MoneyRules,
    Payment,
    Posting,
    Refund,
    TransferConfirmation,
)
from reporting.models import Excuse, RegistryEntry, ReportingBody, SurveyAnswer
from sites.models import (
    Closure,
    Gate,
    HeritageSite,
    Membership,
    Notice,
    Organisation,
    Photo,
    User,
)
from tests.factories import OPENING, make_category, make_gate, make_order, make_product
from tests.factories_guides import make_guide, make_picture, make_published, make_stop
from tests.factories_tours import make_tour
from tests.payments.accounts import make_account
from tests.payments.money import make_attempt, paid_in_full
from tests.ticketing.capacity.rooms import make_capacity, make_time
from tests.ticketing.gate.seats import make_device
from tests.ticketing.groups.desks import make_operator
from ticketing.domain.operators import make_key
from ticketing.models import (
    CalendarException,
    Capacity,
    ClosureCase,
    CodeSearch,
    CompanionRule,
    Enrolment,
    FreeDay,
    FreeDayList,
    GateDevice,
    GateEvent,
    GuideRule,
    Incident,
    Operator,
    OperatorKey,
    OperatorUser,
    Order,
    Product,
    RevenueShare,
    RevenueSplit,
    Slot,
    SlotDifference,
    StaffPin,
    Tariff,
    TariffEvent,
)

LATER = OPENING + timedelta(hours=1)
FROM = date(2026, 1, 1)


@dataclass(slots=True)
class Place:
    """A place with its people, and the rows that were made for it, by their kind."""

    site: HeritageSite
    organisation: Organisation
    person: User
    rows: dict[type[Model], Any]

    def of(self, model: type[Model]) -> Any:
        return self.rows[model]


def make_place(site: HeritageSite) -> Place:
    """Everything that can be seen in the console, for this place."""
    person = User.objects.create(username=f"person-of-{site.slug}", is_staff=True)
    assert site.organisation is not None
    place = Place(site, site.organisation, person, {})
    steps: list[Callable[[Place], list[Any]]] = [
        _sites, _guides, _tours, _products, _rooms, _gates, _operators, _money, _report,
    ]  # fmt: skip
    for step in steps:
        place.rows |= {type(row): row for row in step(place)}
    return place


def _sites(place: Place) -> list[Any]:
    site = place.site
    picture = {"image": f"photos/{site.slug}.jpg", "width": 2, "height": 2}
    return [
        site,
        place.organisation,
        Membership.objects.create(user=place.person, role=Membership.Role.MANAGER, site=site),
        Closure.objects.create(site=site, starts_at=OPENING + timedelta(days=90), whole_site=True),
        Notice.objects.create(site=site, shows_from=OPENING),
        Photo.objects.create(site=site, credit="A", licence="B", **picture),
        make_gate(site=site),
    ]


def _guides(place: Place) -> list[Any]:
    site = place.site
    stop = make_stop(guide=make_guide(site=site), languages=("vi", "en"))
    [narration] = make_published(stop=stop)
    return [
        stop.guide,
        stop,
        narration,
        make_picture(stop=stop),
        SitePolicy.objects.create(site=site),
        GuideEvent.objects.create(site=site, what="submitted", at=OPENING),
        NameSaid.objects.create(site=site, language="en", name="Huế", say="Hway"),
        VoiceOrder.objects.create(site=site, language="en", engines=["espeak"]),
        SpeechJob.objects.create(site=site, asked_at=OPENING),
        Upload.objects.create(
            narration=narration, original_name="voice.mp3", form="mp3", text_hash="0", at=OPENING
        ),
        Play.objects.create(
            client_id=uuid4(),
            site=site,
            stop=stop,
            language="vi",
            narration=narration,
            started_at=OPENING,
            share_heard=1,
            received_at=OPENING,
        ),
    ]


def _tours(place: Place) -> list[Any]:
    tour = make_tour(site=place.site)
    scene = tour.scenes.order_by("number")[0]
    return [tour, scene, scene.panorama, Hotspot.objects.filter(scene=scene)[0]]


def _products(place: Place) -> list[Any]:
    product = make_product(sites=[place.site])
    Product.objects.filter(pk=product.pk).update(organisation=place.organisation)
    product.refresh_from_db()
    category = make_category()
    days = FreeDayList.objects.create(
        slug=f"days-{place.site.slug}", organisation=place.organisation
    )
    law = {"category": category, "effective_from": FROM, "legal_basis": "Decision 1"}
    return [
        product,
        Tariff.objects.get(product=product),
        TariffEvent.objects.create(
            product=product, what="proposed", by=place.person, at=OPENING, summary="s"
        ),
        FreeDay.objects.create(list=days, code="day", day=FROM, **law),
        RevenueSplit.objects.create(
            product=product, method="equal", effective_from=FROM, basis="Decision 1"
        ),
        CompanionRule.objects.create(
            product=product,
            people_per_companion=10,
            **law | {"category": make_category(code="child")},
        ),
        GuideRule.objects.create(
            product=product,
            people_per_guide=20,
            **law | {"category": make_category(code="student")},
        ),
    ]


def _rooms(place: Place) -> list[Any]:
    capacity = make_capacity(site=place.site, kind=Capacity.Kind.TIMED)
    slot = make_time(capacity)
    return [
        capacity,
        slot,
        SlotDifference.objects.create(
            slot=slot, found_at=OPENING,
            held_counted=1, held_booked=0, sold_counted=0, sold_booked=0,
        ),
        CalendarException.objects.create(capacity=capacity, day=FROM, kind="closed"),
        ClosureCase.objects.create(
            closure=place.of(Closure), kind="refund", planned_by=place.person, planned_at=OPENING
        ),
    ]  # fmt: skip


def _gates(place: Place) -> list[Any]:
    gate = place.of(Gate)
    device = make_device(gate=gate).device
    said = {"device": device, "gate": gate, "people": 1}
    return [
        Enrolment.objects.get(gate=gate),
        device,
        StaffPin.objects.create(
            site=place.site, label="Lan", role=StaffPin.Role.values[0], salt=b"s", iterations=1,
            verifier=b"v", valid_from=OPENING, valid_until=LATER, made_at=OPENING,
        ),
        CodeSearch.objects.create(site=place.site),
        Incident.objects.create(
            kind="duplicate", scan_id=uuid4(), at=OPENING, opened_at=OPENING, **said
        ),
        GateEvent.objects.create(
            event_id=uuid4(), kind="scan", mode="isolated", happened_at=OPENING, offset_ms=0,
            content_hash=b"h", received_at=OPENING, quarantine="foreign_gate", sequence=1,
            outcome="admitted", **said,
        ),
    ]  # fmt: skip


def _operators(place: Place) -> list[Any]:
    operator = make_operator(organisation=place.organisation)
    make_key(operator=operator, name="program", at=OPENING)
    desk = User.objects.create(username=f"desk-of-{place.site.slug}")
    return [
        operator,
        OperatorKey.objects.get(operator=operator),
        OperatorUser.objects.create(operator=operator, user=desk),
    ]


def _money(place: Place) -> list[Any]:
    organisation, number = place.organisation, f"{place.site.pk}"
    order = make_order(product=place.of(Product), quantity=2, at=OPENING)
    payment = paid_in_full(make_attempt(order=order, at=OPENING), at=OPENING)
    account = make_account(
        provider="vietqr", number=number, bank_bin="970436", organisation=organisation
    )
    seen = {"found_at": OPENING, "seen_at": OPENING, "day": FROM}
    asked = {"requested_at": OPENING, "due_at": OPENING}
    return [
        order,
        payment,
        account,
        Account.objects.filter(organisation=organisation)[0],
        Posting.objects.filter(organisation=organisation)[0],
        RevenueShare.objects.filter(organisation=organisation)[0],
        MoneyRules.objects.create(organisation=organisation),
        Dispute.objects.create(
            payment=payment, provider_reference="d", amount=1, status="open", opened_at=OPENING
        ),
        Refund.objects.create(payment=payment, amount=1, reason="paid_too_late", **asked),
        Difference.objects.create(
            organisation=organisation, provider="vietqr", kind="listed_twice", reference=number,
            **seen,
        ),
        BankCredit.objects.create(
            account=account, source="sepay", source_id=number, amount=1, booked_at=OPENING,
            received_at=OPENING, due_at=OPENING,
        ),
        TransferConfirmation.objects.create(
            payment=payment, confirmed_by=place.person, confirmed_at=OPENING
        ),
    ]  # fmt: skip


def _report(place: Place) -> list[Any]:
    told = {
        "organisation": place.organisation,
        "site": place.site,
        "proposed_by": place.person,
        "proposed_at": OPENING,
    }
    return [
        ReportingBody.objects.create(organisation=place.organisation, operates_from=FROM),
        RegistryEntry.objects.create(
            kind="di_tich", in_scope_from=FROM, paid=True, reason="count", **told
        ),
        Excuse.objects.create(
            decision_number="1",
            closed_from=FROM,
            closed_until=date(2026, 2, 1),
            reason_vi="x",
            **told,
        ),
        SurveyAnswer.objects.create(
            site=place.site,
            score=5,
            answered_at=OPENING,
            device_hash=place.site.slug,
            device_day=FROM,
        ),
    ]


__all__ = [
    "Asset", "Enrolment", "GateDevice", "Guide", "MerchantAccount", "Narration", "Operator",
    "Order", "Panorama", "Payment", "Place", "Scene", "Slot", "Stop", "Tour", "make_place",
]  # fmt: skip
