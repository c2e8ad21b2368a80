"""The test authority of a demonstration, with which its reports can be signed."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from reporting.gateways.trial_authority import Authority, make_authority, read_holder
from reporting.gateways.trust import SIGNERS, STAMPS

LATE = 1
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
