"""Whoever works in Vietnamese reads Vietnamese: no field or row is called as the code calls it."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.utils import translation

from sites.models import User

# Facts of the catalogue that administrators load, and rows that only administrators see.
OF_ADMINISTRATORS = frozenset({"User", "TOTPDevice", "WebhookEvent"})


def words_of_forms() -> list[tuple[str, str, str]]:
    """Kind of row, field, and what a manager with every right reads beside it."""
    request = RequestFactory().get("/")
    request.user = User.objects.create(username="root", is_staff=True, is_superuser=True)
    found = []
    for model, page in admin.site._registry.items():  # noqa: SLF001 # the framework's list
        open_to_people = page.has_add_permission(request) or page.has_change_permission(request)
        if model.__name__ in OF_ADMINISTRATORS or not open_to_people:
            continue
        forms = [page.get_form(request)] if page.get_fieldsets(request) else []
        forms += [formset.form for formset, _inline in page.get_formsets_with_inlines(request)]
        for form in forms:
            for name, field in form.base_fields.items():
                found.append((model.__name__, name, str(field.label)))
    return found


@pytest.mark.django_db
def test_every_field_that_somebody_fills_in_has_a_vietnamese_name() -> None:
    with translation.override("vi"):
        shown = words_of_forms()

    english = {
        (model, name)
        for model, name, label in shown
        if label.casefold() == name.replace("_", " ").casefold()
    }
    assert len(shown) > 100
    assert english == set()
