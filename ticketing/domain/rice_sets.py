"""Sorted whole numbers in few bytes: Rice coding of their differences.

Each difference from the number before (the first from 0) is written as its quotient by 2^low in
unary, ones and then a zero, followed by its `low` lowest bits, the most significant first. Zero
bits fill the last byte.
"""

from collections.abc import Iterable, Iterator

MOST_PADDING = 7


class BrokenSetError(ValueError):
    """The bytes hold fewer numbers than promised, or more."""


def encode(numbers: Iterable[int], *, low: int) -> bytes:
    """Write the numbers in ascending order; those that are there twice stay so."""
    bits = "".join(_bits_of(sorted(numbers), low))
    length = -(-len(bits) // 8)
    return int(bits.ljust(length * 8, "0") or "0", 2).to_bytes(length, "big")


def _bits_of(numbers: Iterable[int], low: int) -> Iterator[str]:
    before = 0
    for number in numbers:
        quotient, rest = divmod(number - before, 1 << low)
        yield "1" * quotient + "0" + (f"{rest:0{low}b}" if low else "")
        before = number


def decode(data: bytes, *, count: int, low: int) -> Iterator[int]:
    """Read so many numbers back, in ascending order; there are no more and no less."""
    bits = "".join(f"{byte:08b}" for byte in data)
    at = number = 0
    for _ in range(count):
        zero = bits.find("0", at)
        end = zero + 1 + low
        if zero < 0 or end > len(bits):
            raise BrokenSetError
        number += (zero - at << low) + (int(bits[zero + 1 : end], 2) if low else 0)
        at = end
        yield number
    if len(bits) - at > MOST_PADDING or "1" in bits[at:]:
        raise BrokenSetError


def best_low(*, count: int, beyond: int) -> int:
    """How many low bits make the shortest code for so many random numbers below `beyond`."""
    return max(0, (beyond // max(count, 1)).bit_length() - 1)
