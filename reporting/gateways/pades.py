"""What the signatures in a PDF prove. pyHanko reads them; nothing is fetched from a network."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, x509

SIGNATURE_FIELD = "Signature"
SIGNED_AND_APPEND_ONLY = 3

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext


class Chain(StrEnum):
    """How the signer's certificate stood at the moment of the time stamp."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The roots and revocation lists that an installation believes, as DER.

    Roots of signers and of time stampers are apart: neither may do the other's work.
    """

    signers: tuple[bytes, ...] = ()
    stamps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    signer: str
    # What was signed is unchanged, and nothing hides in the place that is kept for the signature.
    intact: bool
    covers_file: bool
    chain: Chain
    # What the file claims; null: it carries no time stamp.
    stamped_at: datetime | None
    # That a time stamper of a known root, not revoked, said so.
    stamp_holds: bool


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not a PDF, or one that no reader can follow."""

    why: str


def signatures_in(
    pdf: bytes, *, trust: Trust, at: datetime
) -> Sequence[SignatureFacts] | Unreadable:
    """Every filled signature of the file, oldest first; a drawn one is none."""
    # Half a second to load; most web processes never read a signature.
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.general import CMSStructuralError  # noqa: PLC0415

    broken = (PdfError, CMSStructuralError, ValueError, TypeError, LookupError, AttributeError)
    try:
        reader = PdfFileReader(BytesIO(pdf))
        found = reader.embedded_regular_signatures
        return [_facts(one, pdf=pdf, trust=trust, at=at) for one in found]
    except (*broken, zlib.error, RecursionError, NotImplementedError) as error:
        return Unreadable(f"{type(error).__name__}: {error}"[:200])


def with_place_for_signature(pdf: bytes) -> bytes:
    """Append an empty field, which desk software fills; the changes are judged from here on."""
    from pyhanko.pdf_utils.generic import NameObject, NumberObject  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(SIGNATURE_FIELD))
    # Already as it will stand once signed, so that signing changes nothing but the field.
    writer.root["/AcroForm"][NameObject("/SigFlags")] = NumberObject(SIGNED_AND_APPEND_ONLY)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def only_signed(pdf: bytes, *, original: bytes) -> bool:
    """Whether a file is the original, byte for byte, with signatures appended and nothing else.

    The original has its place for a signature, and the file was readable for `signatures_in`.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.diff_analysis import (  # noqa: PLC0415
        DEFAULT_DIFF_POLICY,
        DiffResult,
        ModificationLevel,
    )

    if not pdf.startswith(original):
        return False
    revisions = PdfFileReader(BytesIO(original)).xrefs.total_revisions
    changes = DEFAULT_DIFF_POLICY.review_file(PdfFileReader(BytesIO(pdf)), revisions - 1)
    return (
        isinstance(changes, DiffResult)
        and changes.modification_level <= ModificationLevel.FORM_FILLING
    )


def _facts(
    one: "EmbeddedPdfSignature", *, pdf: bytes, trust: Trust, at: datetime
) -> SignatureFacts:
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    stamped_at = _claimed_stamp(one.signer_info)
    moment = stamped_at or at
    status = _status(one, trust, moment)
    stamp = status.timestamp_validity
    return SignatureFacts(
        signer=str(one.signer_cert.subject.human_friendly),
        intact=status.intact and status.valid and _fills_its_place(one, pdf),
        covers_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        chain=_chain(one, status, trust, moment),
        stamped_at=stamped_at,
        stamp_holds=stamp is not None and stamp.intact and stamp.valid and stamp.trusted,
    )


def _status(
    one: "EmbeddedPdfSignature", trust: Trust, moment: datetime, *, revocations: str = "require"
) -> "PdfSignatureStatus":
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415

    return validate_pdf_signature(
        one,
        signer_validation_context=_context(trust.signers, trust, moment, revocations),
        ts_validation_context=_context(trust.stamps, trust, moment, revocations),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
        ),
    )


def _context(
    roots: Sequence[bytes], trust: Trust, moment: datetime, revocations: str
) -> "ValidationContext":
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots],
        crls=list(trust.crls),
        moment=moment,
        allow_fetching=False,
        revocation_mode=revocations,
        # A list that was issued after the signature knows more, not less.
        retroactive_revinfo=True,
    )


def _chain(
    one: "EmbeddedPdfSignature", status: "PdfSignatureStatus", trust: Trust, moment: datetime
) -> Chain:
    """Say why a chain does not hold: a person has to know whom to ask."""
    if status.revoked:
        return Chain.REVOKED
    if status.trusted:
        return Chain.TRUSTED
    without_lists = _status(one, trust, moment, revocations="soft-fail")
    return Chain.REVOCATION_UNKNOWN if without_lists.trusted else Chain.UNKNOWN


def _claimed_stamp(signer: cms.SignerInfo) -> datetime | None:
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter  # noqa: PLC0415

    for token in extract_tst_data_iter(signer, signed=False):
        stamped_at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return stamped_at
    return None


def _fills_its_place(one: "EmbeddedPdfSignature", pdf: bytes) -> bool:
    """Whether the bytes that no signature covers are this signature, and zeros after it."""
    _start, length, resumes, _rest = (int(edge) for edge in _byte_range(one))
    place = pdf[length:resumes]
    text = place[1:-1]
    if place[:1] != b"<" or place[-1:] != b">" or text not in {text.lower(), text.upper()}:
        return False
    raw = bytes.fromhex(text.decode("ascii"))
    whole = cms.ContentInfo.load(raw).dump()
    written_anew = cms.ContentInfo.load(whole).dump(force=True)
    return not raw[len(whole) :].strip(b"\0") and written_anew == whole


def _byte_range(one: "EmbeddedPdfSignature") -> Sequence[Any]:
    edges: Sequence[Any] = one.byte_range
    return edges
