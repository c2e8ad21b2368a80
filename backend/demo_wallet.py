"""A certificate for passes of a demonstration. No phone trusts it; production refuses it."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509.oid import NameOID
from django.conf import settings

NAME = "TEST pass certificate of a demonstration"
LIVES = timedelta(days=3650)


def make_test_certificate(*, at: datetime) -> None:
    """Write it where the settings point, unless a certificate is there."""
    path = Path(settings.APPLE_PASS_CERTIFICATE)
    if not settings.APPLE_PASS_CERTIFICATE or path.exists():
        return
    key = generate_private_key(65537, 2048)
    # Signed by itself: that is how production knows it.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    builder = x509.CertificateBuilder(name, name, key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(at).not_valid_after(at + LIVES)
    certificate = builder.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.touch(mode=0o600)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
