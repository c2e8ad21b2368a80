"""A report goes from its freeze over the signature to its receipts, and never back."""

from datetime import timedelta
from functools import cache

import pytest

from reporting.domain.filing import (
    NotNow,
    issue,
    record_receipt,
    record_sending,
    take_signed,
)
from reporting.domain.filing_status import MOVES, move
from reporting.domain.signing import SignatureJudgement, SignatureVerdict
from reporting.gateways.pades import with_place_for_signature
from reporting.gateways.trial_authority import Authority, make_authority, sign
from reporting.gateways.trust import trust_of
from reporting.models import FiledPaper, Filing, Sending, SignedUpload
from tests.reporting.filing_desk import FROZEN_AT, department, freeze_made
from tests.reporting.made_reports import made_report, site_facts
from ticketing.gateways.paper import pdf_of

pytestmark = pytest.mark.django_db
SIGNED_AT = FROZEN_AT + timedelta(days=1)


@cache
def authority() -> Authority:
    return make_authority(at=FROZEN_AT - timedelta(days=400))


@cache
def paper() -> bytes:
    return with_place_for_signature(pdf_of('<html lang="vi"><title>x</title><body>86,2%'))


def bring_back(filing: Filing, pdf: bytes) -> SignatureJudgement | NotNow:
    whose = authority()
    return take_signed(
        filing=filing,
        pdf=pdf,
        trust=trust_of(whose, crls=whose.crls(at=FROZEN_AT)),
        by=department(f"person-{Filing.objects.count()}-{SignedUpload.objects.count()}"),
        at=SIGNED_AT,
    )


def test_a_report_is_signed_sent_and_acknowledged() -> None:
    filing = issue(report=freeze_made(made_report(site_facts(1))), pdf=paper(), at=FROZEN_AT)
    whose = authority()
    signed = sign(paper(), signer=whose.signer, stamper=whose.stamper, stamped_at=SIGNED_AT)

    refused = bring_back(filing, paper())
    judged = bring_back(filing, signed)
    again = bring_back(Filing.objects.get(), signed)

    assert isinstance(refused, SignatureJudgement)
    assert refused.verdict is SignatureVerdict.NO_SIGNATURE
    assert isinstance(judged, SignatureJudgement)
    assert judged.verdict is SignatureVerdict.VALID
    assert again == NotNow(Filing.Status.SIGNED)
    assert [each.verdict for each in SignedUpload.objects.order_by("pk")] == [
        "no_signature",
        "valid",
    ]
    assert bytes(FiledPaper.objects.get(kind="signed").content) == signed
    _send_and_acknowledge(Filing.objects.get())


def _send_and_acknowledge(filing: Filing) -> None:
    person = department("sender")
    ministry, city = Sending.System.MINISTRY, Sending.System.CITY
    at = SIGNED_AT + timedelta(days=1)
    assert filing.on_time is True
    for system in (ministry, city):
        record_sending(filing=filing, system=system, by=person, at=at)
    assert Filing.objects.get().status == Filing.Status.SENT
    record_receipt(filing=filing, system=ministry, number="BN-1", by=person, at=at)
    assert Filing.objects.get().status == Filing.Status.SENT
    record_receipt(filing=filing, system=city, number="BN-2", by=person, at=at)
    assert Filing.objects.get().status == Filing.Status.ACKNOWLEDGED


def test_nothing_is_sent_before_it_is_signed() -> None:
    filing = issue(report=freeze_made(made_report(site_facts(1))), pdf=paper(), at=FROZEN_AT)

    sent = record_sending(filing=filing, system=Sending.System.CITY, by=department(), at=SIGNED_AT)

    assert sent == NotNow(Filing.Status.FROZEN)
    assert not Sending.objects.exists()


def test_the_first_paper_stays() -> None:
    report = freeze_made(made_report(site_facts(1)))

    issue(report=report, pdf=paper(), at=FROZEN_AT)
    issue(report=report, pdf=b"another", at=SIGNED_AT)

    assert bytes(FiledPaper.objects.get().content) == paper()


def test_no_move_leads_back() -> None:
    filing = issue(report=freeze_made(made_report(site_facts(1))), pdf=paper(), at=FROZEN_AT)

    assert not move(filing, to=Filing.Status.DRAFT)
    assert not move(filing, to=Filing.Status.SENT)
    assert MOVES[Filing.Status.ACKNOWLEDGED] == frozenset()
