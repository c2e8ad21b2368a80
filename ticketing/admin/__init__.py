"""The console of prices and passes: managers of an organisation, for its products alone."""

from ticketing.admin import free_days, products, revenue, tariffs

__all__ = ["free_days", "products", "revenue", "tariffs"]
