"""Papers for the wallets as an operator would have them, made for one test."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID
from pytest_django import Settings

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
PASS_TYPE = "pass.test.ngomon"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str, key: RSAPrivateKey, *, issuer: str, issuer_key: RSAPrivateKey
) -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(MADE_AT).not_valid_after(MADE_AT + timedelta(days=3650))
    basic = x509.BasicConstraints(ca=subject == issuer, path_length=None)
    builder = builder.add_extension(basic, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def use_apple(settings: Settings, folder: Path, *, self_signed: bool = False) -> Path:
    """Have passes signed; return the file with the root that they are verified against."""
    root_key, key = (generate_private_key(65537, 2048) for _ in range(2))
    root = _certificate("Test Root", root_key, issuer="Test Root", issuer_key=root_key)
    if self_signed:
        leaf = _certificate(PASS_TYPE, key, issuer=PASS_TYPE, issuer_key=key)
    else:
        leaf = _certificate(PASS_TYPE, key, issuer="Test Root", issuer_key=root_key)
    parts = [part.public_bytes(serialization.Encoding.PEM) for part in (leaf, root)]
    papers = folder / "pass.pem"
    papers.write_bytes(b"".join([*parts, _pem(key)]))
    (folder / "root.pem").write_bytes(parts[1])
    settings.APPLE_PASS_CERTIFICATE = str(papers)
    settings.APPLE_PASS_TYPE = PASS_TYPE
    settings.APPLE_TEAM = "TEAM123456"
    return folder / "root.pem"


def use_google(settings: Settings, folder: Path) -> bytes:
    """Have links signed; return the public key that they are verified with."""
    key = generate_private_key(65537, 2048)
    account = {"client_email": "wallet@test.example", "private_key": _pem(key).decode()}
    path = folder / "google.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    settings.GOOGLE_WALLET_KEY = str(path)
    settings.GOOGLE_WALLET_ISSUER = "3388000000012345678"
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
