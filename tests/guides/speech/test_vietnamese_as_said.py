"""A table of what is written and what is said. Each row was a way to be misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.domain.normalising import to_say
from guides.domain.normalising.vietnamese_numbers import number, roman, to_roman

NUMBERS = {
    0: "không",
    4: "bốn",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi bốn",
    25: "hai mươi lăm",
    100: "một trăm",
    101: "một trăm lẻ một",
    105: "một trăm lẻ năm",
    110: "một trăm mười",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    1000: "một nghìn",
    1005: "một nghìn không trăm lẻ năm",
    1021: "một nghìn không trăm hai mươi mốt",
    24313: "hai mươi bốn nghìn ba trăm mười ba",
    1_000_000: "một triệu",
    1_000_005: "một triệu không trăm lẻ năm",
    3_050_000: "ba triệu không trăm năm mươi nghìn",
    128_000_000_000: "một trăm hai mươi tám tỷ",
    1_000_000_001: "một tỷ không trăm lẻ một",
    2_000_000_000_000: "hai nghìn tỷ",
}

SAID = {
    # Years.
    "xây năm 1833": "xây năm một nghìn tám trăm ba mươi ba",
    "năm 1802–1945": "năm một nghìn tám trăm lẻ hai đến một nghìn chín trăm bốn mươi lăm",
    "(1802-1945)": "(một nghìn tám trăm lẻ hai đến một nghìn chín trăm bốn mươi lăm)",
    "năm 2023.": "năm hai nghìn không trăm hai mươi ba.",
    "năm 111 TCN": "năm một trăm mười một trước Công nguyên",
    # Dates.
    "ngày 30/8/1945": "ngày ba mươi tháng tám năm một nghìn chín trăm bốn mươi lăm",
    "Ngày 1/5/2023": "Ngày mùng một tháng năm năm hai nghìn không trăm hai mươi ba",
    "mở lại 23/11/2024": (
        "mở lại ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi bốn"
    ),
    "23-11-2024": "ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi bốn",
    "30.4.1975": "ngày ba mươi tháng tư năm một nghìn chín trăm bảy mươi lăm",
    "2024-11-23": "ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi bốn",
    "lễ 30/4 và 1/5": "lễ ngày ba mươi tháng tư và ngày mùng một tháng năm",
    "Quốc khánh 2/9": "Quốc khánh ngày mùng hai tháng chín",
    "mùng 1/5": "mùng một tháng năm",
    "từ 26/1 đến 2/2": "từ ngày hai mươi sáu tháng một đến ngày mùng hai tháng hai",
    "ngày 26-28/4/2024": (
        "ngày hai mươi sáu đến hai mươi tám tháng tư năm hai nghìn không trăm hai mươi bốn"
    ),
    "tháng 4/2024": "tháng tư năm hai nghìn không trăm hai mươi bốn",
    "11/2021–11/2024": (
        "tháng mười một năm hai nghìn không trăm hai mươi mốt đến "
        "tháng mười một năm hai nghìn không trăm hai mươi bốn"
    ),
    "tháng 4 và tháng 12": "tháng tư và tháng mười hai",
    "ngày 2 tháng 9": "ngày mùng hai tháng chín",
    "ngày 2 tháng 9 năm 1945": ("ngày mùng hai tháng chín năm một nghìn chín trăm bốn mươi lăm"),
    "2/3 diện tích": "hai phần ba diện tích",
    "chiếm 35/40 phần": "chiếm ba mươi lăm phần bốn mươi phần",
    # Times.
    "từ 7h30 đến 17h": "từ bảy giờ ba mươi đến mười bảy giờ",
    "07:00": "bảy giờ",
    "7h–17h30": "bảy giờ đến mười bảy giờ ba mươi",
    "lúc 17:05": "lúc mười bảy giờ năm",
    # Roman numbers of centuries and kings.
    "thế kỷ XIX": "thế kỷ mười chín",
    "Thế kỷ XVI–XVIII": "Thế kỷ mười sáu đến mười tám",
    "thế kỷ XVI và XVII": "thế kỷ mười sáu và mười bảy",
    "TK XIX": "thế kỷ mười chín",
    "vua Louis XVI": "vua Louis mười sáu",
    "Napoléon III": "Napoléon ba",
    "lần thứ IV": "lần thứ tư",
    "Đại hội XIII": "Đại hội mười ba",
    "khu VIP": "khu VIP",
    "DI SẢN": "DI SẢN",
    "vua Duy Tân và I Ching": "vua Duy Tân và I Ching",
    # Ordinals.
    "vua thứ 4": "vua thứ tư",
    "lần thứ 1": "lần thứ nhất",
    "thứ 13": "thứ mười ba",
    # Numbers.
    "24.313 lượt khách": "hai mươi bốn nghìn ba trăm mười ba lượt khách",
    "80 cột gỗ lim": "tám mươi cột gỗ lim",
    "3,5": "ba phẩy năm",
    "3,05": "ba phẩy không năm",
    "3,25": "ba phẩy hai mươi lăm",
    "1.234.567,8": ("một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy phẩy tám"),
    "từ 5-7 ngày": "từ năm đến bảy ngày",
    "âm độ: -5": "âm độ: âm năm",
    "gọi 0234": "gọi không hai ba bốn",
    "Covid-19": "Covid mười chín",
    # Units.
    "cao 17m": "cao mười bảy mét",
    "dài 10 km": "dài mười ki lô mét",
    "12,5 m": "mười hai phẩy năm mét",
    "520 ha": "năm trăm hai mươi héc ta",
    "36 m2": "ba mươi sáu mét vuông",
    "1.300 m²": "một nghìn ba trăm mét vuông",
    "15–20 km": "mười lăm đến hai mươi ki lô mét",
    "38°C": "ba mươi tám độ C",
    "95 %": "chín mươi lăm phần trăm",
    "2.600kg": "hai nghìn sáu trăm ki lô gam",
    "60 km/h": "sáu mươi ki lô mét trên giờ",
    "5 mùa": "năm mùa",
    # Money.
    "200.000 đ": "hai trăm nghìn đồng",
    "200.000đ": "hai trăm nghìn đồng",
    "200.000₫": "hai trăm nghìn đồng",
    "50.000 VNĐ": "năm mươi nghìn đồng",
    "128 tỷ đồng": "một trăm hai mươi tám tỷ đồng",
    "128 tỷ VND": "một trăm hai mươi tám tỷ đồng",
    "$5": "năm đô la",
    "10 USD": "mười đô la Mỹ",
    "US$ 3 triệu": "ba triệu đô la Mỹ",
    # Abbreviations.
    "TP. Huế": "thành phố Huế",
    "TP.Huế": "thành phố Huế",
    "TP Huế": "thành phố Huế",
    "TP.HCM": "thành phố Hồ Chí Minh",
    "Q.1": "quận một",
    "P. Phú Hậu": "phường Phú Hậu",
    "UBND TP. Huế": "ủy ban nhân dân thành phố Huế",
    "GS. Trần": "giáo sư Trần",
    "PGS.TS Lê": "phó giáo sư tiến sĩ Lê",
    "PGS.TS. Lê": "phó giáo sư tiến sĩ Lê",
    "UNESCO": "U-nét-xcô",
    "voi, ngựa, v.v.": "voi, ngựa, vân vân.",
    "QL1A": "quốc lộ một A",
    # Signs.
    "vua & hoàng hậu": "vua và hoàng hậu",
    "Huế – cố đô": "Huế, cố đô",
    "xem https://example.vn/a": "xem",
    "gọi 0234 3823 529": "gọi không hai ba bốn, ba tám hai ba, năm hai chín",
    "(+84) 234.3823.529": "cộng tám bốn, hai ba bốn, ba tám hai ba, năm hai chín",
    "1 000 000 người": "một triệu người",
    "rộng 3 x 4 m": "rộng ba nhân bốn mét",
    "1993 – nay": "một nghìn chín trăm chín mươi ba đến nay",
    "cao 5m50": "cao năm mét năm mươi",
    "nghiêng 1º": "nghiêng một độ",
    "quý I/2024": "quý một năm hai nghìn không trăm hai mươi bốn",
    "*rất* `hay`": "rất hay",
    # Dates in the dashes of newspapers.
    "ngày 30-4": "ngày ba mươi tháng tư",
    "lễ 2-9": "lễ ngày mùng hai tháng chín",
    "15-8 âm lịch": "ngày mười lăm tháng tám âm lịch",
    "ngày 4-5 tháng 9": "ngày mùng bốn đến mùng năm tháng chín",
    "các ngày 4-6": "các ngày bốn đến sáu",
    "tháng 9-1945": "tháng chín năm một nghìn chín trăm bốn mươi lăm",
    "tháng 1-3": "tháng một đến tháng ba",
    "tháng 5–8/2024": "tháng năm đến tháng tám năm hai nghìn không trăm hai mươi bốn",
    "mùng 1-3 Tết": "mùng một đến ba Tết",
    "T4/2024": "tháng tư năm hai nghìn không trăm hai mươi bốn",
    "(T2-CN)": "(thứ hai đến chủ nhật)",
    # A century written once.
    "1916-17": "một nghìn chín trăm mười sáu đến một nghìn chín trăm mười bảy",
    "năm 1802–1805": "năm một nghìn tám trăm lẻ hai đến một nghìn tám trăm lẻ năm",
    "thế kỷ 17-18": "thế kỷ mười bảy đến mười tám",
    # Several Roman numbers behind one word.
    "các thế kỷ XVII, XVIII và XIX": "các thế kỷ mười bảy, mười tám và mười chín",
    "Bậc I, II và III": "Bậc một, hai và ba",
    "đầu TK.XIX": "đầu thế kỷ mười chín",
    "tk. 19": "thế kỷ mười chín",
    "hạng I": "hạng nhất",
    "kỳ I/2024": "kỳ một năm hai nghìn không trăm hai mươi bốn",
    # Roman numbers that stand alone.
    "tầng VII": "tầng bảy",
    "Thế chiến II": "Thế chiến hai",
    "Henry VIII": "Henry tám",
    "Vua Norodom I": "Vua Norodom một",
    "Napoléon đệ III": "Napoléon đệ tam",
    "Louis thứ XVI": "Louis thứ mười sáu",
    "II. Kiến trúc": "hai. Kiến trúc",
    "I. Mở đầu": "một. Mở đầu",
    "TRIỀU VI": "TRIỀU VI",
    # Titles and places.
    "GS.TS. Nguyễn": "giáo sư tiến sĩ Nguyễn",
    "GS.TS.Nguyễn": "giáo sư tiến sĩ Nguyễn",
    "PGS,TS. Lê": "phó giáo sư tiến sĩ Lê",
    "TS Phan Thanh Hải": "tiến sĩ Phan Thanh Hải",
    "KTS Hoàng": "kiến trúc sư Hoàng",
    "NSND. Lê": "nghệ sĩ nhân dân Lê",
    "Nxb. Thuận Hóa": "nhà xuất bản Thuận Hóa",
    "tp. Huế": "thành phố Huế",
    "TT. Huế": "Thừa Thiên Huế",
    "T.T.Huế": "Thừa Thiên Huế",
    "H.1": "hình một",
    "ông X. kể": "ông X kể",
    "ĐHQG Hà Nội": "đại học quốc gia Hà Nội",
    "năm 200 Tr.CN": "năm hai trăm trước Công nguyên",
    "voi, v.v...": "voi, vân vân.",
    # Points that divide nothing.
    "3.5 km": "ba phẩy năm ki lô mét",
    "25.5°C": "hai mươi lăm phẩy năm độ C",
    "mục 3.2": "mục ba chấm hai",
    "2.1. Lịch sử": "hai chấm một. Lịch sử",
    "1,234,567": "một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy",
    "3,1415": "ba phẩy một bốn một năm",
    # Parts and ratios.
    "bằng 1/3 cột": "bằng một phần ba cột",
    "1/4 thế kỷ": "một phần bốn thế kỷ",
    "tỷ lệ 1:500": "tỷ lệ một trên năm trăm",
    "bản đồ 1/25.000": "bản đồ một phần hai mươi lăm nghìn",
    "24/7": "hai mươi bốn trên bảy",
    # Below zero, about, at least.
    "-5°C": "âm năm độ C",
    "(−5 °C)": "(âm năm độ C)",
    "~ 500 năm": "khoảng năm trăm năm",
    "≥ 5": "ít nhất năm",
    "> 10 m": "hơn mười mét",
    "± 2": "cộng trừ hai",
    # Units of units.
    "200.000đ/vé": "hai trăm nghìn đồng một vé",
    "500 khách/ngày": "năm trăm khách một ngày",
    "45m/s": "bốn mươi lăm mét trên giây",
    "300 người/km²": "ba trăm người trên ki lô mét vuông",
    "hàng nghìn km²": "hàng nghìn ki lô mét vuông",
    "20%–30%": "hai mươi phần trăm đến ba mươi phần trăm",
    "16°28'": "mười sáu độ hai mươi tám phút",
    "30' đi bộ": "ba mươi phút đi bộ",
    "18h30'": "mười tám giờ ba mươi",
    "1m5": "một mét năm",
    "Km 7": "ki lô mét bảy",
    "nam/nữ": "nam, nữ",
    # Telephones.
    "ĐT: 0234.3523237": "điện thoại: không hai ba bốn, ba năm hai ba, hai ba bảy",
    "+84905123456": "cộng tám bốn, chín không năm, một hai ba, bốn năm sáu",
    "Hotline: 1900 1075": "Hotline: một chín không không, một không bảy năm",
    "gọi 113 hoặc 115": "gọi một một ba hoặc một một năm",
    "0234.3 822 226": "không hai ba bốn, ba, tám hai hai, hai hai sáu",
    # Papers and houses.
    "Nghị định 144/2018/NĐ-CP": (
        "Nghị định một trăm bốn mươi bốn năm hai nghìn không trăm mười tám, nghị định Chính phủ"
    ),
    "Quyết định số 821/QĐ-TTg": "Quyết định số tám trăm hai mươi mốt, quyết định Thủ tướng",
    "Luật số 5/2024": "Luật số năm năm hai nghìn không trăm hai mươi bốn",
    "số 12/3 Lê Lợi": "số mười hai trên ba Lê Lợi",
    # Addresses of machines.
    "info@hue.vn": "info a còng hue chấm vn",
    "xem www.hue.vn, rồi đi": "xem, rồi đi",
    # Money before its figure.
    "USD 5": "năm đô la Mỹ",
    "VND 100.000": "một trăm nghìn đồng",
    "300k": "ba trăm nghìn",
}


@pytest.mark.parametrize(("value", "said"), NUMBERS.items())
def test_a_number_in_words(value: int, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(("written", "said"), SAID.items())
def test_what_is_written_is_said(written: str, said: str) -> None:
    assert to_say(text=written, language="vi") == said


@given(st.integers(min_value=1, max_value=3999))
def test_roman_numbers_are_read_as_they_are_written(value: int) -> None:
    assert roman(to_roman(value)) == value


@given(st.integers(min_value=0, max_value=10**15))
def test_no_figure_is_left_to_the_voice(value: int) -> None:
    said = to_say(text=f"Có {value} và {value:,}".replace(",", "."), language="vi")

    assert not any(letter.isdecimal() for letter in said)


@given(st.text(alphabet="0123456789/-.,:h IVXLthángngàyTP%đ$m²\n", max_size=40))
def test_no_text_stops_the_reading(written: str) -> None:
    once = to_say(text=written, language="vi")

    assert not any(letter.isdecimal() for letter in once)


def test_kana_in_brackets_are_the_reading_of_the_characters_before() -> None:
    assert to_say(text="皇城《こうじょう》の門", language="ja") == "こうじょうの門"


def test_other_languages_keep_their_numbers() -> None:
    assert to_say(text="Built in **1833**\u200b.", language="en") == "Built in 1833 ."
