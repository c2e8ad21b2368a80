"""Which keys gates believe: a list that the root signs, with a number that only grows."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from ticketing.domain.gate_keys import DOMAINS, Purpose, gate_key, private_key_of
from ticketing.domain.signing_keys import ensure_keys
from ticketing.domain.ticket_token import LONGEST_VALIDITY
from ticketing.models import GateKey, SigningKey, TrustList

LIVES = timedelta(days=35)
FORMAT = 1


def trust_list_in_force(*, at: datetime) -> TrustList | None:
    """The newest list. A root that lies here signs a new one when keys changed or time runs out.

    None when the root lies elsewhere and has signed nothing yet.
    """
    newest = TrustList.objects.order_by("-number").first()
    root = gate_key(Purpose.ROOT, at=at)
    private_key = private_key_of(root)
    if private_key is None or (newest and not _is_stale(newest, root, at=at)):
        return newest
    text = text_to_sign(at=at)
    return keep(text=text, signature=private_key.sign(DOMAINS[Purpose.ROOT] + text.encode()), at=at)


def _is_stale(newest: TrustList, root: GateKey, *, at: datetime) -> bool:
    return (
        newest.root_id != root.pk
        or at >= newest.expires_at - LIVES / 2
        or _keys(json.loads(newest.text)) != _keys(_content(number=0, at=at))
    )


def _keys(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: keys for name, keys in content.items() if name.endswith("_keys")}


def text_to_sign(*, at: datetime) -> str:
    """The next list, for the root to sign; carried to it by hand when it lies elsewhere."""
    newest = TrustList.objects.order_by("-number").first()
    return json.dumps(_content(number=newest.number + 1 if newest else 1, at=at))


def _content(*, number: int, at: datetime) -> dict[str, Any]:
    # The key of the next month is told before anything is signed with it.
    ensure_keys(at=at)
    ticket_keys = SigningKey.objects.filter(issues_until__gt=at - LONGEST_VALIDITY)
    return {
        "format": FORMAT,
        "number": number,
        "made_at": int(at.timestamp()),
        "expires_at": int((at + LIVES).timestamp()),
        "ticket_keys": [_ticket_key(key) for key in ticket_keys.order_by("kid")],
        "list_keys": [_public(gate_key(Purpose.LIST, at=at))],
        "device_keys": [_public(gate_key(Purpose.DEVICE, at=at))],
    }


def _ticket_key(key: SigningKey) -> dict[str, Any]:
    leaked = key.cut_off_at is not None
    return {
        "kid": key.kid,
        "public_key": bytes(key.public_key).hex(),
        "issues_from": int(key.issues_from.timestamp()),
        "issues_until": int(key.issues_until.timestamp()),
        "cut_off_at": int(key.cut_off_at.timestamp()) if key.cut_off_at else None,
        # Who has the seed can write any time of issue: ids that were sold are believed alone.
        "known_ids_only": leaked,
    }


def _public(key: GateKey) -> dict[str, str]:
    return {"public_key": bytes(key.public_key).hex()}


class WrongSignatureError(ValueError):
    """The root did not sign this text, or an older list is offered again."""


@transaction.atomic
def keep(*, text: str, signature: bytes, at: datetime) -> TrustList:
    """Take a signed list into force, once its signature and its number are proven."""
    root = gate_key(Purpose.ROOT, at=at)
    try:
        Ed25519PublicKey.from_public_bytes(bytes(root.public_key)).verify(
            signature, DOMAINS[Purpose.ROOT] + text.encode()
        )
    except InvalidSignature as error:
        raise WrongSignatureError from error
    content = json.loads(text)
    if TrustList.objects.filter(number__gt=content["number"]).exists():
        raise WrongSignatureError
    kept, _made = TrustList.objects.get_or_create(
        number=content["number"],
        defaults={
            "text": text,
            "signature": signature,
            "root": root,
            "made_at": at,
            "expires_at": datetime.fromtimestamp(content["expires_at"], at.tzinfo),
        },
    )
    return kept
