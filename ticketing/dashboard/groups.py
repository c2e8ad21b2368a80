"""The saved groups of an operator, and the first page of the desk."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.models import Language
from sites.schemas.caller import language_of
from ticketing.dashboard.signing_in import signed_in
from ticketing.dashboard.wording import category_names, status_text
from ticketing.domain.operator_orders import bought, orders_of
from ticketing.domain.operators import Desk, credit_of
from ticketing.domain.saved_groups import GroupWanted, groups_of, remove_group, save_group
from ticketing.models import SavedGroup, VisitorCategory
from ticketing.schemas.operators import dong, not_saved_text, people_of

LATEST = 20
MOST_PEOPLE = 255
LONGEST_NAME = 80


@signed_in
@require_safe
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits to be paid, the groups, and the latest orders."""
    names = category_names(language_of(request))
    credit = credit_of(operator=desk.operator, at=timezone.now())
    latest = bought(orders_of(operator=desk.operator), most=LATEST)
    return render(
        request,
        "operators/home.html",
        {
            "desk": desk,
            "waiting": dong(credit.waiting),
            "left": dong(credit.left),
            "groups": [
                (group, _composition(group, names)) for group in groups_of(operator=desk.operator)
            ],
            "orders": [
                {
                    "order": each.kept.order,
                    "kept": each.kept,
                    "people": each.people,
                    "total": dong(each.kept.order.total),
                    "status": status_text(each.kept.order.status),
                }
                for each in latest
            ],
        },
    )


def _composition(group: SavedGroup, names: dict[str, str]) -> str:
    people = people_of(group)
    return ", ".join(f"{people[code]} × {name}" for code, name in names.items() if code in people)


def own_group(desk: Desk, group_id: int) -> SavedGroup:
    """The group, if it is the operator's own; else it is not there."""
    group = groups_of(operator=desk.operator).filter(pk=group_id).first()
    if group is None:
        raise Http404
    return group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_group(request: HttpRequest, desk: Desk, group_id: int | None = None) -> HttpResponse:
    """A form for a new group, or for one of the operator's own."""
    group = None if group_id is None else own_group(desk, group_id)
    if request.method != "POST":
        return _form(request, desk, group, people_of(group) if group else {})
    wanted = GroupWanted(
        name=request.POST.get("name", "").strip()[:LONGEST_NAME],
        language=_language(request),
        people=people_asked(request),
    )
    if not wanted.name:
        error = _("Please give the group a name.")
        return _form(request, desk, group, wanted.people, error)
    done = save_group(operator=desk.operator, wanted=wanted, group=group)
    if not isinstance(done, SavedGroup):
        return _form(request, desk, group, wanted.people, not_saved_text(done))
    messages.success(request, _("The group is saved."))
    return redirect("operators:home")


@signed_in
@require_POST
def delete_group(request: HttpRequest, desk: Desk, group_id: int) -> HttpResponse:
    remove_group(group=own_group(desk, group_id))
    messages.success(request, _("The group is removed. Its orders stay."))
    return redirect("operators:home")


def people_asked(request: HttpRequest) -> dict[str, int]:
    """How many of each kind the form names; what is no number is nobody."""
    asked = {
        name.removeprefix("people-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("people-")
    }
    return {
        code: min(int(value), MOST_PEOPLE)
        for code, value in asked.items()
        if value.isascii() and value.isdigit()
    }


def people_fields(people: Mapping[str, int], language: str) -> list[tuple[str, str, int]]:
    """A field for each kind of visitor that is sold online or stands in the group."""
    online = VisitorCategory.objects.filter(sold_online=True).values_list("code", flat=True)
    shown = {*online, *people}
    return [
        (code, name, people.get(code, 0))
        for code, name in category_names(language).items()
        if code in shown
    ]


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("language", "")
    return asked if asked in Language.values else Language.VI.value


def _form(
    request: HttpRequest,
    desk: Desk,
    group: SavedGroup | None,
    people: Mapping[str, int],
    error: str = "",
) -> HttpResponse:
    context = {
        "desk": desk,
        "group": group,
        "name": request.POST.get("name", group.name if group else ""),
        "language": request.POST.get("language", group.language if group else Language.VI.value),
        "languages": Language.choices,
        "fields": people_fields(people, language_of(request)),
        "error": error,
    }
    return render(request, "operators/group.html", context, status=422 if error else 200)
