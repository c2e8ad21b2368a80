"""Every address of the server."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from backend.api import api
from backend.web_apps import gate_app, visitor_app
from guides.api.tour_page import tour_page
from payments.api.returns import return_from_stripe, return_from_vnpay
from ticketing.api.recovery_page import recover

urlpatterns = [
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("pay/stripe/return", return_from_stripe),
    path("pay/vnpay/return", return_from_vnpay),
    path("recover", recover),
    path("gate/", gate_app),
    path("gate/<path:route>", gate_app),
    path("tours/<int:tour_id>", tour_page),
    path("operators/", include("ticketing.dashboard.urls")),
    path("", visitor_app),
    re_path(r"^(?:sites|buy|orders|tickets)(?:/.*)?$", visitor_app),
]

if settings.MODE != "production":
    # In production a file server in front answers these.
    from django.views.static import serve

    urlpatterns.insert(
        0, re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})
    )
