"""What fields and rows are called in the console, where their names alone would say it in code.

A name that stands here is shown in the reader's language on every page; it is no part of the
database, so a better word needs no migration.
"""

from typing import Any, Final

from django.apps import apps
from django.db.models import Field
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from sites.admin.choice_words import CHOICES
from sites.admin.field_words import FIELDS, HELPS

ROWS: Final[dict[str, tuple[Any, Any]]] = {
    "heritage_sites.Closure": (_("closure"), _("closures")),
    "heritage_sites.ClosureText": (_("text of a closure"), _("texts of closures")),
    "heritage_sites.Notice": (_("notice"), _("notices")),
    "heritage_sites.NoticeText": (_("text of a notice"), _("texts of notices")),
    "heritage_sites.Organisation": (_("organisation"), _("organisations")),
    "heritage_sites.OrganisationText": (_("name of an organisation"), _("names of organisations")),
    "heritage_sites.Membership": (_("member of the staff"), _("staff")),
    "heritage_sites.Photo": (_("photo of a page"), _("photos of the pages")),
    "heritage_sites.PhotoText": (_("words of a photo"), _("words of photos")),
    "heritage_sites.HeritageSite": (_("site"), _("sites")),
    "heritage_sites.SiteText": (_("words of a site"), _("words of sites")),
    "heritage_sites.Gate": (_("gate"), _("gates")),
    "guides.AssetText": (_("words of a picture"), _("words of pictures")),
    "guides.GuideText": (_("title and summary"), _("titles and summaries")),
    "guides.Upload": (_("recording sent in"), _("recordings sent in")),
    "ticketing.ClosureCase": (_("consequence of a closure"), _("consequences of closures")),
    "ticketing.FreeDay": (_("free day"), _("free days")),
    "ticketing.Enrolment": (_("code for a new device"), _("codes for new devices")),
    "ticketing.GateDevice": (_("gate device"), _("gate devices")),
    "ticketing.StaffPin": (_("PIN of a shift"), _("PINs of shifts")),
    "ticketing.CodeSearch": (_("search by short code"), _("search by short codes")),
    "ticketing.Incident": (_("incident at a gate"), _("incidents at gates")),
    "ticketing.GateEvent": (_("event held back"), _("events held back")),
    "ticketing.Operator": (_("travel company"), _("travel companies")),
    "ticketing.OperatorUser": (_("person of a travel company"), _("people of travel companies")),
    "ticketing.OperatorKey": (_("key of a travel company"), _("keys of travel companies")),
    "ticketing.CompanionRule": (_("rule for companions"), _("rules for companions")),
    "ticketing.GuideRule": (_("rule for guides of groups"), _("rules for guides of groups")),
    "ticketing.Order": (_("order"), _("orders")),
    "ticketing.Product": (_("product"), _("products")),
    "ticketing.ProductText": (_("name of a product"), _("names of products")),
    "ticketing.Entitlement": (_("place that it opens"), _("places that it opens")),
    "ticketing.RevenueSplit": (_("division of revenue"), _("divisions of revenue")),
    "ticketing.RevenueWeight": (_("share of a place"), _("shares of places")),
    "ticketing.RevenueShare": (_("revenue by place"), _("revenue by place")),
    "ticketing.Tariff": (_("price"), _("prices")),
    "ticketing.TariffEvent": (_("what was done to a price"), _("who did what to the prices")),
    "payments.MerchantAccount": (_("account for payments"), _("accounts for payments")),
    "payments.BankCredit": (_("line of a bank account"), _("lines of bank accounts")),
    "payments.Posting": (_("posting"), _("postings")),
    "payments.Account": (_("account of the books"), _("accounts of the books")),
    "payments.MoneyRules": (_("rules of money"), _("rules of money")),
    "payments.Difference": (_("difference"), _("differences")),
    "payments.Payment": (_("payment"), _("payments")),
    "payments.Refund": (_("refund"), _("refunds")),
    "payments.Dispute": (_("dispute"), _("disputes")),
    "payments.TransferConfirmation": (_("transfer that was found"), _("transfers that were found")),
    "reporting.ReportingBody": (_("body that reports"), _("bodies that report")),
    "reporting.SurveyAnswer": (_("what a visitor wrote"), _("what visitors wrote")),
    "guides.StopAsset": (_("picture of a stop"), _("pictures of stops")),
    "ticketing.FreeDayText": (_("name of a free day"), _("names of free days")),
    "payments.Entry": (_("entry"), _("entries of a posting")),
    "payments.WebhookEvent": (_("message of a provider"), _("messages of providers")),
}

APPS: Final[dict[str, Any]] = {
    "heritage_sites": _("Sites and staff"),
    "guides": _("Guides"),
    "ticketing": _("Tickets and gates"),
    "payments": _("Money"),
    "reporting": _("Report of the province"),
}


def name_rows(app_label: str) -> None:
    """Give the rows of an app, their fields and choices the names above, unless they have better.

    None of it enters a migration: what is compared there is English, and stays the same.
    """
    app = apps.get_app_config(app_label)
    app.verbose_name = APPS[app_label]
    with override(None):
        helps = {str(help_text): help_text for help_text in HELPS}
        for model in app.get_models():
            meta = model._meta  # noqa: SLF001 # Django's name
            for field in meta.fields:
                _name_field(field, f"{model.__name__}.{field.name}")
                field.help_text = helps.get(str(field.help_text), field.help_text)
                _name_choices(field, CHOICES.get(f"{meta.label}.{field.name}", ()))
            if meta.label in ROWS:
                meta.verbose_name, meta.verbose_name_plural = ROWS[meta.label]


def _name_field(field: "Field[Any, Any]", full_name: str) -> None:
    usual = str(field.verbose_name) == field.name.replace("_", " ")
    name = FIELDS.get(full_name, FIELDS.get(field.name))
    if usual and name:
        field.verbose_name = name


def _name_choices(field: "Field[Any, Any]", words: tuple[Any, ...]) -> None:
    named = {str(word): word for word in words}
    if named:
        choices: list[tuple[Any, Any]] = list(field.flatchoices)
        field.choices = [(value, named.get(str(label), label)) for value, label in choices]
