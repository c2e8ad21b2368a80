"""What every page of money keeps to: only an organisation's own people see and touch its money."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin

from sites.admin.rights import has_any
from sites.domain.permissions import organisations_of_money_to_see, organisations_to_account_for


class OwnMoneyAdmin(ModelAdmin):
    """Rows hang on an organisation by `to_organisation`; those of others are not there (404).

    Nothing is added or deleted here, and a page allows changes only where it says so.
    """

    to_organisation = "organisation"
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        own = organisations_of_money_to_see(user=request.user)
        return rows.filter(**{f"{self.to_organisation}__in": own})

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def accounts_for(self, request: HttpRequest, row: Any = None) -> bool:
        """Say whether the user answers for the money of this row, or of any when none is named."""
        own = organisations_to_account_for(user=request.user)
        if row is None:
            return bool(request.user.is_superuser) or has_any(request, organisations_to_account_for)
        rows = type(row)._default_manager.filter(pk=row.pk)  # noqa: SLF001 # Django's name
        return bool(request.user.is_superuser) or bool(
            rows.filter(**{f"{self.to_organisation}__in": own}).exists()
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_of_money_to_see) or bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_account_permission(self, request: HttpRequest) -> bool:
        """Who may use the actions that need `account`."""
        return self.accounts_for(request)
