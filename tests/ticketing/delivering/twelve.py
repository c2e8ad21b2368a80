"""A ticket whose places have their names in all twelve languages, and its sheets."""

from collections.abc import Sequence

from django.contrib.gis.geos import Point

from sites.models import HeritageSite, Language, OrganisationText, SiteText
from tests.factories import (
    OPENING,
    make_category,
    make_order,
    make_product,
    make_site,
)
from ticketing.domain.issuing import pay_order
from ticketing.domain.ticket_sheets import TicketSheet, sheets_of, valid_tickets
from ticketing.models import Order, Product, ProductText, VisitorCategoryText

LANGUAGES = [language.value for language in Language]

CITADEL = {
    "vi": "Đại Nội (Hoàng thành Huế)",
    "en": "Imperial City of Huế",
    "fr": "Cité impériale de Huế",
    "zh": "顺化皇城",
    "ja": "フエの皇城",
    "ko": "후에 황성",
    "th": "พระราชวังหลวงเมืองเว้ ริมน้ำ",
    "de": "Kaiserstadt Huế",
    "es": "Ciudad Imperial de Huế",
    "ru": "Императорский город Хюэ",
    "it": "Città imperiale di Huế",
    "pt": "Cidade Imperial de Huế",
}
TOMB = {
    "vi": "Lăng Tự Đức (Khiêm Lăng)",
    "en": "Tomb of Tự Đức",
    "fr": "Tombeau de Tự Đức",
    "zh": "嗣德陵(谦陵)",
    "ja": "トゥドゥック帝陵(謙陵)",
    "ko": "뜨득 황제릉",
    "th": "สุสานจักรพรรดิตึดึ๊ก",
    "de": "Grabmal des Kaisers Tự Đức",
    "es": "Tumba del emperador Tự Đức",
    "ru": "Гробница императора Ты Дыка",
    "it": "Tomba dell'imperatore Tự Đức",
    "pt": "Túmulo do imperador Tự Đức",
}
ADULT = {
    "vi": "Người lớn",
    "en": "Adult",
    "fr": "Adulte",
    "zh": "成人",
    "ja": "大人",
    "ko": "성인",
    "th": "ผู้ใหญ่",
    "de": "Erwachsene",
    "es": "Adulto",
    "ru": "Взрослый",
    "it": "Adulto",
    "pt": "Adulto",
}
CENTRE = {
    "vi": "Trung tâm Bảo tồn Di tích Cố đô Huế",
    "en": "Huế Monuments Conservation Centre",
    "fr": "Centre de conservation des monuments de Huế",
    "zh": "顺化古都遗迹保护中心",
    "ja": "フエ遺跡保存センター",
    "ko": "후에 유적 보존 센터",
    "th": "ศูนย์อนุรักษ์โบราณสถานเว้",
    "de": "Zentrum für Denkmalpflege Huế",
    "es": "Centro de Conservación de Monumentos de Huế",
    "ru": "Центр сохранения памятников Хюэ",
    "it": "Centro per la conservazione dei monumenti di Huế",
    "pt": "Centro de Conservação dos Monumentos de Huế",
}


def named_site(slug: str, names: dict[str, str]) -> HeritageSite:
    site = make_site(slug=slug)
    site.address = "Đường 23 tháng 8, phường Phú Xuân"
    site.location = Point(107.5792, 16.4677)
    site.location_credit = "test"
    site.save()
    SiteText.objects.filter(site=site).delete()
    SiteText.objects.bulk_create(
        SiteText(site=site, language=language, name=name) for language, name in names.items()
    )
    return site


def named_product() -> Product:
    """The citadel and a tomb with one ticket, in every language."""
    sites = [named_site("citadel", CITADEL), named_site("tomb", TOMB)]
    category = make_category(needs_document=True)
    product = make_product(sites=sites, category=category, validity_days=2, price=280_000)
    ProductText.objects.filter(product=product).delete()
    VisitorCategoryText.objects.filter(category=category).delete()
    OrganisationText.objects.filter(organisation=product.organisation).delete()
    for language in LANGUAGES:
        name = f"{CITADEL[language]} – {TOMB[language]}"
        ProductText.objects.create(product=product, language=language, name=name)
        VisitorCategoryText.objects.create(
            category=category, language=language, name=ADULT[language]
        )
        OrganisationText.objects.create(
            organisation=product.organisation, language=language, name=CENTRE[language]
        )
    return product


def named_order(*, language: str = "en", quantity: int = 1, one_code: bool = False) -> Order:
    """A paid order of the named product."""
    order = make_order(
        product=named_product(),
        quantity=quantity,
        one_code=one_code,
        language=language,
        at=OPENING,
    )
    pay_order(order=order, at=OPENING)
    order.refresh_from_db()
    return order


def sheets_in(order: Order, language: str) -> Sequence[TicketSheet]:
    return sheets_of(valid_tickets(order), language=language)
