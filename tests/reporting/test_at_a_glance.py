"""The page of one site in the console: what is missing, money, people, and the way on."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.domain.site_days import SiteDay, days_of_site
from sites.models import Closure, HeritageSite, Membership, Notice, User
from tests.factories import OPENING, make_gate, make_product, make_site, make_ticket
from tests.reporting.filing_desk import freeze_made
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.redemption import redeem
from ticketing.models import RevenueShare

pytestmark = pytest.mark.django_db


def manager(*sites: HeritageSite, language: str = "vi") -> Client:
    user = User.objects.create(username="manager", is_staff=True)
    for site in sites:
        Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=site)
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def page_of(site: HeritageSite) -> str:
    return reverse("site_at_a_glance", args=[site.pk])


def test_the_last_days_tell_money_and_people_of_the_site_alone() -> None:
    site, other = make_site(), make_site()
    for place in (site, other):
        ticket = make_ticket(product=make_product(sites=[place]), at=OPENING, party_size=2)
        RevenueShare.objects.filter(site=place).update(at=OPENING)
        seat = make_seat(ticket, gate=make_gate(site=place))
        redeem(presentation=present(ticket), seat=seat, at=OPENING)

    *before, today = days_of_site(site_id=site.pk, days=7, at=OPENING.replace(hour=12))

    amount = sum(RevenueShare.objects.filter(site=site).values_list("amount", flat=True))
    assert amount > 0
    assert today == SiteDay(OPENING.date(), amount, 2)
    assert {(day.amount, day.people) for day in before} == {(0, 0)}
    assert len(before) == 6


@pytest.mark.parametrize(
    ("language", "said", "missed"),
    [("vi", "Kho ảnh", "mục tiêu chưa đạt"), ("en", "Media library", "missed")],
)
def test_what_is_missing_stands_first_in_both_languages(
    language: str, said: str, missed: str
) -> None:
    freeze_made()
    site = HeritageSite.objects.get(slug="site-1")

    page = manager(site, language=language).get(page_of(site)).content.decode()

    assert missed in page
    assert said in page
    assert page.index(missed) < page.index(said)
    assert "/department/sites/site-1" in page


def test_more_staff_closures_and_notices_take_no_more_statements() -> None:
    site = make_site()
    client = manager(site)
    client.get(page_of(site))

    counts = []
    for number in range(3):
        Closure.objects.create(site=site, starts_at=timezone.now())
        Notice.objects.create(site=site, shows_from=timezone.now())
        colleague = User.objects.create(username=f"colleague-{number}", is_staff=True)
        Membership.objects.create(user=colleague, role=Membership.Role.AUDITOR, site=site)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(page_of(site)).content.decode()
        counts.append(len(asked))

    assert f"colleague-{number}" in page
    assert page.count("/heritage_sites/notice/") >= 3
    assert len(set(counts)) == 1
    assert counts[0] < 40


def test_the_first_page_of_the_console_asks_once_who_somebody_is() -> None:
    client = manager(make_site())
    client.get(reverse("admin:index"))

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("admin:index"))

    # It asks every kind of row several times whether the user may see it.
    assert len(asked) < 20


def test_who_has_one_site_is_taken_there_and_who_has_several_chooses() -> None:
    one, two = make_site(), make_site()
    client = manager(one)
    overview = reverse("sites_at_a_glance")

    assert client.get(overview).headers["Location"] == page_of(one)
    Membership.objects.create(
        user=User.objects.get(username="manager"), role=Membership.Role.AUDITOR, site=two
    )
    page = client.get(overview).content.decode()
    assert page_of(one) in page
    assert page_of(two) in page
