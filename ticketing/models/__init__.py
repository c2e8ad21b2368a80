"""What is sold, ordered, issued and scanned."""

from ticketing.models.gates import Admission, Enrolment, GateDevice, Outcome, Scan
from ticketing.models.keys import SigningKey
from ticketing.models.orders import Order, OrderLine, OrderStatus
from ticketing.models.products import (
    Entitlement,
    EntryPolicy,
    Product,
    ProductText,
    Tariff,
    VisitorCategory,
    VisitorCategoryText,
)
from ticketing.models.tickets import Ticket, TicketStatus

__all__ = [
    "Admission",
    "Enrolment",
    "Entitlement",
    "EntryPolicy",
    "GateDevice",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Outcome",
    "Product",
    "ProductText",
    "Scan",
    "SigningKey",
    "Tariff",
    "Ticket",
    "TicketStatus",
    "VisitorCategory",
    "VisitorCategoryText",
]
