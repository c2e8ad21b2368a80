"""The page where a person pays: one form, no script, in Vietnamese or English."""

from functools import cache
from pathlib import Path
from typing import Final

from django.template import Context, Template
from django.template.engine import Engine

from payments.gateways.vnpay_simulator.book import Movement

HERE: Final = Path(__file__).parent
TEMPLATES: Final = [str(HERE / "templates"), str(HERE.parent / "simulating/templates")]
WORDS: Final[dict[str, dict[str, str]]] = {
    "vn": {
        "language": "vi",
        "title": "Cổng thanh toán",
        "simulator": "Trang thử, không trừ tiền thật.",
        "amount": "Số tiền",
        "what": "Nội dung",
        "terminal": "Đơn vị thu",
        "pay": "Trả bằng thẻ nội địa",
        "cancel": "Hủy giao dịch",
        "other": "Thử một kết quả khác",
        "try": "Thử",
        "trouble": "Giao dịch không mở được. Mã",
        "back": "Hãy quay lại cửa hàng và thử lại.",
    },
    "en": {
        "language": "en",
        "title": "Payment",
        "simulator": "A trial page: no real money is taken.",
        "amount": "Amount",
        "what": "For",
        "terminal": "Paid to",
        "pay": "Pay with a local card",
        "cancel": "Cancel",
        "other": "Try another outcome",
        "try": "Try",
        "trouble": "This payment cannot be opened. Code",
        "back": "Go back to the shop and try again.",
    },
}
OUTCOMES: Final[dict[str, dict[str, str]]] = {
    "vn": {
        "07": "Trừ tiền, nhưng nghi ngờ",
        "09": "Thẻ chưa đăng ký",
        "10": "Sai thông tin thẻ",
        "11": "Hết hạn chờ",
        "12": "Thẻ bị khóa",
        "13": "Sai mã OTP",
        "51": "Không đủ số dư",
        "65": "Quá hạn mức ngày",
        "75": "Ngân hàng bảo trì",
        "79": "Sai mật khẩu quá số lần",
        "99": "Lỗi khác",
    },
    "en": {
        "07": "Money taken, but suspicious",
        "09": "Card not registered",
        "10": "Wrong card data",
        "11": "Time is over",
        "12": "Card locked",
        "13": "Wrong one-time code",
        "51": "Not enough money",
        "65": "Daily limit reached",
        "75": "Bank under maintenance",
        "79": "Wrong password too often",
        "99": "Another error",
    },
}


@cache
def template() -> Template:
    return Engine(dirs=TEMPLATES).get_template("pay.html")


def render(movement: Movement, params: dict[str, str]) -> str:
    """Return the page of a payment that waits for the buyer."""
    language = params.get("vnp_Locale", "vn")
    language = language if language in WORDS else "en"
    facts = {
        "words": WORDS[language],
        "outcomes": OUTCOMES[language],
        "total": f"{movement.amount // 100:,}".replace(",", "." if language == "vn" else ","),
        "info": movement.info,
        "terminal": params["vnp_TmnCode"],
        "trouble": "",
    }
    return template().render(Context(facts))


def trouble(code: str, *, language: str) -> str:
    words = WORDS.get(language, WORDS["en"])
    return template().render(Context({"words": words, "trouble": code}))
