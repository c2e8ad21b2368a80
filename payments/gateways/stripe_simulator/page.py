"""The page where a person pays: one form, no script, in Vietnamese or English."""

from functools import cache
from pathlib import Path
from typing import Final

from django.template import Context, Template
from django.template.engine import Engine

from payments.gateways.stripe_simulator.paying import DECLINED_CARD, GOOD_CARD
from payments.gateways.stripe_simulator.store import Thing

TEMPLATES: Final = Path(__file__).parent / "templates"
MERCHANT: Final = "Ngọ Môn"
# No script, no third party; the form's answer leads back to the shop on another address.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"

WORDS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "title": "Thanh toán",
        "simulator": "Trang thử, không trừ tiền thật.",
        "pay_to": "Thanh toán cho",
        "total": "Tổng cộng",
        "card_number": "Số thẻ",
        "expiry": "Hết hạn (tháng/năm)",
        "cvc": "Mã bảo mật",
        "pay": "Trả",
        "decline": "Thử thẻ bị từ chối",
        "cancel": "Quay lại cửa hàng",
        "declined": "Thẻ của bạn bị từ chối. Chưa có khoản tiền nào được trả.",
        "expired": "Phiên thanh toán đã hết hạn.",
        "paid": "Đơn này đã được trả.",
        "continue": "Tiếp tục",
        "other": "English",
        "unknown": "Không có phiên thanh toán nào ở đây.",
    },
    "en": {
        "title": "Payment",
        "simulator": "A trial page: no real money is taken.",
        "pay_to": "Pay",
        "total": "Total",
        "card_number": "Card number",
        "expiry": "Expiry (month/year)",
        "cvc": "Security code",
        "pay": "Pay",
        "decline": "Try a card that is declined",
        "cancel": "Back to the shop",
        "declined": "Your card was declined. Nothing has been paid.",
        "expired": "This payment has expired.",
        "paid": "This order is paid.",
        "continue": "Continue",
        "other": "Tiếng Việt",
        "unknown": "There is no payment here.",
    },
}


@cache
def template() -> Template:
    return Engine(dirs=[str(TEMPLATES)]).get_template("checkout.html")


def language_of(session: Thing | None, *, asked: str) -> str:
    """Choose the language that was asked for, else that of the session, else English."""
    wanted = asked or str((session or {}).get("locale") or "en")
    return wanted if wanted in WORDS else "en"


def dong(amount: int, *, language: str) -> str:
    text = f"{amount:,}"
    return f"{text.replace(',', '.') if language == 'vi' else text} ₫"


def render(session: Thing | None, *, asked: str = "", declined: bool = False) -> str:
    """Return the page of a session as it stands; the page of nothing when there is none."""
    language = language_of(session, asked=asked)
    given = session or {"amount_total": 0, "_items": [], "status": "unknown", "cancel_url": ""}
    lines = [
        {**item, "amount": dong(item["unit_amount"] * item["quantity"], language=language)}
        for item in given["_items"]
    ]
    facts = {
        "language": language,
        "other_language": "en" if language == "vi" else "vi",
        "words": WORDS[language],
        "merchant": MERCHANT,
        "status": given["status"],
        "lines": lines,
        "total": dong(given["amount_total"], language=language),
        "cancel_url": given["cancel_url"],
        "success_url": success_url(session) if session else "",
        "declined": declined,
        "good_card": GOOD_CARD,
        "declined_card": DECLINED_CARD,
    }
    return template().render(Context(facts))


def success_url(session: Thing) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
