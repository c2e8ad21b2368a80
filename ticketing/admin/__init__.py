"""The console of tickets: prices, passes, closed places, orders, and how many people fit when."""

from sites.admin.words import name_rows
from ticketing.admin import (
    capacities,
    closure_cases,
    free_days,
    gates,
    operators,
    orders,
    products,
    slots,
    tariffs,
)

__all__ = [
    "capacities",
    "closure_cases",
    "free_days",
    "gates",
    "operators",
    "orders",
    "products",
    "slots",
    "tariffs",
]

name_rows("ticketing")
