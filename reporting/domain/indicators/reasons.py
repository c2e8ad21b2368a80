"""Why a site does not count, in the words of the report."""

from collections.abc import Mapping, Sequence
from datetime import date

from reporting.domain.indicators.report import Words

FREE_ONLY = Words("chỉ vào cửa miễn phí", "entry is free only")
EXCUSED = Words("đóng cửa cả kỳ theo quyết định", "closed for the whole window by a decision")
NO_SNAPSHOT = Words(
    "chưa có bản chụp dịch vụ của ngày mở cửa trong kỳ", "no snapshot of an open day in the window"
)
SNAPSHOT_MISSING = Words(
    "thiếu bản chụp dịch vụ của ngày mở cửa cuối kỳ",
    "the snapshot of the last open day of the window is missing",
)
NO_SALE = Words("chưa có giao dịch trong kỳ", "no transaction in the window")

OFFER_FAILURES: Mapping[str, Words] = {
    "no_product": Words("không có vé nào bán trực tuyến", "nothing is sold online"),
    "free_only": Words("chỉ có vé miễn phí", "only free tickets are offered"),
    "below_floor": Words("giá bán dưới mức sàn", "the price is below the floor"),
    "no_room": Words("không còn chỗ để đặt", "nothing can be booked"),
    "no_method": Words("không có cách thanh toán trực tuyến", "no way to pay online"),
    "unreachable": Words("cổng bán vé không trả lời", "the public interface did not answer"),
}
SALE_FAILURES: Mapping[str, Words] = {
    "staff": Words("của nhân viên", "by staff"),
    "test": Words("thử nghiệm", "test payments"),
    "below_floor": Words("dưới mức giá sàn", "below the price floor"),
    "refunded": Words("đã hoàn tiền toàn bộ", "fully refunded"),
    "not_reconciled": Words(
        "chưa đối soát với nhà cung cấp hoặc ngân hàng", "not reconciled with a provider or bank"
    ),
    "not_visited": Words(
        "vé liên tuyến chưa có lượt vào tại điểm", "combo tickets without an entry at the site"
    ),
    "cash": Words("bằng tiền mặt", "in cash"),
}

NO_TOUR = Words("chưa có tham quan ảo được công bố", "no tour is published")
NO_MODEL = Words("chưa có mô hình 3D/4D được công bố", "no 3D or 4D model is published")
NOT_APPROVED = Words("chưa được người quản lý điểm phê duyệt", "not approved by the site manager")
NOT_INSIDE = Words("không có cảnh nào chụp tại điểm", "no scene was taken in the site")
NO_PROBES = Words("chưa có kết quả kiểm tra trang", "the page was not probed")
NO_VISIT = Words(
    "chưa có lượt xem từ 10 giây của khách trong kỳ",
    "no visit of ten seconds by a visitor in the window",
)

NO_GUIDE = Words("chưa có danh sách điểm dừng được phê duyệt", "no list of stops is approved")
NO_VIETNAMESE = Words(
    "chưa đủ thuyết minh tiếng Việt ở các điểm dừng bắt buộc",
    "Vietnamese narration is missing at required stops",
)
NO_OTHER_LANGUAGE = Words(
    "chưa có ngôn ngữ thứ hai đủ các điểm dừng bắt buộc",
    "no second language covers the required stops",
)
NOT_HEARD_VIETNAMESE = Words(
    "chưa có lượt nghe tiếng Việt từ 80% trong kỳ",
    "no Vietnamese track was heard to four fifths in the window",
)
NOT_HEARD_OTHER = Words(
    "chưa có lượt nghe ngôn ngữ khác từ 80% trong kỳ",
    "no track of another language was heard to four fifths in the window",
)
TOO_SHORT = Words("bản thu quá ngắn", "recordings are too short")
WITHOUT_TRANSCRIPT = Words("bản thu thiếu lời văn", "recordings without a transcript")
UNREVIEWED = Words(
    "giọng máy chưa được người kiểm duyệt", "machine voices that nobody has reviewed"
)


def together(*reasons: Words | None) -> Words | None:
    said = [reason for reason in reasons if reason is not None]
    if not said:
        return None
    return Words("; ".join(one.vi for one in said), "; ".join(one.en for one in said))


def of(code: str, reason: Words | None) -> Words | None:
    """Say which indicator a reason is of, where several stand together."""
    return Words(f"{code}: {reason.vi}", f"{code}: {reason.en}") if reason else None


def no_offer(day: date, failure: str) -> Words:
    why = OFFER_FAILURES.get(failure, OFFER_FAILURES["no_product"])
    return Words(
        f"ngày mở cửa cuối kỳ {day:%d/%m/%Y}: {why.vi}",
        f"on the last open day {day:%d/%m/%Y}: {why.en}",
    )


def sales_refused(refused: Mapping[str, int]) -> Words:
    """Nothing counts; say what there was, so that nobody has to ask."""
    said = refused_words(refused)
    if said is None:
        return NO_SALE
    return Words(f"{NO_SALE.vi} được tính ({said.vi})", f"{NO_SALE.en} counts ({said.en})")


def refused_words(refused: Mapping[str, int]) -> Words | None:
    """How many do not count, by reason; null when there is none."""
    known: Sequence[str] = [why for why in SALE_FAILURES if refused.get(why)]
    if not known:
        return None
    vi = ", ".join(f"{refused[why]} giao dịch {SALE_FAILURES[why].vi}" for why in known)
    en = ", ".join(f"{refused[why]} {SALE_FAILURES[why].en}" for why in known)
    return Words(vi, en)


def probes_failed(ok: int, probes: int, percent: int) -> Words:
    return Words(
        f"trang chỉ trả lời {ok}/{probes} lần kiểm tra hằng ngày (cần {percent}%)",
        f"the page answered {ok} of {probes} daily probes ({percent} % are needed)",
    )
