"""Packs and signs a .pkpass: a zip whose manifest of hashes is signed (PKCS #7, detached)."""

import hashlib
import zipfile
from collections.abc import Mapping
from io import BytesIO

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from ticketing.gateways.pass_certificates import AppleIdentity

# The same pass is the same file but for its signature.
ZIPPED_AT = (2025, 1, 1, 0, 0, 0)


def signed_pass(files: Mapping[str, bytes], *, identity: AppleIdentity) -> bytes:
    """Return the pass with its manifest and signature."""
    # Apple's format asks for SHA-1 here; the signature over the manifest is by SHA-256.
    manifest = orjson.dumps(
        {name: hashlib.sha1(content).hexdigest() for name, content in files.items()}  # noqa: S324 # asked for
    )
    whole = {**files, "manifest.json": manifest, "signature": _signature(manifest, identity)}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(zipfile.ZipInfo(name, ZIPPED_AT), content)
    return packed.getvalue()


def _signature(manifest: bytes, identity: AppleIdentity) -> bytes:
    builder = PKCS7SignatureBuilder().set_data(manifest)
    builder = builder.add_signer(identity.certificate, identity.key, hashes.SHA256())
    for certificate in identity.chain:
        builder = builder.add_certificate(certificate)
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)
