"""A demonstration signs passes with a certificate of its own, which production refuses."""

from pathlib import Path

from pytest_django import Settings

from backend.demo_wallet import NAME, make_test_certificate
from tests.factories import OPENING
from ticketing.gateways.pass_certificates import apple_identity


def test_the_certificate_is_made_once_says_test_and_is_refused_in_production(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "pass.pem"
    settings.APPLE_PASS_CERTIFICATE = str(path)
    settings.APPLE_PASS_TYPE, settings.APPLE_TEAM = "pass.test.ngomon", "TEST"
    # A path that leads nowhere offers no wallet, and breaks no page.
    assert apple_identity() is None

    make_test_certificate(at=OPENING)
    first = path.read_bytes()
    make_test_certificate(at=OPENING)

    identity = apple_identity()
    assert identity is not None
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (first, 0o600)
    assert NAME in identity.certificate.subject.rfc4514_string()
    settings.MODE = "production"
    assert apple_identity() is None
