"""The test authority of a demonstration, with which its reports can be signed."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from reporting.domain.filing import issue, take_signed
from reporting.domain.signing import SignatureJudgement
from reporting.gateways.trial_authority import Authority, make_authority, read_holder, sign
from reporting.gateways.trust import SIGNERS, STAMPS, read_trust
from reporting.models import FrozenReport
from reporting.schemas.paper import set_paper
from sites.models import User

NAMES = ("signer_root", "signer", "stamp_root", "stamper")


def trial_authority(*, at: datetime) -> Authority:
    """The test authority of this installation, made once; whoever reads its name is warned."""
    directory: Path = settings.REPORT_TRUST
    directory.mkdir(parents=True, exist_ok=True)
    keys = directory / "TEST-keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    if all((keys / f"{name}.pem").exists() for name in NAMES):
        return Authority(*(read_holder((keys / f"{name}.pem").read_bytes()) for name in NAMES))
    made = make_authority(at=at)
    for name in NAMES:
        (keys / f"{name}.pem").touch(mode=0o600)
        (keys / f"{name}.pem").write_bytes(getattr(made, name).pem())
    for name, root in ((SIGNERS, made.signer_root), (STAMPS, made.stamp_root)):
        (directory / name).write_bytes(root.certificate.public_bytes(Encoding.PEM))
    for number, crl in enumerate(made.crls(at=at)):
        (directory / f"TEST-{number}.crl").write_bytes(crl)
    return made


def file_signed(report: FrozenReport, *, by: User, at: datetime) -> bool:
    """Take a report the whole way to its signature: set, signed on a desk, brought back, judged.

    Only one of the year goes it here; the others wait for the queue and for a person.
    """
    signed_at = at + timedelta(days=1)
    pdf = set_paper(report.body, report.sha256)
    filing = issue(report=report, pdf=pdf, at=at)
    whose = trial_authority(at=at)
    signed = sign(pdf, signer=whose.signer, stamper=whose.stamper, stamped_at=signed_at)
    trust = read_trust(settings.REPORT_TRUST, production=False)
    judged = take_signed(filing=filing, pdf=signed, trust=trust, by=by, at=signed_at)
    return isinstance(judged, SignatureJudgement) and judged.verdict.accepted
