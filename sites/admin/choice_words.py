"""What choices are called in the console: models name them for programs, in capitals or in code.

The English words stay as they are (so that no migration comes of it); the context beside each says
which of its meanings is meant. `name_rows` gives them to the fields.
"""

from typing import Any, Final

from django.utils.translation import pgettext_lazy

PLACE: Final = (
    pgettext_lazy("kind of place", "Academy"),
    pgettext_lazy("kind of place", "Altar"),
    pgettext_lazy("kind of place", "Archaeological"),
    pgettext_lazy("kind of place", "Arena"),
    pgettext_lazy("kind of place", "Bridge"),
    pgettext_lazy("kind of place", "Citadel"),
    pgettext_lazy("kind of place", "Communal House"),
    pgettext_lazy("kind of place", "Craft Village"),
    pgettext_lazy("kind of place", "Fortification"),
    pgettext_lazy("kind of place", "Garden House"),
    pgettext_lazy("kind of place", "Heritage Quarter"),
    pgettext_lazy("kind of place", "Heritage Village"),
    pgettext_lazy("kind of place", "Library"),
    pgettext_lazy("kind of place", "Market"),
    pgettext_lazy("kind of place", "Memorial"),
    pgettext_lazy("kind of place", "Museum"),
    pgettext_lazy("kind of place", "Natural"),
    pgettext_lazy("kind of place", "Pagoda"),
    pgettext_lazy("kind of place", "Palace"),
    pgettext_lazy("kind of place", "Royal Tomb"),
    pgettext_lazy("kind of place", "Temple"),
    pgettext_lazy("kind of place", "Theatre"),
)
PLACED: Final = (
    pgettext_lazy("who placed it", "Osm"),
    pgettext_lazy("who placed it", "Published"),
    pgettext_lazy("who placed it", "Community"),
    pgettext_lazy("who placed it", "Approx"),
    pgettext_lazy("who placed it", "Derived"),
    pgettext_lazy("who placed it", "Unknown"),
)
LISTING: Final = (
    pgettext_lazy("listing", "a part of the listing by itself"),
    pgettext_lazy("listing", "inside a part of the listing"),
    pgettext_lazy("listing", "not listed"),
)
GATE: Final = (
    pgettext_lazy("use of a gate", "Main Entrance"),
    pgettext_lazy("use of a gate", "East Gate"),
    pgettext_lazy("use of a gate", "West Gate"),
    pgettext_lazy("use of a gate", "North Gate"),
    pgettext_lazy("use of a gate", "South Gate"),
    pgettext_lazy("use of a gate", "Water Gate"),
)
CAPACITY: Final = (
    pgettext_lazy("capacity", "Day"),
    pgettext_lazy("capacity", "Timed"),
)
EXCEPTION: Final = (
    pgettext_lazy("exception of the calendar", "Closed"),
    pgettext_lazy("exception of the calendar", "People"),
    pgettext_lazy("exception of the calendar", "Extra"),
)
CONSEQUENCE: Final = (
    pgettext_lazy("consequence of a closure", "give all the money back"),
    pgettext_lazy("consequence of a closure", "move to another day"),
    pgettext_lazy("consequence of a closure", "let buyers choose"),
    pgettext_lazy("consequence of a closure", "Planned"),
    pgettext_lazy("consequence of a closure", "Running"),
    pgettext_lazy("consequence of a closure", "Stopped"),
    pgettext_lazy("consequence of a closure", "Done"),
    pgettext_lazy("consequence of a closure", "Dropped"),
)
DUTY: Final = (
    pgettext_lazy("duty at a gate", "Guard"),
    pgettext_lazy("duty at a gate", "Supervisor"),
    pgettext_lazy("duty at a gate", "nobody"),
)
INCIDENT: Final = (
    pgettext_lazy("incident", "Duplicate"),
    pgettext_lazy("incident", "admitted before the revocation was known"),
    pgettext_lazy("incident", "admitted although the device knew better"),
    pgettext_lazy("incident", "revoked after it was used"),
    pgettext_lazy("incident", "a good signature on a ticket never sold"),
    pgettext_lazy("incident", "a device told two stories of one event"),
)
EVENT: Final = (
    pgettext_lazy("event at a gate", "Scan"),
    pgettext_lazy("event at a gate", "Undo"),
    pgettext_lazy("event at a gate", "Online"),
    pgettext_lazy("event at a gate", "Hub"),
    pgettext_lazy("event at a gate", "Isolated"),
    pgettext_lazy("event at a gate", "Paper"),
    pgettext_lazy("event at a gate", "Typed"),
)
OUTCOME: Final = (
    pgettext_lazy("outcome of a scan", "Admitted"),
    pgettext_lazy("outcome of a scan", "Already Admitted"),
    pgettext_lazy("outcome of a scan", "Party Exhausted"),
    pgettext_lazy("outcome of a scan", "Wrong Site"),
    pgettext_lazy("outcome of a scan", "Not Yet Valid"),
    pgettext_lazy("outcome of a scan", "Expired"),
    pgettext_lazy("outcome of a scan", "Wrong Slot"),
    pgettext_lazy("outcome of a scan", "Unpaid"),
    pgettext_lazy("outcome of a scan", "Cancelled"),
    pgettext_lazy("outcome of a scan", "Revoked"),
    pgettext_lazy("outcome of a scan", "Unknown"),
    pgettext_lazy("outcome of a scan", "Forged"),
    pgettext_lazy("outcome of a scan", "Check Document"),
    pgettext_lazy("outcome of a scan", "Too Soon"),
    pgettext_lazy("outcome of a scan", "Needs Sync"),
    pgettext_lazy("outcome of a scan", "Device Blocked"),
)
HELD_BACK: Final = (
    pgettext_lazy("event held back", "counted"),
    pgettext_lazy("event held back", "Device Disabled"),
    pgettext_lazy("event held back", "Device Contradicts"),
    pgettext_lazy("event held back", "Foreign Gate"),
)
OPERATOR: Final = (
    pgettext_lazy("kind of travel company", "Company"),
    pgettext_lazy("kind of travel company", "Guide"),
)
ORDER: Final = (
    pgettext_lazy("order", "Held"),
    pgettext_lazy("order", "Paid"),
    pgettext_lazy("order", "Lapsed"),
    pgettext_lazy("order", "Cancelled"),
)
PRODUCT: Final = (
    pgettext_lazy("product", "Single"),
    pgettext_lazy("product", "Combo"),
    pgettext_lazy("product", "a chosen date"),
    pgettext_lazy("product", "the purchase"),
    pgettext_lazy("product", "the first use"),
    pgettext_lazy("product", "once in total"),
    pgettext_lazy("product", "once per site"),
    pgettext_lazy("product", "once per site per day"),
    pgettext_lazy("product", "any number of times until it ends"),
)
DIVISION: Final = (
    pgettext_lazy("division of revenue", "Equal"),
    pgettext_lazy("division of revenue", "Weighted"),
    pgettext_lazy("division of revenue", "By Admission"),
    pgettext_lazy("division of revenue", "Paid"),
    pgettext_lazy("division of revenue", "Cancelled"),
    pgettext_lazy("division of revenue", "Admissions"),
)
SLOT: Final = (
    pgettext_lazy("slot", "Open"),
    pgettext_lazy("slot", "Closed"),
    pgettext_lazy("slot", "Withdrawn"),
)
PRICE: Final = (
    pgettext_lazy("price", "State Fee"),
    pgettext_lazy("price", "Service"),
    pgettext_lazy("price", "Proposed"),
    pgettext_lazy("price", "Approved"),
    pgettext_lazy("price", "Superseded"),
    pgettext_lazy("price", "Withdrawn"),
)
POSTING: Final = (
    pgettext_lazy("posting", "Payment"),
    pgettext_lazy("posting", "Part Payment"),
    pgettext_lazy("posting", "Unmatched"),
    pgettext_lazy("posting", "Settled Parts"),
    pgettext_lazy("posting", "Refund Due"),
    pgettext_lazy("posting", "Refund Paid"),
    pgettext_lazy("posting", "Refund Returned"),
    pgettext_lazy("posting", "Split"),
    pgettext_lazy("posting", "Dispute Opened"),
    pgettext_lazy("posting", "Dispute Won"),
    pgettext_lazy("posting", "Dispute Lost"),
    pgettext_lazy("posting", "Provider Fee"),
    pgettext_lazy("posting", "Payout"),
    pgettext_lazy("posting", "Correction"),
)
ACCOUNT: Final = (
    pgettext_lazy("account of the books", "Clearing"),
    pgettext_lazy("account of the books", "Bank"),
    pgettext_lazy("account of the books", "Disputed"),
    pgettext_lazy("account of the books", "Owed By"),
    pgettext_lazy("account of the books", "Part Paid"),
    pgettext_lazy("account of the books", "Refunds Payable"),
    pgettext_lazy("account of the books", "Unmatched"),
    pgettext_lazy("account of the books", "Owed To"),
    pgettext_lazy("account of the books", "State Fee"),
    pgettext_lazy("account of the books", "Service"),
    pgettext_lazy("account of the books", "Surplus"),
    pgettext_lazy("account of the books", "Provider Fees"),
    pgettext_lazy("account of the books", "Dispute Losses"),
)
DIFFERENCE: Final = (
    pgettext_lazy("difference", "in our books, not in the provider's list"),
    pgettext_lazy("difference", "in the provider's list, not in our books"),
    pgettext_lazy("difference", "not in the bank account"),
    pgettext_lazy("difference", "in the bank account, explained by nothing"),
    pgettext_lazy("difference", "another amount"),
    pgettext_lazy("difference", "named twice in one list"),
    pgettext_lazy("difference", "a fee above what was agreed"),
    pgettext_lazy("difference", "no list was obtained for the day"),
    pgettext_lazy("difference", "a payment that the books do not know"),
    pgettext_lazy("difference", "paid, with neither tickets nor a refund"),
    pgettext_lazy("difference", "money that waits for a person or a provider too long"),
    pgettext_lazy("difference", "Payment"),
    pgettext_lazy("difference", "Refund"),
    pgettext_lazy("difference", "Dispute"),
    pgettext_lazy("difference", "Fee"),
    pgettext_lazy("difference", "Payout"),
    pgettext_lazy("difference", "Open"),
    pgettext_lazy("difference", "Taken"),
    pgettext_lazy("difference", "Resolved"),
    pgettext_lazy("difference", "Vanished"),
)
PAYMENT: Final = (
    pgettext_lazy("payment", "pays for tickets"),
    pgettext_lazy("payment", "waits for the rest"),
    pgettext_lazy("payment", "goes back"),
    pgettext_lazy("payment", "in doubt"),
)
REFUND: Final = (
    pgettext_lazy("refund", "Paid Twice"),
    pgettext_lazy("refund", "Paid Too Late"),
    pgettext_lazy("refund", "Paid Too Much"),
    pgettext_lazy("refund", "Paid Too Little"),
    pgettext_lazy("refund", "Sold Out"),
    pgettext_lazy("refund", "Order Cancelled"),
    pgettext_lazy("refund", "Tickets Cancelled"),
    pgettext_lazy("refund", "In Doubt"),
    pgettext_lazy("refund", "Needs Approval"),
    pgettext_lazy("refund", "Requested"),
    pgettext_lazy("refund", "Sent"),
    pgettext_lazy("refund", "Succeeded"),
    pgettext_lazy("refund", "Needs Transfer"),
)
DISPUTE: Final = (
    pgettext_lazy("dispute of a card", "Warning"),
    pgettext_lazy("dispute of a card", "Open"),
    pgettext_lazy("dispute of a card", "Won"),
    pgettext_lazy("dispute of a card", "Lost"),
    pgettext_lazy("dispute of a card", "Closed"),
)

CHOICES: Final[dict[str, tuple[Any, ...]]] = {
    "heritage_sites.HeritageSite.category": PLACE,
    "heritage_sites.HeritageSite.location_quality": PLACED,
    "heritage_sites.HeritageSite.unesco_relation": LISTING,
    "heritage_sites.Gate.use": GATE,
    "ticketing.Capacity.kind": CAPACITY,
    "ticketing.CalendarException.kind": EXCEPTION,
    "ticketing.ClosureCase.kind": CONSEQUENCE,
    "ticketing.ClosureCase.status": CONSEQUENCE,
    "ticketing.GateDevice.role": DUTY,
    "ticketing.GateEvent.confirmed_by": DUTY,
    "ticketing.Incident.kind": INCIDENT,
    "ticketing.GateEvent.kind": EVENT,
    "ticketing.GateEvent.mode": EVENT,
    "ticketing.GateEvent.outcome": OUTCOME,
    "ticketing.GateEvent.quarantine": HELD_BACK,
    "ticketing.Operator.kind": OPERATOR,
    "ticketing.Order.status": ORDER,
    "ticketing.Product.kind": PRODUCT,
    "ticketing.Product.validity_mode": PRODUCT,
    "ticketing.Product.entry_policy": PRODUCT,
    "ticketing.RevenueSplit.method": DIVISION,
    "ticketing.RevenueShare.reason": DIVISION,
    "ticketing.Slot.status": SLOT,
    "ticketing.Tariff.revenue_kind": PRICE,
    "ticketing.TariffEvent.what": PRICE,
    "payments.Posting.kind": POSTING,
    "payments.Account.kind": ACCOUNT,
    "payments.Difference.kind": DIFFERENCE,
    "payments.Difference.movement": DIFFERENCE,
    "payments.Difference.status": DIFFERENCE,
    "payments.Payment.use": PAYMENT,
    "payments.Refund.reason": REFUND,
    "payments.Refund.status": REFUND,
    "payments.Dispute.status": DISPUTE,
}
