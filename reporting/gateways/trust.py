"""The roots and revocation lists of an installation, from one directory of PEM and CRL files.

`signers.pem` holds the roots of signers, `stamps.pem` those of time stampers, `*.crl` the lists.
"""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from reporting.gateways.pades import Trust
from reporting.gateways.trial_authority import Authority, is_trial

SIGNERS = "signers.pem"
STAMPS = "stamps.pem"


def read_trust(directory: Path, *, production: bool) -> Trust:
    """What lies there now: lists are renewed without a restart. Nothing there trusts nobody.

    Production believes no root of a test authority.
    """
    return Trust(
        signers=_roots(directory / SIGNERS, production=production),
        stamps=_roots(directory / STAMPS, production=production),
        crls=tuple(_crl(path.read_bytes()) for path in sorted(directory.glob("*.crl"))),
    )


def trust_of(authority: Authority, *, crls: Iterable[bytes]) -> Trust:
    """Believe a test authority."""
    return Trust(
        signers=(authority.signer_root.certificate.public_bytes(Encoding.DER),),
        stamps=(authority.stamp_root.certificate.public_bytes(Encoding.DER),),
        crls=tuple(crls),
    )


def _roots(path: Path, *, production: bool) -> tuple[bytes, ...]:
    if not path.exists():
        return ()
    found = x509.load_pem_x509_certificates(path.read_bytes())
    return tuple(
        one.public_bytes(Encoding.DER) for one in found if not (production and is_trial(one))
    )


def _crl(content: bytes) -> bytes:
    if content.startswith(b"-----"):
        return x509.load_pem_x509_crl(content).public_bytes(Encoding.DER)
    return content
