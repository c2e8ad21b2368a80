"""Readings by machine in the console: what is being spoken, by whom, and why not."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guides.domain import narrating
from guides.domain.voices import choices
from guides.gateways.engines import is_poor
from guides.gateways.speaking import Engine, Reason
from guides.models import NameSaid, SpeechItem, SpeechJob, VoiceOrder
from guides.tasks import speak_guides
from sites.admin.own_sites import OwnSitesAdmin
from sites.domain.permissions import sites_to_manage, sites_to_see
from sites.models import Language, User

REASONS = {
    Reason.BUSY: gettext_lazy("was asked too often (429)"),
    Reason.NO_NETWORK: gettext_lazy("could not be reached"),
    Reason.TOO_SLOW: gettext_lazy("did not answer in time"),
    Reason.TOO_LONG: gettext_lazy("does not take so long a passage"),
    Reason.NO_VOICE: gettext_lazy("has no voice for this language or these letters"),
    Reason.ABSENT: gettext_lazy("is not installed"),
    Reason.BROKEN: gettext_lazy("answered with something that is no sound"),
}


def job_of(request: HttpRequest, job_id: int, *, to_change: bool = False) -> SpeechJob:
    """The job, if its site is the user's; else it is not there."""
    own = sites_to_manage if to_change else sites_to_see
    job = SpeechJob.objects.filter(pk=job_id, site__in=own(user=request.user)).first()
    if job is None:
        raise Http404
    return job


@require_GET
def state(request: HttpRequest, job_id: int) -> JsonResponse:
    """How far a job is, for the page that shows it."""
    progress = narrating.progress_of(job=job_of(request, job_id))
    return JsonResponse(
        {
            "status": progress.status,
            "said": str(SpeechJob.Status(progress.status).label),
            "percent": progress.percent,
            "done": progress.done,
            "total": progress.total,
            "falls": len(progress.falls),
            "over": progress.status not in narrating.OPEN,
        }
    )


@require_GET
def page(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: its progress, each narration, and which voice did not speak and why."""
    job = job_of(request, job_id)
    rows = job.items.select_related("narration__stop", "recording").order_by("pk")
    context = {
        **admin.site.each_context(request),
        "title": _("Reading by machine"),
        "job": job,
        "progress": narrating.progress_of(job=job),
        "rows": [_row(item) for item in rows],
        "is_open": job.status in narrating.OPEN,
        "may_act": sites_to_manage(user=request.user).filter(pk=job.site_id).exists(),
    }
    return TemplateResponse(request, "guides/console/speech_job.html", context)


def _row(item: SpeechItem) -> dict[str, Any]:
    language = item.narration.language
    engine = item.recording.engine if item.recording else ""
    return {
        "item": item,
        "language": Language(language).label,
        "status": item.get_status_display(),
        "falls": [
            (Engine(fall["engine"]).value, REASONS[Reason(fall["reason"])]) for fall in item.falls
        ],
        "poor": bool(engine) and is_poor(engine, language=language),
    }


@require_POST
def act(request: HttpRequest, job_id: int, what: str) -> HttpResponse:
    """Stop, take up again, or try again what failed."""
    job = job_of(request, job_id, to_change=True)
    at = timezone.now()
    shown = job
    match what:
        case "cancel":
            done = narrating.cancel(job_id=job.pk, at=at)
        case "resume":
            done = narrating.resume(job_id=job.pk)
        case "retry":
            user = request.user if isinstance(request.user, User) else None
            again = narrating.retry(job=job, at=at, by=user)
            done = isinstance(again, SpeechJob)
            shown = again if isinstance(again, SpeechJob) else job
        case _:
            raise Http404
    if not done:
        messages.warning(request, _("There was nothing to do: the job is in another state."))
    speak_guides.delay_on_commit()
    return HttpResponseRedirect(reverse("admin:guides_speechjob_progress", args=[shown.pk]))


@admin.register(SpeechJob)
class SpeechJobAdmin(OwnSitesAdmin):
    """A list to look at; each row leads to the page of its progress."""

    list_display = ("asked_at", "site", "status", "progress", "asked_by")
    list_filter = ("status",)
    list_select_related = ("site", "asked_by")
    ordering = ("-asked_at", "-pk")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:job_id>/progress/", view(page), name="guides_speechjob_progress"),
            path("<int:job_id>/state/", view(state), name="guides_speechjob_state"),
            path("<int:job_id>/act/<slug:what>/", view(act), name="guides_speechjob_act"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        return HttpResponseRedirect(reverse("admin:guides_speechjob_progress", args=[job.pk]))

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, job: SpeechJob) -> str:
        return f"{narrating.progress_of(job=job).percent} %"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """Engines by name, best first; only names that exist."""

    def clean_engines(self) -> list[str]:
        wanted = [name.strip() for name in self.cleaned_data["engines"]]
        unknown = [name for name in wanted if name not in set(Engine)]
        if unknown or len(set(wanted)) < len(wanted):
            known = ", ".join(Engine)
            raise forms.ValidationError(_("Each of these once, best first: %s") % known)
        return wanted


@admin.register(VoiceOrder)
class VoiceOrderAdmin(OwnSitesAdmin):
    form = OrderForm
    list_display = ("site", "language", "engines", "here")
    list_filter = ("language",)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "engines": _(
                "For example: piper,gtts,espeak. The next one speaks when one is asked too often, "
                "cannot be reached, or does not take the text."
            )
        }
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped})

    @admin.display(description=gettext_lazy("voices on this server"))
    def here(self, order: VoiceOrder) -> str:
        found = choices(language=order.language)
        return ", ".join(f"{one.engine}: {one.voice}" for one in found if one.voice) or "–"


@admin.register(NameSaid)
class NameSaidAdmin(OwnSitesAdmin):
    list_display = ("name", "language", "say", "site")
    list_filter = ("language",)
    search_fields = ("name", "say")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "say": _(
                "Spell it so that a voice of that language says it right, then let it be read "
                "and listen. The names of the emperors are there already."
            )
        }
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped})
