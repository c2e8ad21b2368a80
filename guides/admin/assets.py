"""The media library: pictures and panoramas with their rights and their words."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guides.admin.own_guides import OwnGuidesAdmin
from guides.domain.storing import url_of
from guides.models import Asset, AssetText
from sites.admin.own_sites import OwnTexts


class AssetTexts(OwnTexts):
    model = AssetText
    verbose_name_plural = _("What a person who cannot see it is told")


@admin.register(Asset)
class AssetAdmin(OwnGuidesAdmin):
    """Files come in by the pages for uploads; here their rights and words are kept."""

    inlines = (AssetTexts,)
    fields = ("site", "picture", "kind", "rights", "credit", "licence", "is_sample", "facts")
    readonly_fields = ("site", "picture", "kind", "facts")
    list_display = ("picture", "original_name", "site", "kind", "rights", "credit", "licence")
    list_display_links = ("picture", "original_name")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter), "kind", "rights", "is_sample")
    search_fields = ("original_name", "credit", "texts__alt")
    list_select_related = ("site",)
    ordering = ("-uploaded_at",)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "credit": _("Shown wherever the picture is shown, for example: Photo: Lê Văn A."),
            "licence": _("For example: CC BY 4.0, or: used with permission of the museum."),
            "is_sample": _("Made up to show how it would look. Visitors are told so."),
        }
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("Picture"))
    def picture(self, asset: Asset) -> str:
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', url_of(asset.name))

    @admin.display(description=_("File"))
    def facts(self, asset: Asset) -> str:
        return f"{asset.width} × {asset.height} · {asset.bytes // 1024} KiB · {asset.sha256[:12]}"
