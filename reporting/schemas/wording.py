"""What the report's own terms are called in both languages."""

from reporting.domain.indicators.report import Status, Target, Verdict, Words
from reporting.domain.signing import SignatureVerdict
from reporting.models import Filing, Sending

STATUS = {
    Status.REACHED: Words("đạt", "reached"),
    Status.REACHED_NARROWLY: Words(
        "đạt theo mẫu số hẹp (chỉ điểm có thu phí)",
        "reached over the narrow denominator (paid sites only)",
    ),
    Status.MISSED: Words("không đạt", "missed"),
    Status.NOT_ENOUGH_DATA: Words("chưa đủ dữ liệu", "not enough data"),
    Status.NOT_APPLICABLE: Words("không áp dụng", "not applicable"),
    Status.NO_TARGET: Words("không có chỉ tiêu", "no target"),
    Status.OUTSIDE: Words("ngoài phạm vi hệ thống", "outside this system"),
}
VERDICT = {
    Verdict.YES: Words("được tính", "counts"),
    Verdict.NO: Words("chưa", "not yet"),
    Verdict.EXCUSED: Words("miễn tính", "excused"),
    Verdict.NOT_APPLICABLE: Words("không áp dụng", "not applicable"),
}
MARK = {
    Verdict.YES: "✓",
    Verdict.NO: "✗",
    Verdict.EXCUSED: "○",
    Verdict.NOT_APPLICABLE: "–",
}
KIND = {
    "di_tich": Words("di tích", "monument"),
    "bao_tang": Words("bảo tàng", "museum"),
    "diem_van_hoa": Words("điểm văn hóa", "cultural point"),
}
CHANGE = {
    "added": Words("thêm", "added"),
    "altered": Words("thay đổi", "altered"),
    "removed": Words("đưa ra khỏi danh mục", "removed"),
    "excused": Words("miễn tính", "excused"),
    "excuse_withdrawn": Words("rút miễn tính", "excuse withdrawn"),
}
# Of the tariff; another one is called by its code.
CATEGORY = {
    "adult": Words("người lớn", "adults"),
    "child": Words("trẻ em", "children"),
    "infant": Words("trẻ nhỏ", "infants"),
    "pupil": Words("học sinh", "pupils"),
    "student": Words("sinh viên", "students"),
    "elderly": Words("người cao tuổi", "elderly people"),
    "disabled": Words("người khuyết tật", "disabled people"),
    "severely_disabled": Words("người khuyết tật nặng", "severely disabled people"),
    "priority": Words("đối tượng ưu tiên", "people with priority"),
    "poor_household": Words("hộ nghèo", "poor households"),
    "resident": Words("người dân địa phương", "residents"),
    "guide": Words("hướng dẫn viên", "guides"),
    "citizen_free_day": Words("ngày miễn phí cho công dân", "citizens on free days"),
}
FILING = {
    Filing.Status.DRAFT: Words("bản nháp", "draft"),
    Filing.Status.FROZEN: Words("đã chốt số liệu, chờ ký", "frozen, waits for a signature"),
    Filing.Status.SIGNED: Words("đã ký số", "signed"),
    Filing.Status.SENT: Words("đã gửi", "sent"),
    Filing.Status.ACKNOWLEDGED: Words("đã được xác nhận", "acknowledged"),
}
SYSTEM = {
    Sending.System.MINISTRY: Words(
        "Hệ thống thông tin báo cáo của Bộ", "the ministry's reporting system"
    ),
    Sending.System.CITY: Words("Hệ thống báo cáo số của Tỉnh", "the province's reporting system"),
    Sending.System.NATIONAL: Words(
        "Hệ thống thông tin báo cáo quốc gia", "the national reporting system"
    ),
}
SIGNATURE = {
    SignatureVerdict.VALID: Words(
        "Chữ ký hợp lệ, đúng hạn.", "The signature is valid and in time."
    ),
    SignatureVerdict.LATE: Words(
        "Chữ ký hợp lệ nhưng dấu thời gian sau hạn: báo cáo được ghi là ký muộn.",
        "The signature is valid, its time stamp is after the due day: kept as signed late.",
    ),
    SignatureVerdict.NOT_A_PDF: Words("Tệp này không phải PDF.", "This file is no PDF."),
    SignatureVerdict.NO_SIGNATURE: Words(
        "Tệp không có chữ ký số. Hình ảnh chữ ký không được tính.",
        "The file carries no digital signature. A picture of one does not count.",
    ),
    SignatureVerdict.OTHER_FILE: Words(
        "Tệp đã ký không phải là báo cáo đã tải về, hoặc đã bị sửa trước khi ký.",
        "What was signed is not the report that was downloaded, or it was changed before.",
    ),
    SignatureVerdict.CHANGED: Words(
        "Tệp đã bị thay đổi sau khi ký.", "The file was changed after it was signed."
    ),
    SignatureVerdict.PART_OF_FILE: Words(
        "Chữ ký không bao trùm toàn bộ tệp.", "The signature does not cover the whole file."
    ),
    SignatureVerdict.UNKNOWN_SIGNER: Words(
        "Chứng thư của người ký không thuộc tổ chức chứng thực đã cấu hình.",
        "The signer's certificate does not lead to a root that is trusted here.",
    ),
    SignatureVerdict.REVOKED: Words(
        "Chứng thư đã bị thu hồi trước lúc ký.", "The certificate was revoked before it signed."
    ),
    SignatureVerdict.REVOCATION_UNKNOWN: Words(
        "Không có danh sách thu hồi còn hiệu lực để kiểm tra chứng thư.",
        "There is no current revocation list to check the certificate with.",
    ),
    SignatureVerdict.NO_TIME_STAMP: Words(
        "Chữ ký không có dấu thời gian.", "The signature has no time stamp."
    ),
    SignatureVerdict.UNKNOWN_TIME_STAMP: Words(
        "Dấu thời gian không do tổ chức được tin cậy cấp.",
        "The time stamp is not of a time stamper that is trusted here.",
    ),
    SignatureVerdict.FROM_THE_FUTURE: Words(
        "Dấu thời gian nằm ở tương lai.", "The time stamp lies in the future."
    ),
    SignatureVerdict.UNREADABLE_SIGNATURE: Words(
        "Không đọc được chữ ký trong tệp.", "The signature in the file cannot be read."
    ),
}
INTERNAL = Words("mục tiêu nội bộ", "internal target")


def target_words(target: Target | None) -> Words:
    if target is None:
        return Words("–", "–")
    text = f"{target.percent} % ({target.year})"
    if target.internal:
        return Words(f"{text}, {INTERNAL.vi}", f"{text}, {INTERNAL.en}")
    return Words(text, text)


EVIDENCE = {
    "payment": Words("thanh toán trực tuyến", "online payment"),
    "counter_payment": Words("thanh toán tại quầy", "payment at the counter"),
    "offer_snapshot": Words("bản chụp dịch vụ bán", "snapshot of what was on offer"),
    "page_probe": Words("lần kiểm tra trang", "probe of the page"),
    "tour_visit": Words("lượt xem thực tế ảo", "visit of a tour"),
    "tour_version": Words("phiên bản tham quan ảo được duyệt", "approved version of a tour"),
    "play": Words("lượt nghe thuyết minh", "play of a narration"),
}
EVIDENCE_FACTS = {
    "amount": Words("số tiền (đồng)", "amount (đồng)"),
    "provider": Words("nhà cung cấp", "provider"),
    "reference_sha256": Words("SHA-256 của mã giao dịch", "SHA-256 of the provider's reference"),
    "settled_at": Words("quyết toán lúc", "settled at"),
    "order": Words("số đơn nội bộ", "internal number of the order"),
    "method": Words("cách trả", "method"),
    "listed_in": Words("nằm trong danh sách", "listed in"),
    "day": Words("ngày", "day"),
    "hour": Words("giờ", "hour"),
    "products": Words("sản phẩm mua được", "what could be bought"),
    "methods": Words("cách thanh toán", "ways to pay"),
    "answer_sha256": Words("SHA-256 của câu trả lời", "SHA-256 of the answer"),
    "url": Words("địa chỉ", "address"),
    "status": Words("mã trả lời", "status"),
    "ok": Words("trả lời đúng", "answered correctly"),
    "tour": Words("số của tham quan ảo", "number of the tour"),
    "seconds": Words("số giây", "seconds"),
    "started_at": Words("bắt đầu lúc", "started at"),
    "number": Words("phiên bản", "version"),
    "content_sha256": Words("SHA-256 của nội dung", "SHA-256 of the content"),
    "approved_at": Words("duyệt lúc", "approved at"),
    "published_at": Words("công bố lúc", "published at"),
    "stop": Words("số của điểm dừng", "number of the stop"),
    "language": Words("ngôn ngữ", "language"),
    "share_heard": Words("phần đã nghe", "share that was heard"),
}
NOT_NOW = {
    "no_file": Words(
        "Chưa chọn tệp, hoặc tệp lớn hơn 20 MB.", "No file was chosen, or it is larger than 20 MB."
    ),
    "state": Words(
        "Báo cáo không còn ở bước này. Trang đã được tải lại.",
        "The report is not at this step any more. The page was loaded again.",
    ),
}
