"""What a manager fills in about capacities, in words, and what cannot be meant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ticketing.domain.capacity_uses import time_chosen, uses_of
from ticketing.models import CalendarException, CalendarRule, Capacity, CapacityUse, ValidityMode

WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]
TIMED = Capacity.Kind.TIMED


class CapacityForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = Capacity
        fields = (
            "site", "code", "name", "kind", "parent",
            "opens_before_minutes", "enters_until_minutes", "days_ahead",
        )  # fmt: skip
        labels = {
            "site": _("Site"),
            "code": _("Code"),
            "name": _("Name"),
            "kind": _("Counted by"),
            "parent": _("Lies inside"),
            "opens_before_minutes": _("Minutes the door opens before the start"),
            "enters_until_minutes": _("Minutes after the start in which people enter"),
            "days_ahead": _("Days ahead that can be booked"),
        }
        help_texts = {
            "parent": _("Its people are counted there too. Only what is counted by day contains."),
            "enters_until_minutes": _("Empty: until the slot ends."),
        }

    def clean_parent(self) -> Capacity | None:
        parent: Capacity | None = self.cleaned_data.get("parent")
        above = parent
        while above is not None:
            if above.kind == TIMED:
                raise forms.ValidationError(_("Only what is counted by day can contain others."))
            if above.pk == self.instance.pk:
                raise forms.ValidationError(_("It would lie inside itself."))
            above = above.parent
        return parent


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, label=_("Weekdays")
    )

    class Meta:
        model = CalendarRule
        fields = ("first_day", "last_day", "weekdays", "times", "minutes", "people")
        labels = {
            "first_day": _("First day"),
            "last_day": _("Last day"),
            "times": _("Times"),
            "minutes": _("Minutes each"),
            "people": _("People"),
        }
        help_texts = {
            "times": _("For example 08:00, 09:30; empty when counted by day."),
            "last_day": _("Included. Empty: without end."),
        }


class RulesFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic when it runs
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            filled: dict[str, Any] = getattr(form, "cleaned_data", {})
            if filled and not filled.get("DELETE"):
                self._check(form, timed=self.instance.kind == TIMED)

    def _check(self, form: Any, *, timed: bool) -> None:
        times, minutes = form.cleaned_data.get("times"), form.cleaned_data.get("minutes")
        if timed and not (times and minutes):
            form.add_error("times", _("Slots need their times and how long each lasts."))
        if not timed and (times or minutes):
            form.add_error("times", _("What is counted by day has no times."))


class ExceptionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = CalendarException
        fields = ("capacity", "day", "starts", "kind", "people", "minutes")
        labels = {
            "capacity": _("Capacity"),
            "day": _("Day"),
            "starts": _("Start of the slot"),
            "kind": _("What is different"),
            "people": _("People"),
            "minutes": _("Minutes"),
        }
        help_texts = {"starts": _("Empty: every slot of the day.")}

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        kind, capacity = filled.get("kind"), filled.get("capacity")
        if (kind == CalendarException.Kind.CLOSED) == (filled.get("people") is not None):
            self.add_error("people", _("Closed has no people; everything else needs a number."))
        if kind != CalendarException.Kind.EXTRA and filled.get("minutes"):
            self.add_error("minutes", _("Only an extra slot has a length of its own."))
        if capacity and capacity.kind == TIMED:
            if kind == CalendarException.Kind.EXTRA and filled.get("starts") is None:
                self.add_error("starts", _("An extra slot needs its start."))
        elif filled.get("starts") is not None:
            self.add_error("starts", _("What is counted by day has no times."))
        return filled


class UseForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = CapacityUse
        fields = ("product", "every_day")
        labels = {"product": _("Product"), "every_day": _("Counted on every day of its validity")}

    def clean_product(self) -> Any:
        product = self.cleaned_data["product"]
        if product.validity_mode != ValidityMode.FROM_DATE:
            raise forms.ValidationError(
                _(
                    "This pass begins with its purchase or its first use. Nobody knows on which "
                    "day people come with it, so it cannot be counted."
                )
            )
        return product


class UsesFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic when it runs
    def clean(self) -> None:
        super().clean()
        if self.instance.kind != TIMED:
            return
        for form in self.forms:
            filled: dict[str, Any] = getattr(form, "cleaned_data", {})
            product = filled.get("product")
            if product is None or filled.get("DELETE"):
                continue
            chosen = time_chosen(uses_of([product.pk]).get(product.pk, ()))
            if chosen is not None and chosen.capacity_id != self.instance.pk:
                form.add_error("product", _("Its buyers choose a time already, of another one."))
