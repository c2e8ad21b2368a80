"""What is sold, ordered, issued and scanned."""

from ticketing.models.bookings import SlotBooking, SlotDifference
from ticketing.models.calendars import CalendarException, CalendarExceptionText, CalendarRule
from ticketing.models.capacity import Capacity, CapacityUse, Slot
from ticketing.models.changes import Cancellation, CancellationLine, ChangeKind, ChangeRule
from ticketing.models.gates import Admission, Enrolment, GateDevice, Outcome, Scan
from ticketing.models.keys import SigningKey
from ticketing.models.orders import Order, OrderLine, OrderStatus
from ticketing.models.products import (
    Entitlement,
    EntryPolicy,
    FreeDayList,
    Product,
    ProductText,
    ValidityMode,
    VisitorCategory,
    VisitorCategoryText,
)
from ticketing.models.reissues import Reissue
from ticketing.models.revenue import (
    LineSplit,
    RevenueShare,
    RevenueSplit,
    RevenueWeight,
    SplitMethod,
)
from ticketing.models.tariffs import FreeDay, FreeDayText, RevenueKind, Tariff, TariffEvent
from ticketing.models.tickets import Ticket, TicketStatus

__all__ = [
    "Admission",
    "CalendarException",
    "CalendarExceptionText",
    "CalendarRule",
    "Cancellation",
    "CancellationLine",
    "Capacity",
    "CapacityUse",
    "ChangeKind",
    "ChangeRule",
    "Enrolment",
    "Entitlement",
    "EntryPolicy",
    "FreeDay",
    "FreeDayList",
    "FreeDayText",
    "GateDevice",
    "LineSplit",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Outcome",
    "Product",
    "ProductText",
    "Reissue",
    "RevenueKind",
    "RevenueShare",
    "RevenueSplit",
    "RevenueWeight",
    "Scan",
    "SigningKey",
    "Slot",
    "SlotBooking",
    "SlotDifference",
    "SplitMethod",
    "Tariff",
    "TariffEvent",
    "Ticket",
    "TicketStatus",
    "ValidityMode",
    "VisitorCategory",
    "VisitorCategoryText",
]
