"""Everybody whom a closure hits is told, once, in their language, by what became of their order."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.models import Closure
from ticketing.domain.delivery import next_try
from ticketing.domain.mail_of_tickets import order_link
from ticketing.domain.spoken import dong
from ticketing.domain.visit_days import VIETNAM
from ticketing.domain.wording import site_names, tried, worded
from ticketing.gateways.mail import NotNow, Refused, Sent, post
from ticketing.models import ClosureCaseOrder

log = structlog.get_logger("ticketing.closure_mails")

Outcome = ClosureCaseOrder.Outcome
# Longer than any mail server takes: a worker that died leaves its row to the next one after it.
LEASE = timedelta(minutes=10)


def tell_buyers(*, at: datetime, limit: int = 200) -> int:
    """Send the mails that are due; how many went out. Each row is claimed before it is sent."""
    sent = 0
    for _turn in range(limit):
        row = _claim_one(at)
        if row is None:
            break
        outcome = _tell(row, at=at)
        sent += isinstance(outcome, Sent)
        if isinstance(outcome, NotNow) and outcome.server_away:
            break
    return sent


@transaction.atomic
def _claim_one(at: datetime) -> ClosureCaseOrder | None:
    row = (
        ClosureCaseOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("order", "case__closure")
        .filter(tell_after__lte=at)
        .order_by("tell_after", "pk")
        .first()
    )
    if row is not None:
        row.tell_attempts += 1
        row.tell_after = at + LEASE
        row.save(update_fields=["tell_attempts", "tell_after"])
    return row


def _tell(row: ClosureCaseOrder, *, at: datetime) -> Sent | Refused | NotNow:
    outcome = post(compose(row))
    mine = ClosureCaseOrder.objects.filter(pk=row.pk, tell_after=row.tell_after)
    match outcome:
        case Sent():
            mine.update(told_at=at, tell_after=None)
        case Refused(reason):
            log.warning("closure-mail-refused", order=row.order_id, reason=reason)
            mine.update(tell_after=None, untold=ClosureCaseOrder.Untold.MAIL_FAILED)
        case NotNow(reason):
            again = next_try(attempts=row.tell_attempts, at=at)
            log.warning("closure-mail-put-off", order=row.order_id, reason=reason)
            failed = "" if again else ClosureCaseOrder.Untold.MAIL_FAILED
            mine.update(tell_after=again, untold=failed)
    return outcome


def compose(row: ClosureCaseOrder) -> EmailMessage:
    """The mail about one order, in the language in which it was bought."""
    order, closure = row.order, row.case.closure
    site = site_names([closure.site_id], order.language).get(closure.site_id, "")
    # The same for every try: a mail server that gets it twice shows it once.
    name = f"closure-{row.case_id}.{order.code}@{urlsplit(settings.PUBLIC_URL).hostname}"
    with translation.override(order.language):
        parts = [
            _closed_text(closure, site=site, language=order.language),
            _outcome_text(row),
            _("Your order %(code)s:") % {"code": order.code} + "\n" + order_link(order),
        ]
        return EmailMessage(
            subject=_("%(site)s is closed: about your order %(code)s")
            % {"site": site, "code": order.code},
            body="\n\n".join(part for part in parts if part),
            to=[order.email],
            headers={"Message-ID": f"<{name}>", "Auto-Submitted": "auto-generated"},
        )


def _closed_text(closure: Closure, *, site: str, language: str) -> str:
    words = {"site": site, "since": _moment(closure.starts_at)}
    if closure.ends_at is None:
        said = _("%(site)s is closed from %(since)s.") % words
    else:
        words["until"] = _moment(closure.ends_at)
        said = _("%(site)s is closed from %(since)s to %(until)s.") % words
    texts = closure.texts.filter(language__in=tried(language)).values_list("language", "text")
    why = worded(dict(texts), language)
    return f"{said}\n{why}" if why else said


def _outcome_text(row: ClosureCaseOrder) -> str:
    people = ngettext("%(count)s person", "%(count)s people", row.people) % {"count": row.people}
    match row.outcome:
        case Outcome.REFUNDED if row.amount_back:
            return _(
                "We have cancelled the visit of %(people)s. %(amount)s ₫ comes back the way it "
                "was paid; you need not do anything."
            ) % {"people": people, "amount": dong(row.amount_back)}
        case Outcome.REFUNDED:
            return _("We have cancelled the visit of %(people)s.") % {"people": people}
        case Outcome.MOVED:
            day = row.case.move_to
            return _(
                "We have moved the visit of %(people)s to %(day)s. Please open the order: it "
                "has new QR codes."
            ) % {"people": people, "day": f"{day:%d/%m/%Y}" if day else ""}
        case _:
            return _(
                "Please open the order and choose: the full price of what cannot be visited "
                "comes back, or you come on another day."
            )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
