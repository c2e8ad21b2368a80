"""Who sees which of the department's pages, and what stands on them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.dashboard.urls import urlpatterns
from reporting.domain.papers import set_papers
from reporting.gateways.pades import with_place_for_signature
from reporting.models import Filing, SignedUpload
from sites.models import User
from tests.reporting.filing_desk import (
    FROZEN_AT,
    auditor,
    browser_of,
    department,
    freeze_made,
    make_body,
    manager_of,
)
from tests.reporting.made_reports import made_report, site_facts
from ticketing.gateways.paper import pdf_of

pytestmark = pytest.mark.django_db

DOOR = {"sign_in", "sign_out"}
PAGE = pdf_of('<html lang="vi"><title>x</title><body>86,2%')

PROVINCE = [
    "/department/matrix",
    "/department/indicators/A1",
    "/department/plan",
    "/department/figures",
    "/department/quarters",
    "/department/quarters/2026-Q3",
    "/department/quarters/2026-Q3/report.json",
]
OF_A_SITE = ["/department/sites/site-1", "/department/sites/site-1/evidence/payment/1"]


def links(page: str) -> set[str]:
    return set(re.findall(r'href="([^"#?]+)', page))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_department_sees_every_page_in_both_languages(language: str) -> None:
    freeze_made()
    client = browser_of(department(), language=language)

    answers = {
        path: client.get(path).status_code for path in ["/department/", *PROVINCE, *OF_A_SITE]
    }

    assert set(answers.values()) == {200}


def test_an_auditor_sees_all_and_changes_nothing() -> None:
    freeze_made()
    client = browser_of(auditor())

    assert {client.get(path).status_code for path in ["/department/", *PROVINCE, *OF_A_SITE]} == {
        200
    }
    for step in ("signed", "sent", "receipt"):
        answer = client.post(f"/department/quarters/2026-Q3/{step}", {"system": "ministry"})
        assert answer.status_code == 404
    assert SignedUpload.objects.count() == 0
    assert "multipart/form-data" not in client.get("/department/quarters/2026-Q3").content.decode()


def test_a_manager_sees_their_own_sites_alone() -> None:
    freeze_made()
    client = browser_of(manager_of("site-1"))

    home = client.get("/department/").content.decode()
    assert "Điểm số 1<" in home
    assert "Điểm số 2<" not in home
    assert [client.get(path).status_code for path in OF_A_SITE] == [200, 200]
    assert client.get("/department/sites/site-2").status_code == 404
    assert client.get("/department/sites/site-2/evidence/payment/2").status_code == 404
    assert {client.get(path).status_code for path in PROVINCE} == {404}
    assert client.get("/department/quarters/2026-Q3/report.pdf").status_code == 404


def addresses() -> dict[str, str]:
    """Every page of the department but its door, about the first site and its report."""
    named = {"code": "A1", "slug": "site-1", "kind": "payment", "number": 1, "window": "2026-Q3"}
    found = {}
    for each in urlpatterns:
        wanted = {key: named[key] for key in each.pattern.converters}
        found[str(each.name)] = reverse(f"department:{each.name}", kwargs=wanted)
    return {name: path for name, path in found.items() if name not in {"style", *DOOR}}


def test_every_address_is_closed_to_strangers_and_to_the_manager_of_another_place() -> None:
    freeze_made()
    another = browser_of(manager_of("site-2"))
    steps = {"upload", "sent", "receipt"}

    for name, path in addresses().items():
        asks = ("post",) if name in steps else ("get", "head")
        for ask in asks:
            stranger = getattr(Client(), ask)(path)
            assert (stranger.status_code, stranger["Location"]) == (302, "/department/sign-in")
            seen = getattr(another, ask)(path).status_code
            assert seen == (200 if name == "home" else 404), (ask, path)


def test_strangers_are_sent_to_the_door() -> None:
    freeze_made()

    for path in ["/department/", *PROVINCE, *OF_A_SITE]:
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/department/sign-in")


def test_the_door_opens_to_a_name_and_its_password() -> None:
    freeze_made()
    department("so")

    wrong = Client().post("/department/sign-in", {"username": "so", "password": "x"})
    right = Client().post("/department/sign-in", {"username": "so", "password": "a-long-password"})

    assert wrong.status_code == 403
    assert (right.status_code, right["Location"]) == (302, "/department/")


def test_three_clicks_lead_from_the_number_to_the_payment() -> None:
    freeze_made()
    client = browser_of(department())

    home = client.get("/department/").content.decode()
    assert "86,2%" in home
    assert "/department/indicators/A1" in links(home)
    indicator = client.get("/department/indicators/A1").content.decode()
    assert "/department/sites/site-1" in links(indicator)
    site = client.get("/department/sites/site-1").content.decode()
    assert "/department/sites/site-1/evidence/payment/1" in links(site)
    payment = client.get("/department/sites/site-1/evidence/payment/1").content.decode()
    assert "200000" in payment
    assert "2026-07-01T09:00:00+07:00" in payment


def test_a_row_that_is_no_evidence_of_the_site_is_not_shown() -> None:
    freeze_made()
    client = browser_of(department())

    assert client.get("/department/sites/site-1/evidence/payment/2").status_code == 404
    assert client.get("/department/sites/nowhere").status_code == 404
    assert client.get("/department/indicators/Z9").status_code == 404
    assert client.get("/department/?window=1999-Q1").status_code == 404
    assert client.get("/department/plan?code=A7").status_code == 404


def test_without_a_report_the_page_says_so() -> None:
    make_body()
    client = browser_of(department())

    page = client.get("/department/")

    assert page.status_code == 200
    assert "Chưa có báo cáo" in page.content.decode()
    assert client.get("/department/matrix").status_code == 404


def test_no_page_carries_a_script_or_a_style_of_its_own() -> None:
    freeze_made()
    client = browser_of(department())

    for path in ["/department/", *PROVINCE[:-1], *OF_A_SITE]:
        page = client.get(path)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page.content.decode())
        assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_a_name_cannot_break_out_of_a_drawing() -> None:
    report = made_report(site_facts(1))
    freeze_made(report)
    client = browser_of(department())

    page = client.get("/department/matrix?state=%3Cscript%3E")

    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_made_up_figures_are_marked_on_every_page() -> None:
    freeze_made()
    client = browser_of(department())

    for path in ["/department/", *PROVINCE[:-1], *OF_A_SITE]:
        assert "Số liệu giả lập" in client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/department/", "/department/matrix", "/department/quarters"])
def test_more_sites_cost_no_more_queries(path: str) -> None:
    body = make_body(slug="another")
    freeze_made(made_report(site_facts(1)))
    freeze_made(made_report(*(site_facts(number) for number in range(1, 4))), body=body)
    user = User.objects.create_superuser(username="all", is_staff=True)
    client = browser_of(user)
    counts = []
    for asked in ("so-vhtt", "another"):
        client.get(f"{path}?body={asked}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{path}?body={asked}").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_the_paper_is_set_in_the_background_and_whoever_waits_sees_it_come() -> None:
    row = freeze_made(made_report(site_facts(1)))
    client = browser_of(department())
    address = "/department/quarters/2026-Q3"

    asked = client.get(f"{address}/report.pdf")
    waiting = client.get(address).content.decode()
    told = set_papers(setter=lambda body, sha256: f"{sha256} {len(body)}".encode(), at=FROZEN_AT)
    again = set_papers(setter=lambda _body, _sha256: b"another", at=FROZEN_AT)
    ready = client.get(address).content.decode()

    assert (asked.status_code, asked["Location"]) == (302, address)
    assert "đang được lập" in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert f'href="{address}/report.pdf"' not in waiting
    assert (told, again) == (1, 0)
    assert '<meta http-equiv="refresh"' not in ready
    assert client.get(f"{address}/report.pdf").content == f"{row.sha256} {len(row.body)}".encode()


def test_an_upload_that_is_no_signed_report_is_kept_and_refused() -> None:
    freeze_made(made_report(site_facts(1)))
    client = browser_of(department())
    set_papers(setter=lambda _body, _sha256: with_place_for_signature(PAGE), at=FROZEN_AT)

    answer = client.post(
        "/department/quarters/2026-Q3/signed",
        {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 nothing", "application/pdf")},
        follow=True,
    )

    assert "Không đọc được chữ ký" in answer.content.decode()
    assert Filing.objects.get().status == Filing.Status.FROZEN
    assert SignedUpload.objects.get().verdict == "unreadable_signature"
