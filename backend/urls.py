"""Every address of the server."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from backend.api import api
from backend.media_files import media_file
from backend.public_pages import views as public_pages
from backend.second_factor import ask_second_factor
from backend.web_apps import gate_app, visitor_app
from guides.api.tour_page import tour_page
from payments.api.returns import return_from_stripe, return_from_vnpay
from reporting.admin.at_a_glance import glance_urls
from ticketing.api.recovery_page import recover

urlpatterns = [
    path("api/v1/", api.urls),
    path("admin/second-factor/", ask_second_factor),
    *glance_urls(),
    path("admin/", admin.site.urls),
    path("pay/stripe/return", return_from_stripe),
    path("pay/vnpay/return", return_from_vnpay),
    path("recover", recover),
    path("gate/", gate_app),
    path("gate/<path:route>", gate_app),
    path("tours/<int:tour_id>", tour_page),
    path("operators/", include("ticketing.dashboard.urls")),
    path("department/", include("reporting.dashboard.urls")),
    path("open-data/", include("reporting.dashboard.open_urls")),
    path("", public_pages.home),
    path("sites/<str:slug>", public_pages.place),
    path(
        "sites/<str:slug>/",
        RedirectView.as_view(url="/sites/%(slug)s", query_string=True, permanent=True),
    ),
    path("shell", public_pages.shell),
    path("map.json", public_pages.map_settings),
    path("robots.txt", public_pages.robots),
    # Browsers ask for it on pages that name no picture of their own.
    path("favicon.ico", RedirectView.as_view(url="/icon-192.png", permanent=True)),
    path("sitemap.xml", public_pages.sitemap),
    re_path(r"^sitemap-(?P<part>[1-9][0-9]{0,3})\.xml$", public_pages.sitemap_of_part),
    re_path(r"^(?:orders|tickets)(?:/.*)?$", public_pages.tickets),
    re_path(r"^(?:sites|buy|guides|privacy)(?:/.*)?$", visitor_app),
]

if settings.MODE != "production":
    # In production a file server in front answers these.
    urlpatterns.insert(0, path("media/<path:name>", media_file))
