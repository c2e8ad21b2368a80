from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from sites.admin.own_sites import AdministratorsOnly, OwnSitesAdmin, OwnTexts
from sites.domain.permissions import sites_to_see
from sites.models import Membership, Organisation, OrganisationText, User

# Rights come from memberships; groups would be a second way to say the same.
admin.site.unregister(Group)


class OrganisationTexts(OwnTexts):
    model = OrganisationText

    def manages(self, request: HttpRequest, row: Any) -> bool:
        return bool(request.user.is_superuser)


class SeenByOwnStaff(OwnSitesAdmin):
    """The staff of the places see these rows; administrators change them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Organisation)
class OrganisationAdmin(SeenByOwnStaff):
    inlines = (OrganisationTexts,)
    list_display = ("slug", "phone", "website")
    search_fields = ("slug", "texts__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        if request.user.is_superuser:
            return Organisation.objects.all()
        own = sites_to_see(user=request.user)
        return Organisation.objects.filter(pk__in=own.values("organisation"))


@admin.register(Membership)
class MembershipAdmin(SeenByOwnStaff):
    list_display = ("user", "role", "organisation", "site")
    list_filter = ("role",)
    search_fields = ("user__username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        if request.user.is_superuser:
            return Membership.objects.all()
        own = sites_to_see(user=request.user)
        mine = Membership.objects.filter(user=request.user.pk)
        return Membership.objects.filter(
            Q(site__in=own) | Q(organisation__in=mine.values("organisation"))
        )


@admin.register(User)
class UserAdmin(DjangoUserAdmin, AdministratorsOnly):  # type: ignore[type-arg]  # not generic when it runs
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "is_superuser", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
