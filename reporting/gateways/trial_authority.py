"""A certificate authority for demonstrations and tests, with a time stamper and its own CRLs.

Every name in it says TEST. Production refuses roots that say so (see `trust.py`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MARK = "TEST - worth nothing"
LIVES = timedelta(days=3650)
CRL_LIVES = LIVES
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    def for_pyhanko(self) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
        secret = self.key.private_bytes(
            DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return (
            asn1_x509.Certificate.load(self.certificate.public_bytes(DER)),
            asn1_keys.PrivateKeyInfo.load(secret),
        )

    def pem(self) -> bytes:
        """Both, as one file."""
        secret = self.key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return self.certificate.public_bytes(PEM) + secret


@dataclass(frozen=True, slots=True)
class Authority:
    """A root with a signer below it, and another with a time stamper."""

    signer_root: Holder
    signer: Holder
    stamp_root: Holder
    stamper: Holder

    def crls(self, *, at: datetime, revoked_at: datetime | None = None) -> list[bytes]:
        """What both roots say of revocations at this moment; `revoked_at` is the signer's."""
        return [
            _crl(self.signer_root, at, [(self.signer, revoked_at)] if revoked_at else []),
            _crl(self.stamp_root, at, []),
        ]


def make_authority(*, at: datetime, name: str = "Ngo Mon") -> Authority:
    """New keys at every call."""
    signer_root = _root(f"{name} signers' root", at)
    stamp_root = _root(f"{name} time stampers' root", at)
    return Authority(
        signer_root=signer_root,
        signer=_below(signer_root, f"{name} department", at, _signs()),
        stamp_root=stamp_root,
        stamper=_below(stamp_root, f"{name} time stamper", at, _stamps()),
    )


def is_trial(certificate: x509.Certificate) -> bool:
    marks = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return MARK in [mark.value for mark in marks]


def read_holder(pem: bytes) -> Holder:
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("The keys of the test authority are RSA keys.")
    return Holder(x509.load_pem_x509_certificate(pem), key)


def sign(
    pdf: bytes,
    *,
    signer: Holder,
    stamper: Holder | None,
    stamped_at: datetime,
) -> bytes:
    """Sign a whole file as the software on an official's desk does, by appending to it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers, timestamps  # noqa: PLC0415 # half a second to load
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    certificate, key = signer.for_pyhanko()
    clock = None
    if stamper is not None:
        stamp_certificate, stamp_key = stamper.for_pyhanko()
        clock = timestamps.DummyTimeStamper(
            stamp_certificate, stamp_key, fixed_dt=stamped_at.astimezone(UTC)
        )
    out = BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name="Signature",
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer=signers.SimpleSigner(
            signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore()
        ),
        timestamper=clock,
        output=out,
    )
    return out.getvalue()


def _root(name: str, at: datetime) -> Holder:
    key = generate_private_key(65537, 2048)
    subject = _name(name)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return _issued(
        subject, subject, key, key, at, [usage, x509.BasicConstraints(ca=True, path_length=1)]
    )


def _below(root: Holder, name: str, at: datetime, extensions: list[x509.ExtensionType]) -> Holder:
    key = generate_private_key(65537, 2048)
    return _issued(
        _name(name),
        root.certificate.subject,
        key,
        root.key,
        at,
        [x509.BasicConstraints(ca=False, path_length=None), *extensions],
    )


def _issued(
    subject: x509.Name,
    issuer: x509.Name,
    key: RSAPrivateKey,
    issuer_key: RSAPrivateKey,
    at: datetime,
    extensions: list[x509.ExtensionType],
) -> Holder:
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + LIVES)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return Holder(builder.sign(issuer_key, hashes.SHA256()), key)


def _crl(root: Holder, at: datetime, revoked: list[tuple[Holder, datetime]]) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(at)
        .next_update(at + CRL_LIVES)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()),
            critical=False,
        )
    )
    for holder, since in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(holder.certificate.serial_number)
            .revocation_date(since)
            .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        )
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(root.key, hashes.SHA256()).public_bytes(DER)


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, f"TEST {name}"),
        ]
    )


def _signs() -> list[x509.ExtensionType]:
    return [_usage(digital_signature=True, content_commitment=True)]


def _stamps() -> list[x509.ExtensionType]:
    return [
        _usage(digital_signature=True),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]),
    ]


def _usage(**allowed: bool) -> x509.KeyUsage:
    every: dict[str, Any] = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**{**every, **allowed})
