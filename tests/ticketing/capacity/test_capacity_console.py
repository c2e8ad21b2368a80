"""Managers keep the capacities and calendars of their own places, and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sites.models import HeritageSite, Membership, User
from tests.factories import make_site
from tests.ticketing.capacity.rooms import make_capacity, make_day
from ticketing.domain.visit_days import day_of
from ticketing.models import CalendarException, CalendarRule, Capacity, Slot, SlotDifference

pytestmark = pytest.mark.django_db


def manager_of(site: HeritageSite) -> Client:
    user = User.objects.create(username="manager", is_staff=True)
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=site)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"admin:ticketing_{name}", args=args)


def filled(site: HeritageSite, *, times: str) -> dict[str, object]:
    """The page of a new capacity with shows every day."""
    return {
        "site": site.pk,
        "code": "stage",
        "name": "Stage",
        "kind": "timed",
        "opens_before_minutes": 30,
        "days_ahead": 3,
        "rules-TOTAL_FORMS": 1,
        "rules-INITIAL_FORMS": 0,
        "rules-0-first_day": str(day_of(timezone.now()) + timedelta(days=1)),
        "rules-0-weekdays": ["1", "2", "3", "4", "5", "6", "7"],
        "rules-0-times": times,
        "rules-0-minutes": 60 if times else "",
        "rules-0-people": 40,
        "uses-TOTAL_FORMS": 0,
        "uses-INITIAL_FORMS": 0,
    }


def test_saving_a_calendar_writes_its_slots() -> None:
    site = make_site()
    client = manager_of(site)

    saved = client.post(address("capacity_add"), filled(site, times="19:00, 21:00"))

    assert saved.status_code == 302, saved.content.decode()[:4000]
    assert CalendarRule.objects.get().weekdays == [1, 2, 3, 4, 5, 6, 7]
    assert Slot.objects.filter(people=40, status="open").count() == 6
    assert client.get(address("slot_changelist")).status_code == 200


def test_slots_without_times_are_refused_in_words() -> None:
    site = make_site()

    page = manager_of(site).post(address("capacity_add"), filled(site, times=""))

    assert page.status_code == 200
    assert "Slots need their times" in page.content.decode()
    assert not Capacity.objects.exists()


def test_an_exception_closes_its_day_at_once_and_opens_it_when_it_goes() -> None:
    site = make_site()
    client = manager_of(site)
    client.post(address("capacity_add"), filled(site, times="19:00"))
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    closing = {
        "capacity": Capacity.objects.get().pk,
        "day": str(tomorrow),
        "kind": "closed",
        "texts-TOTAL_FORMS": 1,
        "texts-INITIAL_FORMS": 0,
        "texts-0-language": "en",
        "texts-0-text": "A rehearsal.",
    }

    saved = client.post(address("calendarexception_add"), closing)

    assert saved.status_code == 302, saved.content.decode()[:4000]
    assert Slot.objects.get(day=tomorrow).status == "closed"
    client.post(
        address("calendarexception_delete", CalendarException.objects.get().pk), {"post": "yes"}
    )
    assert Slot.objects.get(day=tomorrow).status == "open"


def test_another_places_rows_are_not_there() -> None:
    own, other = make_capacity(site=make_site()), make_capacity(site=make_site())
    slot = make_day(other)
    exception = CalendarException.objects.create(capacity=other, day=slot.day, kind="closed")
    difference = SlotDifference.objects.create(
        slot=slot,
        found_at=timezone.now(),
        held_counted=1,
        held_booked=0,
        sold_counted=0,
        sold_booked=0,
    )
    client = manager_of(own.site)

    assert client.get(address("capacity_change", own.pk)).status_code == 200
    for name, row in [
        ("capacity", other),
        ("slot", slot),
        ("calendarexception", exception),
        ("slotdifference", difference),
    ]:
        assert client.get(address(f"{name}_change", row.pk)).status_code == 404
        assert client.get(address(f"{name}_changelist")).status_code == 200
