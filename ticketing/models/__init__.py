"""What is sold, ordered, issued and scanned."""

from ticketing.models.bookings import SlotBooking, SlotDifference
from ticketing.models.calendars import CalendarException, CalendarExceptionText, CalendarRule
from ticketing.models.capacity import Capacity, CapacityUse, Slot
from ticketing.models.changes import Cancellation, CancellationLine, ChangeKind, ChangeRule
from ticketing.models.closure_cases import ClosureCase, ClosureCaseOrder
from ticketing.models.gate_care import (
    CodeSearch,
    DeviceState,
    GateKey,
    PackPart,
    Revocation,
    StaffPin,
    TrustList,
)
from ticketing.models.gates import Admission, Enrolment, GateDevice, Outcome, Scan
from ticketing.models.group_rules import CompanionRule, GuideRule
from ticketing.models.keys import SigningKey
from ticketing.models.moves import Move, MoveLine
from ticketing.models.operators import (
    Operator,
    OperatorKey,
    OperatorOrder,
    OperatorUser,
    SavedGroup,
    SavedGroupPart,
)
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
from ticketing.models.scan_log import (
    ClockReading,
    EntryVerdict,
    EventRelease,
    GateEvent,
    Incident,
)
from ticketing.models.tariffs import FreeDay, FreeDayText, RevenueKind, Tariff, TariffEvent
from ticketing.models.tickets import Ticket, TicketStatus
from ticketing.models.transfers import Transfer

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
    "ClockReading",
    "ClosureCase",
    "ClosureCaseOrder",
    "CodeSearch",
    "CompanionRule",
    "DeviceState",
    "Enrolment",
    "Entitlement",
    "EntryPolicy",
    "EntryVerdict",
    "EventRelease",
    "FreeDay",
    "FreeDayList",
    "FreeDayText",
    "GateDevice",
    "GateEvent",
    "GateKey",
    "GuideRule",
    "Incident",
    "LineSplit",
    "Move",
    "MoveLine",
    "Operator",
    "OperatorKey",
    "OperatorOrder",
    "OperatorUser",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Outcome",
    "PackPart",
    "Product",
    "ProductText",
    "Reissue",
    "RevenueKind",
    "RevenueShare",
    "RevenueSplit",
    "RevenueWeight",
    "Revocation",
    "SavedGroup",
    "SavedGroupPart",
    "Scan",
    "SigningKey",
    "Slot",
    "SlotBooking",
    "SlotDifference",
    "SplitMethod",
    "StaffPin",
    "Tariff",
    "TariffEvent",
    "Ticket",
    "TicketStatus",
    "Transfer",
    "TrustList",
    "ValidityMode",
    "VisitorCategory",
    "VisitorCategoryText",
]
