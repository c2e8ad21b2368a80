"""Our own name of a payment attempt: unique for ever, not to be guessed, and self-checking.

A buyer may type it into a bank app by hand, so it has no letter that looks like a digit, and its
last character betrays a slip.
"""

import re
import unicodedata
from typing import Final

# Crockford's alphabet: no I, L, O or U.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE: Final = len(ALPHABET)
LENGTH: Final = 8
PREFIX: Final = "HUE"
# How a transfer of ours that gives money back begins.
REFUND_MEMO: Final = "HOAN TIEN"
# Overlapping finds too: a bank may have glued a word that ends in HUE to the front.
IN_A_MEMO: Final = re.compile(rf"(?={PREFIX}([0-9A-Z]{{{LENGTH}}}))")
# What people write for what the alphabet has.
SLIPS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def check_character(text: str) -> str:
    """Compute the last character (ISO 7064, hybrid system, for 32 characters)."""
    carry = BASE
    for character in text:
        total = (carry + ALPHABET.index(character)) % BASE or BASE
        carry = total * 2 % (BASE + 1)
    return ALPHABET[(BASE + 1 - carry) % BASE]


def is_reference(text: str) -> bool:
    """Say whether this could be a reference: the length, the letters and the last character."""
    if len(text) != LENGTH or any(character not in ALPHABET for character in text):
        return False
    return check_character(text[:-1]) == text[-1]


def references_in(memo: str) -> list[str]:
    """Find our references in what a bank made of a memo, in their order, each once.

    Banks put words before and after it, drop spaces and marks; people type it anew.
    """
    squeezed = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", memo).upper())
    found = IN_A_MEMO.findall(squeezed)
    plain = [text for text in found if is_reference(text)]
    mended = [text.translate(SLIPS) for text in found]
    chosen = plain or [text for text in mended if is_reference(text)]
    return list(dict.fromkeys(chosen))
