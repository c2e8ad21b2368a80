"""Whether an uploaded file is our report, signed in time by somebody whom we believe (D1).

Sources: reports are to be signed digitally (Q8, Q21, Q22). A picture of a signature is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reporting.gateways.pades import (
    Chain,
    SignatureFacts,
    Trust,
    Unreadable,
    only_signed,
    signatures_in,
)

# A time stamper's clock may be a little ahead of ours.
CLOCKS_DIFFER_BY = timedelta(minutes=5)


class SignatureVerdict(StrEnum):
    VALID = "valid"
    # Signed as it should be, after the due day: kept, shown apart, not counted.
    LATE = "late"
    NOT_A_PDF = "not_a_pdf"
    NO_SIGNATURE = "no_signature"
    OTHER_FILE = "other_file"
    CHANGED = "changed"
    PART_OF_FILE = "part_of_file"
    UNKNOWN_SIGNER = "unknown_signer"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    NO_TIME_STAMP = "no_time_stamp"
    UNKNOWN_TIME_STAMP = "unknown_time_stamp"
    FROM_THE_FUTURE = "from_the_future"
    # Of a reading of the file that could not be finished.
    UNREADABLE_SIGNATURE = "unreadable_signature"

    @property
    def accepted(self) -> bool:
        return self in {SignatureVerdict.VALID, SignatureVerdict.LATE}


@dataclass(frozen=True, slots=True)
class SignatureJudgement:
    verdict: SignatureVerdict
    signer: str = ""
    stamped_at: datetime | None = None


OF_CHAIN = {
    Chain.UNKNOWN: SignatureVerdict.UNKNOWN_SIGNER,
    Chain.REVOKED: SignatureVerdict.REVOKED,
    Chain.REVOCATION_UNKNOWN: SignatureVerdict.REVOCATION_UNKNOWN,
}


def judge_file(
    pdf: bytes,
    *,
    original: bytes,
    on_time_until: datetime,
    trust: Trust,
    at: datetime,
) -> SignatureJudgement:
    """Judge an uploaded file; `original` is the report as we handed it out.

    `on_time_until` is exclusive: the first moment of the day after the due day.
    """
    found = signatures_in(pdf, trust=trust, at=at)
    if isinstance(found, Unreadable):
        readable = pdf.startswith(b"%PDF-")
        return SignatureJudgement(
            SignatureVerdict.UNREADABLE_SIGNATURE if readable else SignatureVerdict.NOT_A_PDF
        )
    if not found:
        return SignatureJudgement(SignatureVerdict.NO_SIGNATURE)
    judged = judge_signatures(found, on_time_until=on_time_until, at=at)
    if judged.verdict.accepted and not only_signed(pdf, original=original):
        return SignatureJudgement(SignatureVerdict.OTHER_FILE, judged.signer, judged.stamped_at)
    return judged


def judge_signatures(
    found: Sequence[SignatureFacts], *, on_time_until: datetime, at: datetime
) -> SignatureJudgement:
    """Every signature has to hold; the last one covers the whole file."""
    last = found[-1]
    for one in found:
        refused = _refused(one, whole=one is last, at=at)
        if refused:
            return SignatureJudgement(refused, one.signer, one.stamped_at)
    # Judged by the last stamp: the report is signed when everybody has signed.
    stamped_at = last.stamped_at
    late = stamped_at is None or stamped_at >= on_time_until
    verdict = SignatureVerdict.LATE if late else SignatureVerdict.VALID
    return SignatureJudgement(verdict, last.signer, stamped_at)


def _refused(one: SignatureFacts, *, whole: bool, at: datetime) -> SignatureVerdict | None:
    """The first thing that does not hold, in the order in which a person would ask."""
    future = one.stamped_at is not None and one.stamped_at > at + CLOCKS_DIFFER_BY
    complaints = {
        SignatureVerdict.CHANGED: not one.intact,
        SignatureVerdict.PART_OF_FILE: whole and not one.covers_file,
        **{verdict: one.chain is chain for chain, verdict in OF_CHAIN.items()},
        SignatureVerdict.NO_TIME_STAMP: one.stamped_at is None,
        SignatureVerdict.UNKNOWN_TIME_STAMP: not one.stamp_holds,
        SignatureVerdict.FROM_THE_FUTURE: future,
    }
    return next((verdict for verdict, holds in complaints.items() if holds), None)
