"""What each indicator means, word for word, and what it is measured against.

The quotes (Q1 to Q46) are those of the province's plan and the ministry's programme; the list of
them is in docs/reporting.md. Where the sources give no number, the target is our own and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.domain.indicators.report import Target, Words

PAST_YEAR = 2025
NEXT_YEAR = 2030


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator before anything is counted."""

    code: str
    title: Words
    quotes: tuple[str, ...]
    definition: Words
    formula: Words
    # By the year that a source names, in order.
    targets: tuple[Target, ...] = ()

    def target_in(self, year: int) -> Target | None:
        """The target that a year is measured against: the next one, else the last one."""
        ahead = [target for target in self.targets if target.year >= year]
        if ahead:
            return ahead[0]
        return self.targets[-1] if self.targets else None

    def milestones_in(self, year: int) -> tuple[Target, ...]:
        """Targets of years that are past."""
        return tuple(target for target in self.targets if target.year < year)


A1 = Definition(
    "A1",
    Words("Thanh toán trực tuyến", "Online payment"),
    ("Q1",),
    Words(
        "Điểm được tính khi (a) ngày mở cửa cuối kỳ khách ẩn danh mua được trực tuyến ít nhất một "
        "sản phẩm có giá, theo bản chụp từ giao diện công khai, và (b) trong kỳ có ít nhất một "
        "thanh toán không dùng tiền mặt đã quyết toán, đã đối soát, không phải của nhân viên, "
        "không dưới mức giá sàn, chưa hoàn toàn bộ. Vé liên tuyến chỉ tính cho điểm có lượt vào.",
        "A site counts when (a) on its last open day of the window an anonymous visitor could buy "
        "something with a price online, by snapshots of the public interface, and (b) at least "
        "one cashless payment settled in the window: reconciled, not by staff, not below the "
        "price floor, not fully refunded. A combo counts only where somebody entered.",
    ),
    Words(
        "số điểm được tính / số điểm trong phạm vi ngày cuối kỳ (kể cả điểm miễn phí)",
        "sites that count / sites in scope on the last day, free ones included",
    ),
    (Target(90, PAST_YEAR),),
)
A1B = Definition(
    "A1b",
    Words("Thanh toán không tiền mặt tại quầy", "Cashless payment at the counter"),
    ("Q1",),
    Words(
        "Cách hiểu rộng của «tại các điểm đến»: trong kỳ có thanh toán VietQR hoặc thẻ tại quầy "
        "của điểm. Số chính vẫn là A1.",
        "The wider reading of «tại các điểm đến»: a VietQR or card payment at the counter of the "
        "site in the window. The headline stays A1.",
    ),
    Words("số điểm được tính / số điểm trong phạm vi", "sites that count / sites in scope"),
)
A2 = Definition(
    "A2",
    Words("Dịch vụ thực tế ảo", "Virtual-reality service"),
    ("Q1", "Q2", "Q4", "Q34"),
    Words(
        "Điểm được tính khi có tham quan ảo 360° đã công bố, có ít nhất một cảnh chụp tại điểm, "
        "được người quản lý phê duyệt, trang trả lời đúng ít nhất 95% lần kiểm tra hằng ngày và "
        "có ít nhất một lượt xem từ 10 giây trong kỳ không phải của nhân viên hay máy kiểm tra.",
        "A site counts when a 360° tour is published with a scene taken in the site and the "
        "approval of its manager, its page answers at least 95 % of the daily probes, and one "
        "visit in the window lasted ten seconds, neither by staff nor by a probe.",
    ),
    Words("số điểm được tính / số điểm trong phạm vi", "sites that count / sites in scope"),
    (Target(90, PAST_YEAR), Target(100, NEXT_YEAR)),
)
A3 = Definition(
    "A3",
    Words("Thực tế ảo và thanh toán trực tuyến", "Virtual reality and online payment together"),
    ("Q1",),
    Words(
        "Điểm đạt cả A1 và A2: con số mà Q1 nêu («thực tế ảo và thanh toán trực tuyến»).",
        "Sites with both A1 and A2: the number that Q1 asks for.",
    ),
    Words("số điểm có cả A1 và A2 / số điểm trong phạm vi", "sites with both / sites in scope"),
    (Target(90, PAST_YEAR),),
)
A4 = Definition(
    "A4",
    Words("Giới thiệu bằng công nghệ số 3D, 4D", "Presentation in 3D or 4D"),
    ("Q2", "Q4"),
    Words(
        "Điểm có ít nhất một mô hình 3D, ảnh đo hoặc phục dựng theo thời gian đã công bố, với "
        "cùng bằng chứng kiểm tra trang và lượt xem như A2. Mục tiêu nội bộ.",
        "Sites with a published 3D model, photogrammetry or reconstruction over time, with the "
        "same proof by probes and visits as A2. The target is internal.",
    ),
    Words("số điểm được tính / số điểm trong phạm vi", "sites that count / sites in scope"),
    (Target(100, NEXT_YEAR, internal=True),),
)
A5 = Definition(
    "A5",
    Words("Thuyết minh tự động", "Automatic narration"),
    ("Q1", "Q2"),
    Words(
        "Danh sách điểm dừng đã phê duyệt; mỗi điểm dừng bắt buộc có bản thuyết minh đã công bố "
        "bằng tiếng Việt và ít nhất một ngôn ngữ khác, có lời văn; trong kỳ có lượt nghe từ 80% "
        "bằng tiếng Việt và bằng ngôn ngữ khác. Giọng máy chỉ tính khi có người kiểm duyệt.",
        "The list of stops is approved; every required stop has a published track in Vietnamese "
        "and in another language, with its transcript; in the window somebody heard four fifths "
        "of a track in Vietnamese and in another language. Machine voices count when reviewed.",
    ),
    Words("số điểm được tính / số điểm trong phạm vi", "sites that count / sites in scope"),
    (Target(90, PAST_YEAR, internal=True), Target(100, NEXT_YEAR, internal=True)),
)
A6 = Definition(
    "A6",
    Words("Dịch vụ thanh toán được trực tuyến", "Services payable online"),
    ("Q2",),
    Words(
        "«95% các dịch vụ thanh toán trực tuyến» có hai cách hiểu. Cách 1 (số chính): cặp (điểm, "
        "sản phẩm) có thu phí đang bán ngày cuối kỳ và có giao dịch trong kỳ; tử số là các cặp "
        "được bán và có thanh toán trực tuyến như A1. Cách 2: thanh toán trực tuyến trên mọi "
        "thanh toán tại các điểm, theo số lượng và theo giá trị. Chờ cơ quan quản lý xác nhận.",
        "«95% các dịch vụ thanh toán trực tuyến» can be read in two ways. Reading 1 (headline): "
        "paid (site, product) pairs on sale on the last day with a sale in the window; the "
        "numerator are those offered and paid online as in A1. Reading 2: online payments among "
        "all payments at the sites, by count and by value. To be confirmed by the department.",
    ),
    Words(
        "số cặp (điểm, sản phẩm) thanh toán trực tuyến / số cặp có bán trong kỳ",
        "(site, product) pairs paid online / pairs sold in the window",
    ),
    (Target(95, NEXT_YEAR),),
)
A7 = Definition(
    "A7",
    Words("Sử dụng vé điện tử", "Use of electronic tickets"),
    ("Q3",),
    Words(
        "(i) lượt vào bằng vé điện tử trên tổng lượt vào, tính theo người, mẫu số gồm cả lượt ghi "
        "giấy; (ii) tỷ lệ mua trực tuyến trước khi đến; (iii) mua được mọi lúc: kiểm tra mua mỗi "
        "giờ thành công từ 99%.",
        "(i) people entering with an electronic ticket among all who enter, entries on paper "
        "included; (ii) the share bought online before arrival; (iii) available at all hours: "
        "hourly buy probes succeed in 99 %.",
    ),
    Words(
        "số người vào bằng vé điện tử / tổng số người vào",
        "people with an electronic ticket / all people who entered",
    ),
)
B1 = Definition(
    "B1",
    Words("Hài lòng của khách", "Satisfaction of visitors"),
    ("Q5",),
    Words(
        "Khảo sát sau chuyến thăm, mỗi đơn một câu trả lời, thang 5; hài lòng là 4 hoặc 5. Dưới "
        "30 câu trả lời: chưa đủ dữ liệu. Kèm khoảng tin cậy Wilson 95%. Không phải mức hài lòng "
        "về thủ tục hành chính (Q24).",
        "A survey after the visit, one answer for each order, five points; satisfied is 4 or 5. "
        "Below 30 answers: not enough data. With Wilson's interval of 95 %. It is not the "
        "satisfaction with administrative procedures (Q24).",
    ),
    Words("số câu trả lời hài lòng / số câu trả lời hợp lệ", "satisfied / valid answers"),
    (Target(90, PAST_YEAR),),
)
D1 = Definition(
    "D1",
    Words("Báo cáo được ký số đúng hạn", "Reports signed in time"),
    ("Q8", "Q21", "Q22"),
    Words(
        "Báo cáo đến hạn từ đầu năm; được tính khi tệp có chữ ký số hợp lệ, dấu thời gian không "
        "quá hạn và băm của tệp trùng với báo cáo đã chốt. Ảnh chữ ký không phải chữ ký.",
        "Reports due in the year so far; one counts when its file carries a valid digital "
        "signature with a time stamp not after the due day, over the frozen report. A picture of "
        "a signature is none.",
    ),
    Words("số báo cáo ký đúng hạn / số báo cáo đến hạn", "signed in time / due"),
    (Target(100, PAST_YEAR),),
)
D4 = Definition(
    "D4",
    Words("Dữ liệu mở", "Open data"),
    ("Q29", "Q45"),
    Words(
        "Tập dữ liệu trong danh mục được công bố kèm giấy phép, máy đọc được, có mô tả và cập "
        "nhật đúng tần suất cam kết ở cuối kỳ.",
        "Datasets of the catalogue that are published with a licence, machine-readable, described "
        "and updated as often as declared at the end of the window.",
    ),
    Words("số tập dữ liệu đủ điều kiện / số tập trong danh mục", "good / all datasets"),
)
MEASURED: Mapping[str, Definition] = {
    each.code: each for each in (A1, A1B, A2, A3, A4, A5, A6, A7, B1, D1, D4)
}
