"""The registry in the console: proposed by one person, approved by another."""

from reporting.admin.bodies import ReportingBodyAdmin
from reporting.admin.registry import ExcuseAdmin, RegistryEntryAdmin
from reporting.admin.surveys import SurveyAnswerAdmin

__all__ = ["ExcuseAdmin", "RegistryEntryAdmin", "ReportingBodyAdmin", "SurveyAnswerAdmin"]
