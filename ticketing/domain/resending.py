"""The mail once more, for whoever knows the code and the contact of an order.

It goes to the address that was given with the order and nowhere else, and nobody is told whether
code and contact were right.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ticketing.models import Order, OrderStatus

# Who asks twice within this time gets one mail.
REST = timedelta(minutes=10)


def mail_again(*, code: str, contact: str, at: datetime) -> bool:
    """Let the mail of a paid order wait once more; whether it does is not for the caller's ears.

    One statement, whether there is such an order or not.
    """
    wanted = Order.objects.filter(
        _reached_by(contact.strip()),
        Q(mail_asked_at__isnull=True) | Q(mail_asked_at__lte=at - REST),
        code=code.upper(),
        status=OrderStatus.PAID,
    ).exclude(email="")
    return bool(let_wait(wanted, at=at))


def _reached_by(contact: str) -> Q:
    return (Q(email__iexact=contact) | Q(phone=contact)) if contact else Q(pk=None)


def let_wait(orders: QuerySet[Order], *, at: datetime) -> int:
    """Have the mail of these orders sent with the next turn, whatever came of the last one."""
    return orders.update(
        deliver_after=at,
        delivery_attempts=0,
        mail_asked_at=at,
        mail_failed_at=None,
        mail_failure="",
    )
