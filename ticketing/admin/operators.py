"""Who may buy at the operators' desk, and the rules of groups: an organisation's own affair."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from sites.domain.permissions import organisations_to_manage
from sites.models import User
from ticketing.admin.own_products import OwnProductsAdmin
from ticketing.domain.operators import make_key
from ticketing.models import CompanionRule, GuideRule, Operator, OperatorKey, OperatorUser


class OwnOperatorsAdmin(OwnProductsAdmin):
    """Operators are chosen among those of one's own organisations; nothing is deleted."""

    to_organisation = "operator__organisation"

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        own = organisations_to_manage(user=request.user)
        if db_field.name == "organisation":
            kwargs["queryset"] = own
        if db_field.name == "operator":
            kwargs["queryset"] = Operator.objects.filter(organisation__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Operator)
class OperatorAdmin(OwnOperatorsAdmin):
    to_organisation = "organisation"
    list_display = ("name", "kind", "organisation", "unpaid_limit", "days_to_pay", "active")
    list_filter = ("kind", "active")
    search_fields = ("name", "tax_code", "licence", "email")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A name and a password for the desk; an empty password leaves the old one."""

    username = forms.CharField(
        label=gettext_lazy("Name to sign in with"),
        max_length=150,
        validators=[User.username_validator],
        widget=UnfoldAdminTextInputWidget,
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    active = forms.BooleanField(label=gettext_lazy("May sign in"), required=False, initial=True)

    class Meta:
        model = OperatorUser
        fields = ("operator",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["username"].initial = self.instance.user.username
            self.fields["active"].initial = self.instance.user.is_active

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if User.objects.filter(username=name).exclude(pk=self.instance.user_id).exists():
            raise ValidationError(_("This name is taken."))
        return name

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        elif not self.instance.pk:
            raise ValidationError(_("A new person needs a password."))
        return password


@admin.register(OperatorUser)
class OperatorUserAdmin(OwnOperatorsAdmin):
    form = PersonForm
    list_display = ("user", "operator")
    search_fields = ("user__username", "operator__name")

    def save_model(self, request: HttpRequest, obj: OperatorUser, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        user = obj.user if change else User()
        user.username = form.cleaned_data["username"]
        user.is_active = form.cleaned_data["active"]
        if form.cleaned_data["password"]:
            user.set_password(form.cleaned_data["password"])
        user.save()
        obj.user = user
        super().save_model(request, obj, form, change)


@admin.register(OperatorKey)
class OperatorKeyAdmin(OwnOperatorsAdmin):
    """A key is told once, when it is made; later it can only be ended."""

    fields = ("operator", "name")
    list_display = ("name", "operator", "made_at", "ended_at")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: OperatorKey, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        key = make_key(operator=obj.operator, name=obj.name, at=timezone.now())
        kept = OperatorKey.objects.filter(operator=obj.operator).latest("pk")
        obj.pk = kept.pk
        told = _("The key is shown this once. Copy it now: %(key)s") % {"key": key}
        messages.warning(request, told)

    @admin.action(description=gettext_lazy("End these keys"))
    def end(self, request: HttpRequest, chosen: Any) -> None:
        own = organisations_to_manage(user=request.user)
        chosen.filter(operator__organisation__in=own, ended_at=None).update(ended_at=timezone.now())


@admin.register(CompanionRule)
class CompanionRuleAdmin(OwnProductsAdmin):
    list_display = ("product", "category", "people_per_companion", "effective_from", "effective_to")
    filter_horizontal = ("companions",)


@admin.register(GuideRule)
class GuideRuleAdmin(OwnProductsAdmin):
    list_display = ("product", "category", "people_per_guide", "effective_from", "effective_to")
