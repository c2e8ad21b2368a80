"""What the sources leave open; stands at the end of each report."""

from reporting.domain.indicators.report import Words

OPEN = (
    Words(
        "Cách hiểu 95% của Q2 (A6).",
        "How the 95 % of Q2 are to be read (A6).",
    ),
    Words(
        "Điểm chỉ vào cửa miễn phí có nằm trong mẫu số của Q1 hay không.",
        "Whether sites with free entry only belong to the denominator of Q1.",
    ),
    Words("Danh sách «điểm văn hóa».", "The list of «điểm văn hóa»."),
    Words(
        "Mẫu báo cáo quý chính thức và địa chỉ nhận điện tử sau sắp xếp năm 2025.",
        "The official form of the quarterly report and its electronic address since 2025.",
    ),
    Words(
        "Đã có kế hoạch mới cho 2026–2030 thay thế hay chưa.",
        "Whether a newer plan for 2026 to 2030 replaces this one.",
    ),
)
