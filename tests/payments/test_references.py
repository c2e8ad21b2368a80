"""Our reference survives banks, thumbs and time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.references import (
    ALPHABET,
    IN_A_MEMO,
    check_character,
    is_reference,
    new_reference,
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


def test_references_in_a_memo_are_found_overlapping_too() -> None:
    assert IN_A_MEMO.findall("XHUEHUE7K3M9QX2AB") == ["7K3M9QX2"]
    assert IN_A_MEMO.findall("HUE00000000HUE11111111") == ["00000000", "11111111"]


@pytest.mark.django_db
def test_a_new_reference_is_well_formed() -> None:
    made = {new_reference() for _ in range(50)}

    assert len(made) == 50
    assert all(is_reference(one) for one in made)
