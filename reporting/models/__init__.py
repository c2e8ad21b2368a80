"""Evidence, the registry that it is about, and what was reported of it."""

from reporting.models.bodies import ReportingBody
from reporting.models.evidence import (
    BuyProbe,
    CounterPayment,
    HandCount,
    OfferSnapshot,
    PageProbe,
)
from reporting.models.filings import FiledPaper, Filing, Sending, SignedUpload
from reporting.models.former import FormerState
from reporting.models.frozen import ChainLink, FrozenEvidence, FrozenReport, RunningReport
from reporting.models.registry import Excuse, RegistryEntry, SiteKind
from reporting.models.survey import SurveyAnswer

__all__ = [
    "BuyProbe",
    "ChainLink",
    "CounterPayment",
    "Excuse",
    "FiledPaper",
    "Filing",
    "FormerState",
    "FrozenEvidence",
    "FrozenReport",
    "HandCount",
    "OfferSnapshot",
    "PageProbe",
    "RegistryEntry",
    "ReportingBody",
    "RunningReport",
    "Sending",
    "SignedUpload",
    "SiteKind",
    "SurveyAnswer",
]
