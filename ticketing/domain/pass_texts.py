"""The rules of a pass in words, in the language that is active."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Product, ValidityMode

HOUR, DAY = 60, 24 * 60


def pass_sentences(product: Product) -> list[str]:
    """One for each rule that the product has; none for an ordinary ticket."""
    said = []
    if product.sites_limit is not None:
        limit = product.sites_limit
        said.append(
            ngettext("Opens any %(limit)s place.", "Opens any %(limit)s places.", limit)
            % {"limit": limit}
        )
    if product.in_order:
        said.append(_("The places are visited in the order of the list."))
    if product.use_within_minutes is not None:
        time = duration(product.use_within_minutes)
        said.append(_("Every entry is within %(time)s of the first one.") % {"time": time})
    return said + _validity(product, product.validity_days or 1)


def _validity(product: Product, days: int) -> list[str]:
    if product.validity_mode == ValidityMode.FROM_PURCHASE:
        text = ngettext(
            "Valid for %(days)s day from the purchase.",
            "Valid for %(days)s days from the purchase.",
            days,
        )
        return [text % {"days": days}]
    if product.validity_mode == ValidityMode.FROM_FIRST_USE:
        text = ngettext(
            "Valid for %(days)s day from the first entry.",
            "Valid for %(days)s days from the first entry.",
            days,
        )
        outer = _("It ends %(days)s days after the purchase at the latest.")
        return [text % {"days": days}, outer % {"days": product.outer_days}]
    return []


def duration(minutes: int) -> str:
    """In the largest unit that says it exactly."""
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def places_left_text(*, left: int, limit: int) -> str:
    return _("%(left)s of %(limit)s places left") % {"left": left, "limit": limit}


def until_text(until: datetime) -> str:
    return _("To be used until %(until)s") % {
        "until": f"{until.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    }
