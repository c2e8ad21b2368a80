"""What no provider gives back goes by bank: the buyer says where to, a person sends it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import orjson
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction

from payments.domain.refunding import change
from payments.models import Refund, RefundStatus
from sites.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where a buyer wants their money; sealed at rest, erased when it was sent."""

    bank_bin: str
    number: str
    holder: str


class Transfer(StrEnum):
    DONE = "done"
    NOT_WAITING = "not_waiting"


def _seals() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


@transaction.atomic
def name_account(*, refund: Refund, account: BankAccount) -> bool:
    """Keep where the buyer wants it, until it is sent; the last word counts. False: too late."""
    locked = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if locked.status != RefundStatus.NEEDS_TRANSFER:
        return False
    sealed = _seals().encrypt(orjson.dumps(asdict(account)))
    Refund.objects.filter(pk=locked.pk).update(sealed_account=sealed)
    return True


def account_of(refund: Refund) -> BankAccount | None:
    """Unseal where the buyer wants it; None before they said so and after it was sent."""
    if not refund.sealed_account:
        return None
    return BankAccount(**orjson.loads(_seals().decrypt(bytes(refund.sealed_account))))


def note_transfer(*, refund: Refund, reference: str, by: User, at: datetime) -> Transfer:
    """A person has sent it by bank, under this reference; the account is forgotten."""
    done = change(
        refund,
        to=RefundStatus.SUCCEEDED,
        at=at,
        only_from=RefundStatus.NEEDS_TRANSFER,
        facts={
            "transfer_reference": reference,
            "transferred_by": by,
            "sealed_account": None,
            "last_error": "",
        },
    )
    return Transfer.DONE if done else Transfer.NOT_WAITING
