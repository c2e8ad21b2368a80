"""Who buys for which operator: people who signed in, and programs with a key."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum

from sites.models import User
from ticketing.models import Operator, OperatorKey, OperatorOrder, OperatorUser, OrderStatus

KEY_BYTES = 32
KEY_PREFIX = "op_"
# What many read at once belongs to no field of a person's record.
Somebody = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator, and the person who acts for it; no person when a program does."""

    operator: Operator
    user: User | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """How much of an operator's orders may wait for a transfer, and how much does."""

    limit: int
    waiting: int

    @property
    def left(self) -> int:
        return max(self.limit - self.waiting, 0)


def desk_of(*, user: Somebody) -> Desk | None:
    """The operator that a person signed in for; None when they act for none."""
    if not isinstance(user, User) or not user.is_active:
        return None
    found = OperatorUser.objects.select_related("operator").filter(user=user).first()
    if found is None or not found.operator.active:
        return None
    return Desk(found.operator, user)


def desk_with_key(*, key: str) -> Desk | None:
    """The operator whose program sent this key."""
    found = (
        OperatorKey.objects.select_related("operator")
        .filter(key_hash=_hash(key), ended_at__isnull=True, operator__active=True)
        .first()
    )
    return Desk(found.operator) if found else None


def make_key(*, operator: Operator, name: str, at: datetime) -> str:
    """A new key; it is told here and never again."""
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    OperatorKey.objects.create(operator=operator, name=name, key_hash=_hash(key), made_at=at)
    return key


def _hash(key: str) -> bytes:
    # The key is as random as a hash is long: a slow hash would add nothing.
    return hashlib.sha256(key.encode()).digest()


def credit_of(*, operator: Operator, at: datetime) -> Credit:
    """An order that is due is no longer waited for, whether or not beat came round."""
    waiting = OperatorOrder.objects.filter(
        operator=operator, order__status=OrderStatus.HELD, order__expires_at__gt=at
    ).aggregate(total=Sum("order__total"))
    return Credit(limit=operator.unpaid_limit, waiting=waiting["total"] or 0)
