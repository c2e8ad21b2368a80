"""Only one spelling of a real point of the curve may stand in a trust list."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ticketing.domain.ed25519_points import PRIME, is_trustworthy

# The points whose order divides eight, in every spelling that a careless library reads.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize("public_key", SMALL_ORDER)
def test_a_key_of_small_order_is_not_trusted(public_key: str) -> None:
    assert not is_trustworthy(bytes.fromhex(public_key))


@given(y=st.integers(PRIME, 2**255 - 1), sign=st.booleans())
def test_a_second_spelling_of_a_point_is_not_trusted(*, y: int, sign: bool) -> None:
    assert not is_trustworthy((y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_length_is_not_trusted(size: int) -> None:
    assert not is_trustworthy(b"\x07" * size)


def test_a_number_that_is_no_point_is_not_trusted() -> None:
    # Two is not the y of any point.
    assert not is_trustworthy((2).to_bytes(32, "little"))


@given(st.binary(min_size=32, max_size=32))
def test_every_real_key_is_trusted(seed: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()

    assert is_trustworthy(key.public_bytes_raw())
