"""Our reference survives banks, thumbs and time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.references import new_reference
from payments.gateways.references import (
    ALPHABET,
    check_character,
    is_reference,
    references_in,
)

seven = st.text(ALPHABET, min_size=7, max_size=7)


@given(seven)
def test_the_check_character_completes_a_reference(text: str) -> None:
    assert is_reference(text + check_character(text))


@given(seven, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_seen(text: str, place: int, other: str) -> None:
    right = text + check_character(text)
    wrong = right[:place] + other + right[place + 1 :]

    assert is_reference(wrong) == (wrong == right)


@pytest.mark.parametrize("text", ["", "7K3M9QX", "7K3M9QX23", "7K3M9QXO", "7k3m9qx2", "7K3M9QXé"])
def test_nothing_else_is_a_reference(text: str) -> None:
    assert not is_reference(text)


A = "7K3M9QX" + check_character("7K3M9QX")
B = "0011001" + check_character("0011001")


@pytest.mark.parametrize(
    ("memo", "found"),
    [
        (f"HUE{A}", [A]),
        (f"MBVCB.123.456789.HUE{A}.CT tu 0123456789 NGUYEN VAN A toi 1031933430", [A]),
        (f"hue {A.lower()[:4]}-{A.lower()[4:]} chuyen tien", [A]),
        (f"thanh toan veHUE{A}GD 123456", [A]),
        (f"XHUEHUE{A}AB", [A]),
        (f"ＨＵＥ{A}", [A]),
        (f"HUE{A} HUE{A}", [A]),
        (f"HUE{A} va HUE{B}", [A, B]),
        # Zeros and ones as thumbs write them, when nothing plain is there.
        (f"HUE{B.replace('0', 'O').replace('1', 'I')}", [B]),
        (f"HUE{B.replace('1', 'l')}", [B]),
        (f"HUE{A[:-1]}", []),
        (f"HUE{A[:-1]}{'0' if A[-1] != '0' else '1'}", []),
        ("chuyen tien", []),
        ("", []),
    ],
)
def test_a_reference_survives_what_banks_and_people_do_to_it(memo: str, found: list[str]) -> None:
    assert references_in(memo) == found


@given(seven, st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_around_it_a_reference_is_found(text: str, before: str, after: str) -> None:
    reference = text + check_character(text)

    assert reference in references_in(f"{before}HUE{reference}{after}")


@pytest.mark.django_db
def test_a_new_reference_is_well_formed() -> None:
    made = {new_reference() for _ in range(50)}

    assert len(made) == 50
    assert all(is_reference(one) for one in made)
