from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sites.admin.own_sites import OwnSitesAdmin
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage
from sites.models import Closure
from sites.schemas.caller import language_of
from ticketing.domain.closure_cases import drop, progress_of, reach_of, resume, start, stop
from ticketing.domain.spoken import dong
from ticketing.domain.visit_days import VIETNAM
from ticketing.domain.wording import site_names
from ticketing.models import ClosureCase, ClosureCaseOrder

REFRESH_SECONDS = 3
ACTS = ("start", "stop", "resume", "drop")
OUTCOMES = {
    "waiting": _("Waiting"),
    "refunded": _("Money goes back"),
    "moved": _("Moved"),
    "free_to_choose": _("The buyer chooses"),
    "nothing_left": _("Nobody was left"),
    "failed": _("Failed"),
}
UNTOLD = {
    "no_address": _("Not told by mail: only a telephone number"),
    "mail_failed": _("Not told: the mail came back"),
}
KINDS = [
    (ClosureCase.Kind.REFUND, _("Give all the money back")),
    (ClosureCase.Kind.MOVE, _("Move everybody to another day")),
    (ClosureCase.Kind.CHOOSE, _("Let buyers choose")),
]
STATUSES = {
    "planned": _("Planned, nothing has happened yet"),
    "running": _("Running"),
    "stopped": _("Stopped"),
    "done": _("Done"),
    "dropped": _("Put away"),
}


# Words of the page: the template holds none of its own.
WORDS = {
    "closed": _("Closed"),
    "touches": _("What it touches if it starts now"),
    "orders": _("Orders"),
    "unpaid": _("Of these not paid yet"),
    "tickets": _("Tickets"),
    "coming": _("People who have not come"),
    "price": _("Price of tickets for this place alone, in đồng"),
    "others": _("Tickets that open other places too: their buyers choose"),
    "silent": _("Buyers without an e-mail address"),
    "handled": _("Orders handled"),
    "people": _("People"),
    "back": _("Goes back, in đồng"),
    "told": _("Buyers told by mail"),
    "to_tell": _("Mails that wait"),
}


class ClosureCaseForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    kind = forms.ChoiceField(choices=KINDS, label=_("What is done"))

    class Meta:
        labels = {"closure": _("Closure"), "move_to": _("To this day")}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") == ClosureCase.Kind.MOVE and not said.get("move_to"):
            self.add_error("move_to", gettext("Say to which day everybody moves."))
        if said.get("kind") != ClosureCase.Kind.MOVE:
            said["move_to"] = None
        return said


def _named(closure: Closure, names: Mapping[int, str]) -> str:
    """The place, and from when to when by the clock of Việt Nam."""
    since, until = (
        f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else "…"
        for at in (closure.starts_at, closure.ends_at)
    )
    return f"{names.get(closure.site_id, closure.site_id)}, {since} – {until}"


@admin.register(ClosureCase)
class ClosureCaseAdmin(OwnSitesAdmin):
    """Plan it, look at what it would touch, start it; then watch, stop and resume."""

    to_site = "closure__site"
    form = ClosureCaseForm
    fields = ("closure", "kind", "move_to")
    list_display = ("closure", "kind", "status", "planned_at", "finished_at")
    list_filter = ("status", "kind")
    list_select_related = ("closure__site",)

    def manages(self, request: HttpRequest, row: Any) -> bool:
        own = sites_to_manage(user=request.user)
        if row is None:
            return bool(request.user.is_superuser) or has_any(request, sites_to_manage)
        return own.filter(pk=row.closure.site_id).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "closure":
            own = sites_to_manage(user=request.user)
            kwargs["queryset"] = Closure.objects.filter(site__in=own, whole_site=True)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "closure":
            names = site_names(list(own.values_list("pk", flat=True)), language_of(request))
            field.label_from_instance = lambda closure: _named(closure, names)
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        obj.planned_by, obj.planned_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        return HttpResponseRedirect(self._page(obj))

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(self.act_view)
        own = [
            path(f"<int:pk>/{name}/", act, {"act": name}, name=f"ticketing_closurecase_{name}")
            for name in ACTS
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it would touch, or how far it is; the page asks again by itself while it runs."""
        case = self.get_object(request, object_id)
        site, running = case.closure.site, case.status == ClosureCase.Status.RUNNING
        reach = progress = None
        if case.status == ClosureCase.Status.PLANNED:
            reach = reach_of(closure=case.closure, at=timezone.now())
        else:
            progress = _shown(case)
        # The last mails leave after the last order is done.
        waits = running or (progress is not None and progress["facts"].to_tell > 0)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Closed place: what is done for buyers"),
            "opts": self.opts,
            "case": case,
            "kind": dict(KINDS)[case.kind],
            "status": STATUSES[case.status],
            "may_act": self.manages(request, case),
            "acts": [
                (reverse(f"admin:ticketing_closurecase_{act}", args=[case.pk]), label)
                for act, label in _acts(case)
            ],
            "place": site_names([site.pk], language_of(request)).get(site.pk, site.slug),
            "reach": reach,
            "price": dong(reach.amount) if reach else None,
            "words": WORDS,
            "progress": progress,
            "refresh": REFRESH_SECONDS if waits else None,
        }
        return TemplateResponse(request, "admin/ticketing/closure_case.html", context)

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """One button. Only managers of the place, and only by POST."""
        case: ClosureCase = self.get_object(request, str(pk))
        if request.method != "POST" or not self.manages(request, case):
            raise Http404
        now = timezone.now()
        acts: dict[str, Callable[[], bool]] = {
            "start": lambda: start(case=case, by=request.user, at=now),  # type: ignore[arg-type]  # signed in
            "stop": lambda: stop(case=case),
            "resume": lambda: resume(case=case, at=now),
            "drop": lambda: drop(case=case),
        }
        if not acts[act]():
            messages.warning(request, gettext("Somebody was faster. Look at it as it is now."))
        return HttpResponseRedirect(self._page(case))

    def _page(self, case: ClosureCase) -> str:
        return reverse("admin:ticketing_closurecase_change", args=[case.pk])


def _acts(case: ClosureCase) -> list[tuple[str, Any]]:
    """The buttons of this moment."""
    return {
        ClosureCase.Status.PLANNED: [
            ("start", _("Start: this cannot be undone")),
            ("drop", _("Put away")),
        ],
        ClosureCase.Status.RUNNING: [("stop", _("Stop"))],
        ClosureCase.Status.STOPPED: [("resume", _("Go on"))],
    }.get(ClosureCase.Status(case.status), [])


def _shown(case: ClosureCase) -> dict[str, Any]:
    progress = progress_of(case)
    outcomes = [OUTCOMES[each.value] for each in ClosureCaseOrder.Outcome]
    counts = [progress.outcomes.get(each.value, 0) for each in ClosureCaseOrder.Outcome]
    return {
        "facts": progress,
        "back": dong(progress.amount),
        "outcomes": [pair for pair in zip(outcomes, counts, strict=True) if pair[1]],
        "untold": [(UNTOLD[name], count) for name, count in progress.untold.items()],
    }
