"""Who among the staff may see and touch which places."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from sites.models import HeritageSite, Membership, Organisation, User

Somebody = User | AnonymousUser


def sites_to_see(*, user: Somebody) -> QuerySet[HeritageSite]:
    """Return the places of every membership; an administrator sees all."""
    return _sites(user, Membership.Role.values)


def sites_to_manage(*, user: Somebody) -> QuerySet[HeritageSite]:
    """Return the places whose content and closures the user may change."""
    return _sites(user, [Membership.Role.MANAGER])


def organisations_to_see(*, user: Somebody) -> QuerySet[Organisation]:
    """Return the bodies of every membership of a whole one; an administrator sees all."""
    return _organisations(user, Membership.Role.values)


def organisations_to_manage(*, user: Somebody) -> QuerySet[Organisation]:
    """Return the bodies whose products and tariffs the user may propose to change."""
    return _organisations(user, [Membership.Role.MANAGER])


def organisations_to_account_for(*, user: Somebody) -> QuerySet[Organisation]:
    """Return the bodies whose money the user answers for: refunds, differences, corrections."""
    return _organisations(user, [Membership.Role.ACCOUNTANT])


def organisations_of_money_to_see(*, user: Somebody) -> QuerySet[Organisation]:
    """Return the bodies whose books the user may read; gates and sites have no part in that."""
    roles = [Membership.Role.ACCOUNTANT, Membership.Role.AUDITOR, Membership.Role.MANAGER]
    return _organisations(user, [role.value for role in roles])


def _organisations(user: Somebody, roles: list[str]) -> QuerySet[Organisation]:
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return Organisation.objects.none()
    if user.is_superuser:
        return Organisation.objects.all()
    mine = Membership.objects.filter(user=user, role__in=roles, organisation__isnull=False)
    return Organisation.objects.filter(pk__in=mine.values("organisation"))


def _sites(user: Somebody, roles: list[str]) -> QuerySet[HeritageSite]:
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return HeritageSite.objects.none()
    if user.is_superuser:
        return HeritageSite.objects.all()
    mine = Membership.objects.filter(user=user, role__in=roles)
    return HeritageSite.objects.filter(
        Q(pk__in=mine.values("site")) | Q(organisation__in=mine.values("organisation"))
    )
