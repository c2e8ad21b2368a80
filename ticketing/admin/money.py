def dong(amount: int) -> str:
    """Whole đồng as they are written in Việt Nam."""
    return f"{amount:,} ₫".replace(",", ".")
