"""Whoever works in Vietnamese reads Vietnamese: no field or row is called as the code calls it."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import RequestFactory
from django.utils import translation

from sites.admin.words import APPS
from sites.models import User

# Facts of the catalogue that administrators load, and rows that only administrators see.
OF_ADMINISTRATORS = frozenset({"User", "TOTPDevice", "WebhookEvent"})


def words_of_forms() -> list[tuple[str, str, str]]:
    """Kind of row, field, and what a manager with every right reads beside it."""
    request = RequestFactory().get("/")
    request.language = "vi"  # type: ignore[attr-defined]  # as the middleware would
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


# Names of companies, programs and languages; they are the same everywhere.
NAMES = {"Stripe", "VNPAY", "VietQR", "SePay", "Casso"} | {
    name for _code, name in settings.LANGUAGES
}


def words_of_rows() -> dict[tuple[str, str, str], str]:
    """Every name, help and choice of every field that the console shows, and of the rows."""
    shown: dict[tuple[str, str, str], str] = {}
    for page_model, page in admin.site._registry.items():  # noqa: SLF001 # the framework's list
        for model in (page_model, *(inline.model for inline in page.inlines)):
            meta = model._meta  # noqa: SLF001 # Django's name
            if model.__name__ in OF_ADMINISTRATORS or meta.app_label not in APPS:
                continue
            shown[meta.label, "", "row"] = str(meta.verbose_name)
            for field in meta.fields:
                if not field.primary_key:
                    shown[meta.label, field.name, "name"] = str(field.verbose_name)
                    shown[meta.label, field.name, "help"] = str(field.help_text)
                for value, label in field.flatchoices:
                    shown[meta.label, field.name, f"choice {value}"] = str(label)
    return shown


def test_every_choice_name_and_help_of_the_console_is_vietnamese() -> None:
    with translation.override(None):
        english = words_of_rows()
    with translation.override("vi"):
        vietnamese = words_of_rows()

    same = {
        place: word
        for place, word in vietnamese.items()
        if word and word == english[place] and word not in NAMES
    }
    assert len(vietnamese) > 900
    assert same == {}
