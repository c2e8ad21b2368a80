"""Which files count as signed reports, and which do not (D1)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from reporting.domain.calendar import VIETNAM, ReportingWindow, midnight
from reporting.domain.signing import SignatureVerdict, judge_file
from reporting.gateways.pades import Trust, with_place_for_signature
from reporting.gateways.trial_authority import Authority, make_authority, sign
from reporting.gateways.trust import read_trust, trust_of
from ticketing.gateways.paper import pdf_of

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
SIGNED_AT = datetime(2026, 3, 20, 9, 0, tzinfo=VIETNAM)
UPLOADED_AT = datetime(2026, 4, 2, 9, 0, tzinfo=VIETNAM)
FIRST_LATE_MOMENT = midnight(ReportingWindow(2026, 1).due_day + timedelta(days=1))


@cache
def authority_named(name: str) -> Authority:
    return make_authority(at=MADE_AT, name=name)


def authority(name: str = "Ngo Mon") -> Authority:
    return authority_named(name)


@cache
def our_report(words: str = "Báo cáo") -> bytes:
    html = (
        f'<html lang="vi"><title>{words}</title><body><h1>{words}</h1><p>86,2 %</p></body></html>'
    )
    return with_place_for_signature(pdf_of(html))


@cache
def signed(*, stamped_at: datetime = SIGNED_AT, by: str = "Ngo Mon") -> bytes:
    whose = authority(by)
    return sign(our_report(), signer=whose.signer, stamper=whose.stamper, stamped_at=stamped_at)


def verdict(pdf: bytes, *, crls: Iterable[bytes] | None = None) -> SignatureVerdict:
    lists = authority().crls(at=UPLOADED_AT) if crls is None else crls
    return judge_file(
        pdf,
        original=our_report(),
        on_time_until=FIRST_LATE_MOMENT,
        trust=trust_of(authority(), crls=lists),
        at=UPLOADED_AT,
    ).verdict


def test_a_whole_file_signed_and_stamped_in_time_is_valid() -> None:
    judged = judge_file(
        signed(),
        original=our_report(),
        on_time_until=FIRST_LATE_MOMENT,
        trust=trust_of(authority(), crls=authority().crls(at=UPLOADED_AT)),
        at=UPLOADED_AT,
    )

    assert judged.verdict is SignatureVerdict.VALID
    assert judged.stamped_at == SIGNED_AT
    assert "TEST Ngo Mon department" in judged.signer


@pytest.mark.parametrize(
    ("stamped_at", "expected"),
    [
        (datetime(2026, 3, 25, 23, 59, 59, tzinfo=VIETNAM), SignatureVerdict.VALID),
        (datetime(2026, 3, 26, 0, 0, 0, tzinfo=VIETNAM), SignatureVerdict.LATE),
    ],
)
def test_edge_7_the_stamp_decides_whether_a_signature_is_in_time(
    stamped_at: datetime, expected: SignatureVerdict
) -> None:
    assert verdict(signed(stamped_at=stamped_at)) is expected


def test_a_stamp_from_the_future_is_refused() -> None:
    assert (
        verdict(signed(stamped_at=UPLOADED_AT + timedelta(hours=1)))
        is SignatureVerdict.FROM_THE_FUTURE
    )


def test_no_changed_byte_is_accepted() -> None:
    whole = signed()
    place = whole.index(b"/Contents <") + len(b"/Contents <")
    end = whole.index(b">", place)
    # Spread over the report, what was appended, the signature, and the zeros after it.
    places = [*range(0, len(whole), len(whole) // 9), place, place + 300, end - 1, len(whole) - 2]

    accepted = [
        position
        for position in places
        if verdict(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]).accepted
    ]

    assert accepted == []


def test_what_follows_the_signed_bytes_is_noticed() -> None:
    assert verdict(signed() + b"\n% a line more\n") is SignatureVerdict.PART_OF_FILE


def test_a_signature_by_somebody_else_is_of_an_unknown_signer() -> None:
    other = authority("Somebody")
    pdf = sign(our_report(), signer=other.signer, stamper=authority().stamper, stamped_at=SIGNED_AT)
    lists = [*authority().crls(at=UPLOADED_AT), *other.crls(at=UPLOADED_AT)]

    assert verdict(pdf, crls=lists) is SignatureVerdict.UNKNOWN_SIGNER


def test_a_time_stamper_may_not_sign_reports() -> None:
    whose = authority()
    pdf = sign(our_report(), signer=whose.stamper, stamper=whose.stamper, stamped_at=SIGNED_AT)

    assert verdict(pdf) is SignatureVerdict.UNKNOWN_SIGNER


def test_a_stamp_by_somebody_else_is_not_believed() -> None:
    other = authority("Somebody")
    pdf = sign(our_report(), signer=authority().signer, stamper=other.stamper, stamped_at=SIGNED_AT)
    lists = [*authority().crls(at=UPLOADED_AT), *other.crls(at=UPLOADED_AT)]

    assert verdict(pdf, crls=lists) is SignatureVerdict.UNKNOWN_TIME_STAMP


def test_without_a_stamp_nobody_knows_when_it_was_signed() -> None:
    pdf = sign(our_report(), signer=authority().signer, stamper=None, stamped_at=SIGNED_AT)

    assert verdict(pdf) is SignatureVerdict.NO_TIME_STAMP


def test_a_picture_of_a_signature_is_none() -> None:
    svg = '<svg width="90" height="30"><path d="M2 20 Q20 2 40 20 T80 9"/></svg>'
    drawn = pdf_of(f'<html lang="vi"><title>Báo cáo</title><body>Đã ký {svg}</body></html>')

    assert verdict(drawn) is SignatureVerdict.NO_SIGNATURE
    assert verdict(our_report()) is SignatureVerdict.NO_SIGNATURE


def test_another_report_with_a_good_signature_is_another_file() -> None:
    whose = authority()
    pdf = sign(
        our_report("Báo cáo khác"), signer=whose.signer, stamper=whose.stamper, stamped_at=SIGNED_AT
    )

    assert verdict(pdf) is SignatureVerdict.OTHER_FILE


def test_a_page_changed_between_our_file_and_the_signature_is_another_file() -> None:
    writer = IncrementalPdfFileWriter(BytesIO(our_report()))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"] = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 10, 10))
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    whose = authority()
    pdf = sign(out.getvalue(), signer=whose.signer, stamper=whose.stamper, stamped_at=SIGNED_AT)

    assert pdf.startswith(our_report())
    assert verdict(pdf) is SignatureVerdict.OTHER_FILE


@pytest.mark.parametrize(
    ("revoked_after", "expected"),
    [(timedelta(days=-1), SignatureVerdict.REVOKED), (timedelta(days=1), SignatureVerdict.VALID)],
)
def test_a_certificate_counts_until_it_is_revoked(
    revoked_after: timedelta, expected: SignatureVerdict
) -> None:
    lists = authority().crls(at=UPLOADED_AT, revoked_at=SIGNED_AT + revoked_after)

    assert verdict(signed(), crls=lists) is expected


def test_without_a_revocation_list_nothing_is_believed() -> None:
    assert verdict(signed(), crls=[]) is SignatureVerdict.REVOCATION_UNKNOWN


@pytest.mark.parametrize("content", [b"", b"not a pdf", b"\x89PNG\r\n"])
def test_what_is_no_pdf_is_said_to_be_none(content: bytes) -> None:
    assert verdict(content) is SignatureVerdict.NOT_A_PDF


def test_production_believes_no_test_authority(tmp_path: Path) -> None:
    whose = authority()
    (tmp_path / "signers.pem").write_bytes(whose.signer_root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "stamps.pem").write_bytes(whose.stamp_root.certificate.public_bytes(Encoding.PEM))
    for number, crl in enumerate(whose.crls(at=MADE_AT)):
        (tmp_path / f"{number}.crl").write_bytes(crl)

    assert read_trust(tmp_path, production=False) == trust_of(whose, crls=whose.crls(at=MADE_AT))
    assert read_trust(tmp_path, production=True).signers == ()
    assert read_trust(tmp_path / "missing", production=True) == Trust()
