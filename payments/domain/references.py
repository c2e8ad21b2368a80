"""References that no attempt ever had."""

import secrets

from payments.gateways.references import ALPHABET, LENGTH, check_character
from payments.models import PaymentAttempt


def new_reference() -> str:
    """Choose one that no attempt ever had; the caller's insert proves it."""
    while True:
        text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        reference = text + check_character(text)
        if not PaymentAttempt.objects.filter(reference=reference).exists():
            return reference
