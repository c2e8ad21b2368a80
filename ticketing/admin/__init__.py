"""The console of tickets: prices and passes of an organisation, closed places, orders."""

from ticketing.admin import closure_cases, free_days, orders, products, revenue, tariffs

__all__ = ["closure_cases", "free_days", "orders", "products", "revenue", "tariffs"]
