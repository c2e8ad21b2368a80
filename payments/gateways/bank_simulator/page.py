"""The bank app's page: read a code, look at what it wants, transfer. Vietnamese or English."""

from functools import cache
from pathlib import Path
from typing import Final

from django.template import Context, Template
from django.template.engine import Engine

from payments.gateways.bank_simulator.scanning import Scanned

HERE: Final = Path(__file__).parent
TEMPLATES: Final = [str(HERE / "templates"), str(HERE.parent / "simulating/templates")]
WORDS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "language": "vi",
        "title": "Ứng dụng ngân hàng",
        "simulator": "Ứng dụng thử, không trừ tiền thật.",
        "code": "Nội dung mã QR",
        "scan": "Đọc mã",
        "bank": "Ngân hàng",
        "account": "Số tài khoản",
        "amount": "Số tiền (₫)",
        "memo": "Nội dung chuyển khoản",
        "pay": "Chuyển tiền",
        "done": "Đã chuyển. Hãy quay lại trang vé.",
        "refused": "Mã này không dùng được",
        "stranger": "Tài khoản này không thuộc ngân hàng thử.",
        "other": "English",
        "other_language": "en",
    },
    "en": {
        "language": "en",
        "title": "Bank app",
        "simulator": "A trial app: no real money is moved.",
        "code": "Text of the QR code",
        "scan": "Read the code",
        "bank": "Bank",
        "account": "Account",
        "amount": "Amount (₫)",
        "memo": "Memo",
        "pay": "Transfer",
        "done": "Sent. Go back to the tickets' page.",
        "refused": "This code cannot be used",
        "stranger": "This account is not at the trial bank.",
        "other": "Tiếng Việt",
        "other_language": "vi",
    },
}


@cache
def template() -> Template:
    return Engine(dirs=TEMPLATES).get_template("bank.html")


def render(
    *,
    language: str,
    code: str = "",
    scanned: Scanned | None = None,
    trouble: str = "",
    done: bool = False,
) -> str:
    """Return the page at the step that it is at."""
    words = WORDS.get(language, WORDS["vi"])
    facts = {"words": words, "code": code, "scanned": scanned, "trouble": trouble, "done": done}
    return template().render(Context(facts))
