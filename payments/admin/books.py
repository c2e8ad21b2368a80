"""The books in the console: every posting, every account, and what each account holds."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from payments.admin.exports import Column, as_csv, as_xlsx
from payments.admin.own_money import OwnMoneyAdmin
from payments.models import Account, Entry, MoneyRules, Posting
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_manage
from ticketing.domain.spoken import dong

BAR_WIDTH = 160
POSTING_COLUMNS: tuple[Column, ...] = (
    ("posted_at", lambda entry: entry.posting.posted_at),
    ("organisation", lambda entry: entry.posting.organisation),
    ("kind", lambda entry: entry.posting.kind),
    ("source", lambda entry: entry.posting.source_key),
    ("order", lambda entry: entry.posting.order or ""),
    ("account", lambda entry: entry.account.kind),
    ("provider", lambda entry: entry.account.provider),
    ("site", lambda entry: entry.site or ""),
    ("amount", lambda entry: entry.amount),
    ("note", lambda entry: entry.posting.note),
)


class Entries(TabularInline):
    model = Entry
    fields = ("account", "amount", "line", "site")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def entries_of(postings: QuerySet[Posting]) -> QuerySet[Entry]:
    related = ("posting__organisation", "posting__order", "account", "site")
    return Entry.objects.filter(posting__in=postings).select_related(*related).order_by("pk")


@admin.register(Posting)
class PostingAdmin(OwnMoneyAdmin):
    """Read only: what is in the books stays there."""

    inlines = (Entries,)
    list_display = ("posted_at", "organisation", "kind", "source_key", "order", "debit")
    list_filter = ("kind", "organisation")
    list_select_related = ("organisation", "order")
    search_fields = ("source_key", "order__code")
    date_hierarchy = "posted_at"
    ordering = ("-pk",)
    actions = ("export_csv", "export_xlsx")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("entries")

    @admin.display(description=_("Amount"))
    def debit(self, posting: Posting) -> str:
        return dong(sum(entry.amount for entry in posting.entries.all() if entry.amount > 0))

    @admin.action(description=_("Export as CSV"))
    def export_csv(self, request: HttpRequest, postings: QuerySet[Posting]) -> HttpResponse:
        return as_csv("postings", POSTING_COLUMNS, entries_of(postings))

    @admin.action(description=_("Export as XLSX"))
    def export_xlsx(self, request: HttpRequest, postings: QuerySet[Posting]) -> HttpResponse:
        return as_xlsx("postings", POSTING_COLUMNS, entries_of(postings))


@admin.register(Account)
class AccountAdmin(OwnMoneyAdmin):
    """What each account holds: always the sum of its entries, never a number of its own."""

    list_display = ("organisation", "kind", "provider", "counterparty", "balance", "picture")
    list_filter = ("kind", "organisation", "provider")
    list_select_related = ("organisation", "counterparty")
    ordering = ("organisation", "kind", "provider")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        summed: QuerySet[Any] = rows.annotate(sum=Sum("entries__amount"))
        return summed

    @admin.display(description=_("Balance"))
    def balance(self, account: Any) -> str:
        amount = account.sum or 0
        side = _("debit") if amount >= 0 else _("credit")
        return f"{dong(abs(amount))} ₫ {side}"

    @admin.display(description=_("Size"))
    def picture(self, account: Any) -> SafeString:
        """A bar beside the number; its length grows with the digits, so that small ones show."""
        amount = abs(account.sum or 0)
        width = min(BAR_WIDTH, len(str(amount)) * BAR_WIDTH // 13) if amount else 0
        return format_html(
            '<svg width="{}" height="10" role="img" aria-label="{}">'
            '<rect width="{}" height="10" rx="2" fill="currentColor"/></svg>',
            BAR_WIDTH,
            dong(amount),
            width,
        )


@admin.register(MoneyRules)
class MoneyRulesAdmin(OwnMoneyAdmin):
    """Limits of an organisation; its managers change them, its accountants only read them."""

    list_display = (
        "organisation",
        "two_people_above",
        "keep_surplus_below",
        "gates_know_after_minutes",
        "dispute_ends_tickets",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return has_any(request, organisations_to_manage)
        own = organisations_to_manage(user=request.user)
        return own.filter(pk=obj.organisation_id).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("organisation",) if obj else ()
