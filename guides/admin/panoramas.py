"""Panoramas of the own places: sent up, cut while somebody looks, tried again when it failed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from guides.admin.own_tours import OwnToursAdmin
from guides.domain.panoramas import (
    PanoramaRefused,
    PictureFault,
    Rights,
    cut_again,
    fault_of_head,
    forget_panorama,
    take_panorama,
)
from guides.domain.tiles import address_of, base_name
from guides.models import Asset, Panorama
from guides.tasks import cut_panoramas
from sites.models import HeritageSite, User

REFRESH_S = 2
SENTENCES = {
    PictureFault.EMPTY: _("The file is empty."),
    PictureFault.TOO_LARGE: _("The file is larger than 80 MB. Save it as JPEG and send it again."),
    PictureFault.NOT_A_PICTURE: _("This is not a picture. JPEG, PNG and WebP can be sent."),
    PictureFault.BROKEN: _("The picture ends too early. Please send the file again."),
    PictureFault.NOT_TWO_TO_ONE: _(
        "A picture all around is exactly twice as wide as high. This one is not."
    ),
    PictureFault.TOO_NARROW: _("The picture is too small: it must be 2,048 pixels wide or more."),
    PictureFault.TOO_WIDE: _("The picture is too large: at most 16,384 pixels wide."),
}


class PanoramaForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A picture with its rights, from which the panorama is made."""

    # The admin sets it for whoever is signed in.
    uploader: User | None = None

    site: Any = forms.ModelChoiceField(queryset=HeritageSite.objects.none(), label=_("Place"))
    file = forms.FileField(
        label=_("Picture all around"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "As cameras for 360° write it: twice as wide as high, JPEG, PNG or WebP, up to 80 MB. "
            "Camera and position are removed from it."
        ),
    )
    rights = forms.ChoiceField(
        choices=Asset.Rights,
        label=_("Rights"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Nothing is published before it is known why we may show it."),
    )
    credit = forms.CharField(
        max_length=200,
        label=_("Credit"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Shown with it."),
    )
    licence = forms.CharField(max_length=100, label=_("Licence"), widget=UnfoldAdminTextInputWidget)
    is_sample = forms.BooleanField(
        required=False,
        label=_("Sample"),
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Made up to show how it would look. Visitors are told so."),
    )

    class Meta:
        model = Panorama
        fields: tuple[str, ...] = ()

    def clean_file(self) -> Any:
        """Refuse by size and head, before the whole picture is decoded."""
        file = self.cleaned_data["file"]
        with TemporaryDirectory(prefix="ngomon-upload-") as folder:
            fault = fault_of_head(_written(file, Path(folder)))
        if fault:
            raise forms.ValidationError(SENTENCES[fault])
        return file

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        with TemporaryDirectory(prefix="ngomon-upload-") as folder:
            answer = take_panorama(
                site=said["site"],
                path=_written(said["file"], Path(folder)),
                name=said["file"].name or "",
                rights=Rights(
                    rights=said["rights"],
                    credit=said["credit"],
                    licence=said["licence"],
                    is_sample=said["is_sample"],
                ),
                by=self.uploader,
                at=timezone.now(),
            )
        if isinstance(answer, PanoramaRefused):
            raise forms.ValidationError(SENTENCES[answer.fault])
        self.instance = answer.panorama
        return said


def _written(file: Any, folder: Path) -> Path:
    path = folder / "upload"
    with path.open("wb") as copy:
        for piece in file.chunks():
            copy.write(piece)
    return path


@admin.register(Panorama)
class PanoramaAdmin(OwnToursAdmin):
    """The list shows how far each one is; the page of one shows the whole picture."""

    to_site = "asset__site"
    list_display = ("picture", "name", "place", "stage", "progress", "credit")
    list_display_links = ("picture", "name")
    list_filter = ("state",)
    search_fields = ("asset__original_name", "asset__credit", "asset__site__slug")
    list_select_related = ("asset__site",)
    ordering = ("-pk",)
    actions = ("try_again",)
    readonly_fields = ("whole_picture", "place", "stage", "progress", "failure", "credit")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("site", "file", "rights", "credit", "licence", "is_sample")
        return self.readonly_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, **kwargs)
        from_own = super().formfield_for_foreignkey(
            Asset._meta.get_field("site"),  # noqa: SLF001 # Django's name
            request,
        )
        if not isinstance(request.user, User):
            raise PermissionDenied
        return type(
            "OwnPanoramaForm",
            (PanoramaForm,),
            {
                "uploader": request.user,
                "site": forms.ModelChoiceField(
                    queryset=from_own.queryset, label=_("Place"), widget=UnfoldAdminSelectWidget
                ),
            },
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        # The form has kept it already; the timetable would find it half a minute later.
        transaction.on_commit(cut_panoramas.delay, robust=True)

    def delete_model(self, request: HttpRequest, obj: Panorama) -> None:
        forget_panorama(panorama=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Panorama]) -> None:
        for panorama in queryset.select_related("asset"):
            forget_panorama(panorama=panorama)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """While something is being cut the page looks again by itself."""
        answer: HttpResponse = super().changelist_view(request, extra_context)
        if self.get_queryset(request).filter(state=Panorama.State.WAITING).exists():
            answer.headers["Refresh"] = str(REFRESH_S)
        return answer

    @admin.action(description=_("Cut again what failed"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Panorama]) -> None:
        own = [each for each in queryset if self.manages(request, each)]
        count = sum(cut_again(panorama_id=panorama.pk) for panorama in own)
        if count:
            transaction.on_commit(cut_panoramas.delay, robust=True)
        messages.info(request, _("Being cut again: %(count)s") % {"count": count})

    @admin.display(description=_("Picture"))
    def picture(self, panorama: Panorama) -> str:
        return _shown(panorama, width=160)

    @admin.display(description=_("Picture"))
    def whole_picture(self, panorama: Panorama) -> str:
        return _shown(panorama, width=960)

    @admin.display(description=_("File"))
    def name(self, panorama: Panorama) -> str:
        return str(panorama.asset)

    @admin.display(description=_("Place"))
    def place(self, panorama: Panorama) -> str:
        return str(panorama.asset.site)

    @admin.display(description=_("State"), ordering="state")
    def stage(self, panorama: Panorama) -> str:
        return panorama.get_state_display()

    @admin.display(description=_("Credit"))
    def credit(self, panorama: Panorama) -> str:
        return f"{panorama.asset.credit}, {panorama.asset.licence}"

    @admin.display(description=_("Tiles"))
    def progress(self, panorama: Panorama) -> str:
        return format_html(
            '<progress max="{0}" value="{1}"></progress> {1} / {0}',
            panorama.tiles_total,
            panorama.tiles_done,
        )


def _shown(panorama: Panorama, *, width: int) -> str:
    if panorama.state != Panorama.State.READY:
        return "–"
    address = address_of(base_name(panorama.asset.sha256))
    return format_html('<img src="{}" alt="" width="{}" loading="lazy">', address, width)
