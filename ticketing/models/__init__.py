"""What is sold, ordered, issued and scanned."""

from ticketing.models.gates import Admission, Enrolment, GateDevice, Outcome, Scan
from ticketing.models.keys import SigningKey
from ticketing.models.orders import Order, OrderLine, OrderStatus
from ticketing.models.products import (
    Entitlement,
    EntryPolicy,
    FreeDayList,
    Product,
    ProductText,
    VisitorCategory,
    VisitorCategoryText,
)
from ticketing.models.tariffs import FreeDay, FreeDayText, RevenueKind, Tariff
from ticketing.models.tickets import Ticket, TicketStatus

__all__ = [
    "Admission",
    "Enrolment",
    "Entitlement",
    "EntryPolicy",
    "FreeDay",
    "FreeDayList",
    "FreeDayText",
    "GateDevice",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Outcome",
    "Product",
    "ProductText",
    "RevenueKind",
    "Scan",
    "SigningKey",
    "Tariff",
    "Ticket",
    "TicketStatus",
    "VisitorCategory",
    "VisitorCategoryText",
]
