"""The trust list: signed by a root here, or carried to one that lies elsewhere."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ticketing.domain.signing_keys import cut_off, key_for
from ticketing.domain.trust_lists import LIVES, trust_list_in_force
from ticketing.models import GateKey, TrustList

pytestmark = pytest.mark.django_db


def test_a_root_that_lies_here_signs_anew_only_when_something_changed() -> None:
    now = timezone.now()
    first = trust_list_in_force(at=now)
    same = trust_list_in_force(at=now + timedelta(hours=1))
    assert first is not None
    assert first == same

    leaked = key_for(at=now)
    cut_off(kid=leaked.kid, at=now)
    second = trust_list_in_force(at=now + timedelta(hours=2))

    assert second is not None
    assert second.number == first.number + 1
    keys = {key["kid"]: key for key in json.loads(second.text)["ticket_keys"]}
    assert keys[leaked.kid]["known_ids_only"] is True
    assert keys[leaked.kid]["cut_off_at"] == int(now.timestamp())


def test_a_list_is_signed_anew_long_before_it_ends() -> None:
    now = timezone.now()
    first = trust_list_in_force(at=now)
    second = trust_list_in_force(at=now + LIVES / 2)

    assert first is not None
    assert second is not None
    assert second.number > first.number
    assert second.expires_at > first.expires_at


def test_a_root_elsewhere_signs_by_hand_and_nobody_else_can(
    settings: LazySettings, tmp_path: Path
) -> None:
    root = Ed25519PrivateKey.generate()
    settings.GATE_ROOT_KEY = root.public_key().public_bytes_raw().hex()
    seed, strange, file = (tmp_path / name for name in ("seed", "strange", "list"))
    seed.write_text(root.private_bytes_raw().hex())
    strange.write_text("00" * 32)
    assert trust_list_in_force(at=timezone.now()) is None

    call_command("trust_list", "export", str(file))
    call_command("trust_list", "sign", str(file), str(strange))
    with pytest.raises(CommandError, match="did not sign"):
        call_command("trust_list", "import", str(file))
    call_command("trust_list", "sign", str(file), str(seed))
    call_command("trust_list", "import", str(file))

    in_force = trust_list_in_force(at=timezone.now())
    assert in_force == TrustList.objects.get()
    root_row = GateKey.objects.get(purpose="root", retired_at=None)
    assert root_row.sealed_seed is None


def test_an_older_list_is_not_taken_again(settings: LazySettings, tmp_path: Path) -> None:
    root = Ed25519PrivateKey.generate()
    settings.GATE_ROOT_KEY = root.public_key().public_bytes_raw().hex()
    seed, old, new = (tmp_path / name for name in ("seed", "old", "new"))
    seed.write_text(root.private_bytes_raw().hex())
    call_command("trust_list", "export", str(old))
    call_command("trust_list", "sign", str(old), str(seed))
    call_command("trust_list", "import", str(old))
    call_command("trust_list", "export", str(new))
    call_command("trust_list", "sign", str(new), str(seed))
    call_command("trust_list", "import", str(new))

    with pytest.raises(CommandError, match="newer list"):
        call_command("trust_list", "import", str(old))
