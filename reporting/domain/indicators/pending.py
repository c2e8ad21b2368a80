"""Indicators that nothing measures yet, with their definition; and what is not ours to report."""

from reporting.domain.indicators.definitions import PAST_YEAR, Definition
from reporting.domain.indicators.report import Indicator, Status, Target, Words
from reporting.domain.indicators.shares import NO_SHARE

PENDING = (
    Definition(
        "C1",
        Words("Dữ liệu chuyên ngành được số hóa", "Digitised specialised data"),
        ("Q6", "Q32"),
        Words(
            "Mẫu số: hiện vật, tài liệu trong danh mục kiểm kê đã công bố có số văn bản và ngày. "
            "Tử số: mục có đủ trường bắt buộc, ít nhất một tệp gốc kiểm tra trong 12 tháng, "
            "quyền sử dụng, mã công khai. Chưa có danh mục kiểm kê thì không tính.",
            "Denominator: items of the declared inventory with its document and date. Numerator: "
            "items with all mandatory fields, a master file verified within 12 months, rights and "
            "a public id. Without an inventory nothing is computed.",
        ),
        Words("số mục đã số hóa / số mục kiểm kê", "digitised / inventoried items"),
        (Target(50, PAST_YEAR), Target(95, 2030)),
    ),
    Definition(
        "D2",
        Words("Báo cáo được chia sẻ", "Shared reports"),
        ("Q7", "Q9", "Q20", "Q21", "Q22"),
        Words(
            "Báo cáo của D1 có xác nhận đã nhận (mã biên nhận và thời điểm) từ hệ thống của Bộ, "
            "của tỉnh, của quốc gia. Đã gửi mà chưa có xác nhận thì không tính.",
            "Reports of D1 with an acknowledgement (receipt and time) of the ministry's, the "
            "province's and the national system. Sent without one does not count.",
        ),
        Words("số báo cáo có xác nhận / số báo cáo đến hạn", "acknowledged / due"),
        (Target(100, PAST_YEAR),),
    ),
    Definition(
        "D3",
        Words("Kết nối hệ thống", "Connections"),
        ("Q18", "Q19", "Q26", "Q27", "Q28"),
        Words(
            "Với mỗi hệ thống được nêu tên: chưa có, có thỏa thuận, thử nghiệm, hoạt động. Hoạt "
            "động khi trong kỳ có trao đổi thật thành công và lỗi dưới 1%. Là số đếm, không phải "
            "tỷ lệ.",
            "For each named system: none, agreement, test, live. Live needs a successful real "
            "exchange in the window and less than 1 % errors. A count, not a share.",
        ),
        Words("số hệ thống đang hoạt động", "systems that are live"),
    ),
    Definition(
        "E1",
        Words("Sự kiện được thông báo", "Announced events"),
        ("Q10",),
        Words(
            "Sự kiện công khai trong kỳ có thông báo đăng trước ít nhất 24 giờ trên tổng số sự "
            "kiện trong sổ; sự kiện hủy không tính.",
            "Public events of the window with a notice published at least 24 hours before, among "
            "all events of the register; cancelled ones are left out.",
        ),
        Words("số sự kiện được thông báo / số sự kiện", "announced / all events"),
        (Target(100, PAST_YEAR),),
    ),
    Definition(
        "E2",
        Words("Trang thông tin hoạt động liên tục", "Websites that work continuously"),
        ("Q11",),
        Words(
            "Mỗi trang: kiểm tra từ ngoài 5 phút một lần, sẵn sàng từ 99% trong kỳ, có cập nhật "
            "hằng tháng và có lượt xem.",
            "For each site: probed from outside every 5 minutes, available 99 % of the window, "
            "updated every month and visited.",
        ),
        Words("số trang đạt / số trang", "sites that do / all sites"),
        (Target(100, PAST_YEAR),),
    ),
    Definition(
        "F1",
        Words("5G và giám sát an ninh (khai báo)", "5G and security monitoring (declared)"),
        ("Q15", "Q16"),
        Words(
            "Khai báo của từng điểm kèm kết quả đo hoặc biên bản nghiệm thu có ngày; cột khai "
            "báo, ngoài các tổng đã tính.",
            "Declared by each site with a dated measurement or acceptance record; outside the "
            "computed totals.",
        ),
        Words("số điểm khai báo", "sites that declare it"),
    ),
)
OUTSIDE = (
    Definition(
        "N1",
        Words("Các mục của Hue-S", "The items of Hue-S"),
        ("Q12", "Q13", "Q14"),
        Words(
            "Không có dữ liệu trong hệ thống này.", "There are no data of them in this platform."
        ),
        Words("–", "–"),
    ),
    Definition(
        "N2",
        Words("Thủ tục hành chính", "Administrative procedures"),
        ("Q23", "Q24", "Q25"),
        Words(
            "Bán vé không phải thủ tục hành chính; không bao giờ báo cáo từ số liệu này.",
            "Selling tickets is no administrative procedure; never reported from these figures.",
        ),
        Words("–", "–"),
    ),
)


def without_figures(year: int) -> tuple[Indicator, ...]:
    """What stands in the table without a number."""
    pending = [_row(each, Status.NOT_ENOUGH_DATA, year) for each in PENDING]
    outside = [_row(each, Status.OUTSIDE, year) for each in OUTSIDE]
    return (*pending, *outside)


def _row(definition: Definition, status: Status, year: int) -> Indicator:
    return Indicator(
        code=definition.code,
        title=definition.title,
        quotes=definition.quotes,
        definition=definition.definition,
        formula=definition.formula,
        num=None,
        den=None,
        display=NO_SHARE,
        status=status,
        target=definition.target_in(year),
    )
