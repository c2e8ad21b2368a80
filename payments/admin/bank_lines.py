"""Lines of the bank account that nobody could place by rule: a person does."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from payments.domain.bank_exceptions import NoSuchOrder, NotOpen, Proposed, Wanted, resolve
from payments.models import NEEDS_PERSON, BankCredit
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_of_money_to_see, organisations_to_account_for
from ticketing.models import Order, OrderStatus

MIGHT_BE_WITHIN = timedelta(days=2)
MOST_PROPOSED = 5
CHOICES = (
    ("", "---------"),
    (BankCredit.Resolution.ASSIGNED, gettext_lazy("It pays this order")),
    (BankCredit.Resolution.SENT_BACK, gettext_lazy("It was sent back by transfer")),
    (BankCredit.Resolution.IGNORED, gettext_lazy("It is none of our orders")),
)


class NeedsPerson(admin.SimpleListFilter):
    title = gettext_lazy("Where it stands")
    parameter_name = "stands"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("A person must look")), ("all", gettext_lazy("All lines"))]

    def choices(self, changelist: Any) -> Any:
        """The list opens with what is to be done; everything else is asked for."""
        for value, title in self.lookup_choices:
            yield {
                "selected": (self.value() or "open") == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(finding__in=NEEDS_PERSON, resolved_at__isnull=True)


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """What the person decides, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=CHOICES, widget=UnfoldAdminSelectWidget
    )
    order_code = forms.CharField(
        label=gettext_lazy("Number of the order"),
        max_length=8,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, and the bank's reference of a transfer back"),
        max_length=250,
        widget=UnfoldAdminTextInputWidget,
    )
    # Set by the page: who decides.
    request: HttpRequest

    class Meta:
        model = BankCredit
        fields = ()

    def clean(self) -> dict[str, Any]:
        """Decide here: whether it can be done is known only by doing it."""
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        wanted = Wanted(
            resolution=BankCredit.Resolution(found["decision"]),
            note=found["reason"],
            order_code=found.get("order_code") or "",
        )
        done = resolve(
            credit_id=self.instance.pk,
            wanted=wanted,
            by=self.request.user,  # type: ignore[arg-type]  # staff, whom the page let in
            at=timezone.now(),
        )
        if isinstance(done, NotOpen):
            raise ValidationError(_("This line is settled already."))
        if isinstance(done, NoSuchOrder):
            raise ValidationError(_("This organisation has no order with this number."))
        found["done"] = done
        return found


@admin.register(BankCredit)
class BankCreditAdmin(ModelAdmin):
    """What the bank told is never edited; a decision is added to it, once."""

    form = DecisionForm
    list_display = ("booked_at", "amount_shown", "memo", "finding_shown", "account")
    list_filter = (NeedsPerson, "finding")
    list_select_related = ("account",)
    ordering = (F("booked_at").desc(),)
    search_fields = ("memo", "bank_reference")
    list_per_page = 50
    facts = (
        "account",
        "booked_at",
        "amount_shown",
        "memo",
        "payer_name",
        "bank_reference",
        "finding_shown",
        "might_be",
        "resolution",
        "resolution_note",
        "proposed_by",
        "resolved_by",
        "resolved_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        own = organisations_of_money_to_see(user=request.user)
        return rows.filter(account__organisation__in=own)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.facts

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        return type("DecisionFormOf", (form,), {"request": request})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        what = (_("What the bank says"), {"fields": self.facts})
        if not self.has_change_permission(request, obj):
            return (what,)
        return (what, (_("Decision"), {"fields": ("decision", "order_code", "reason")}))

    @admin.display(description=gettext_lazy("Amount in đồng"), ordering="amount")
    def amount_shown(self, credit: BankCredit) -> str:
        return f"{credit.amount:,}".replace(",", ".")

    @admin.display(description=gettext_lazy("What it is"), ordering="finding")
    def finding_shown(self, credit: BankCredit) -> str:
        return credit.get_finding_display()

    @admin.display(description=gettext_lazy("Orders that it might pay"))
    def might_be(self, credit: BankCredit) -> str:
        """Name unpaid orders of the same sum and time; the person knows more than the sum."""
        orders = Order.objects.filter(
            total=credit.amount,
            status__in=[OrderStatus.HELD, OrderStatus.LAPSED],
            lines__product__organisation=credit.account.organisation_id,
            created_at__range=(credit.booked_at - MIGHT_BE_WITHIN, credit.booked_at),
        )
        codes = orders.order_by("-created_at").values_list("code", flat=True).distinct()
        return ", ".join(codes[:MOST_PROPOSED]) or "–"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        """Nothing is left to write; say who has to look next."""
        if isinstance(form.cleaned_data["done"], Proposed):
            text = _("This is a large sum. Somebody else has to decide the same.")
            messages.warning(request, text)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        text = f"{obj.get_resolution_display()} ({obj.resolution_note})"
        return super().log_change(request, obj, text)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_of_money_to_see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        own = organisations_to_account_for(user=request.user)
        if obj is None:
            return has_any(request, organisations_to_account_for)
        waits = obj.finding in NEEDS_PERSON and obj.resolved_at is None
        return waits and own.filter(pk=obj.account.organisation_id).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
