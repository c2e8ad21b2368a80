"""The operator's papers for the two wallets; without them a wallet is not offered."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

log = structlog.get_logger("ticketing.wallets")


@dataclass(frozen=True, slots=True)
class AppleIdentity:
    """The certificate of a pass type, its key, and the certificates between it and Apple's root."""

    pass_type: str
    team: str
    certificate: x509.Certificate
    key: RSAPrivateKey | EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class GoogleIdentity:
    """A service account that may write passes of an issuer."""

    issuer: str
    account: str
    private_key: str


def apple_identity() -> AppleIdentity | None:
    """Return who signs passes for Apple Wallet; None when nobody does."""
    path = settings.APPLE_PASS_CERTIFICATE
    if not (path and settings.APPLE_PASS_TYPE and settings.APPLE_TEAM):
        return None
    if not Path(path).is_file():
        log.error("wallet-certificate-is-missing", path=path)
        return None
    identity = _apple(path, settings.APPLE_PASS_TYPE, settings.APPLE_TEAM)
    leaf = identity.certificate
    if settings.MODE == "production" and leaf.issuer == leaf.subject:
        log.error("wallet-certificate-is-for-tests", path=path)
        return None
    return identity


@lru_cache(maxsize=4)
def _apple(path: str, pass_type: str, team: str) -> AppleIdentity:
    pem = Path(path).read_bytes()
    first, *others = x509.load_pem_x509_certificates(pem)
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds a key that cannot sign passes.")
    return AppleIdentity(pass_type, team, first, key, tuple(others))


def google_identity() -> GoogleIdentity | None:
    """Return who signs links for Google Wallet; None when nobody does."""
    if not (settings.GOOGLE_WALLET_KEY and settings.GOOGLE_WALLET_ISSUER):
        return None
    return _google(settings.GOOGLE_WALLET_KEY, settings.GOOGLE_WALLET_ISSUER)


@lru_cache(maxsize=4)
def _google(path: str, issuer: str) -> GoogleIdentity:
    account = json.loads(Path(path).read_text(encoding="utf-8"))
    return GoogleIdentity(issuer, account["client_email"], account["private_key"])
