from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "sites"
    # django.contrib.sites owns the label "sites".
    label = "heritage_sites"
    verbose_name = "Heritage sites"
