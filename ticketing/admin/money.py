from ticketing.domain import spoken


def dong(amount: int) -> str:
    """Whole đồng as they are written by who reads, with their sign."""
    return f"{spoken.dong(amount)} ₫"
