"""Which public keys may stand in a trust list.

Libraries differ in what they accept as a point of the curve. A key of small order would accept
signatures that nobody made, and a second spelling of one point would be a second key.
"""

PRIME = 2**255 - 19
ORDER_OF_BASE_POINT = 2**252 + 27742317777372353535851937790883648493
PUBLIC_KEY_BYTES = 32

_D = -121665 * pow(121666, -1, PRIME) % PRIME
# The y of the points whose order divides four.
_SMALL_ORDER_Y = frozenset({0, 1, PRIME - 1})


def is_trustworthy(public_key: bytes) -> bool:
    """True for the one spelling of a point of the curve that is not of small order."""
    if len(public_key) != PUBLIC_KEY_BYTES:
        return False
    y = int.from_bytes(public_key, "little") & (1 << 255) - 1
    return y < PRIME and not _is_of_small_order(y) and _is_on_the_curve(y)


def _is_of_small_order(y: int) -> bool:
    """A point of order eight is one whose double has y = 0: then d·y⁴ + 2·y² = 1."""
    return y in _SMALL_ORDER_Y or (_D * pow(y, 4, PRIME) + 2 * y * y - 1) % PRIME == 0


def _is_on_the_curve(y: int) -> bool:
    """Euler's criterion on x² = (y² - 1) / (d·y² + 1)."""
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, PRIME) % PRIME
    return pow(x_squared, (PRIME - 1) // 2, PRIME) == 1
