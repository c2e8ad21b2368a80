"""Where an organisation's money arrives, and the secrets of it: written here, shown nowhere."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldBooleanSwitchWidget

from payments.domain.credentials import BOTH_COUNT_FOR, replace_secret
from payments.models import MerchantAccount, MerchantSecret, Provider, SecretKind
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_manage, organisations_to_see

KINDS = {
    Provider.STRIPE: (SecretKind.STRIPE_KEY, SecretKind.STRIPE_WEBHOOK),
    Provider.VNPAY: (SecretKind.VNPAY_HASH,),
    Provider.VIETQR: (
        SecretKind.SEPAY_WEBHOOK,
        SecretKind.CASSO_WEBHOOK,
        SecretKind.BANK_API,
    ),
}
LABELS = {
    SecretKind.STRIPE_KEY: gettext_lazy("Stripe: secret key"),
    SecretKind.STRIPE_WEBHOOK: gettext_lazy("Stripe: webhook secret"),
    SecretKind.VNPAY_HASH: gettext_lazy("VNPAY: hash secret"),
    SecretKind.SEPAY_WEBHOOK: gettext_lazy("SePay: webhook secret"),
    SecretKind.CASSO_WEBHOOK: gettext_lazy("Casso: webhook key"),
    SecretKind.BANK_API: gettext_lazy("Bank line: key"),
}
LONGEST_SECRET = 500


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """An account with a field for each of its secrets; what is entered is never shown again."""

    end_old_at_once = forms.BooleanField(
        label=gettext_lazy("The old secret leaked: end it at once"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=gettext_lazy("Otherwise the old one still counts for a day."),
    )

    class Meta:
        model = MerchantAccount
        fields = (
            "organisation",
            "provider",
            "number",
            "bank_bin",
            "holder",
            "minimum",
            "maximum",
            "enabled",
        )

    def entered(self) -> dict[SecretKind, str]:
        """The secrets that somebody typed just now."""
        typed = {kind: str(self.cleaned_data.get(kind.value) or "") for kind in SecretKind}
        return {kind: text.strip() for kind, text in typed.items() if text.strip()}


def secret_field(kind: SecretKind) -> forms.CharField:
    return forms.CharField(
        label=LABELS[kind],
        required=False,
        max_length=LONGEST_SECRET,
        # Never rendered with a value: a page that fails its checks does not show it either.
        widget=UnfoldAdminPasswordWidget(
            attrs={"autocomplete": "new-password"}, render_value=False
        ),
        help_text=gettext_lazy("Leave it empty to keep the one in use. It is not shown again."),
    )


@admin.register(MerchantAccount)
class MerchantAccountAdmin(ModelAdmin):
    """Each organisation's managers see and change their own accounts; nothing is deleted."""

    form = AccountForm
    list_display = ("organisation", "provider", "number", "enabled")
    list_filter = ("provider", "enabled")
    list_select_related = ("organisation",)
    search_fields = ("number", "organisation__slug")
    readonly_fields = ("secrets_in_use",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(organisation__in=organisations_to_see(user=request.user))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Attempts were paid there: another account is another row.
        fixed = ("organisation", "provider", "number", "bank_bin") if obj else ()
        return (*self.readonly_fields, *fixed)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kinds = KINDS[Provider(obj.provider)] if obj else ()
        fields = {kind.value: secret_field(kind) for kind in kinds}
        kwargs["form"] = type("AccountFormOf", (AccountForm,), fields)
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        account = [*AccountForm.Meta.fields]
        if obj is None:
            return ((None, {"fields": account}),)
        kinds = [kind.value for kind in KINDS[Provider(obj.provider)]]
        secrets = ["secrets_in_use", *kinds, "end_old_at_once"]
        return ((None, {"fields": account}), (_("Secrets"), {"fields": secrets}))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "organisation":
            kwargs["queryset"] = organisations_to_manage(user=request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("Secrets in use"))
    def secrets_in_use(self, account: MerchantAccount) -> str:
        """Say when each was entered; the secret itself stays sealed."""
        rows = MerchantSecret.objects.filter(account=account, usable_until__isnull=True)
        lines = [
            (LABELS[SecretKind(row.kind)], f"{timezone.localtime(row.entered_at):%d/%m/%Y %H:%M}")
            for row in rows.order_by("kind")
        ]
        return format_html_join("", "<p>{}: {}</p>", lines) if lines else _("None yet.")

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_model(request, obj, form, change)
        at_once = form.cleaned_data.get("end_old_at_once")
        for kind, text in form.entered().items():
            replace_secret(
                account=obj,
                kind=kind,
                text=text,
                by=request.user,  # type: ignore[arg-type]  # staff, whom the page let in
                at=timezone.now(),
                both_count_for=timedelta(0) if at_once else BOTH_COUNT_FOR,
            )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_manage)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return has_any(request, organisations_to_manage)
        own = organisations_to_manage(user=request.user)
        return own.filter(pk=obj.organisation_id).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
