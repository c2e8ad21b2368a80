"""The addresses of the open data."""

from django.urls import path

from reporting.dashboard import open_pages

app_name = "open_data"
urlpatterns = [
    path("", open_pages.catalogue_page, name="page"),
    path("catalogue.jsonld", open_pages.catalogue, name="catalogue"),
    path("<slug:slug>.<slug:form>", open_pages.data, name="data"),
]
