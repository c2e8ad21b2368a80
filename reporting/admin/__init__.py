"""The registry in the console: proposed by one person, approved by another."""

from reporting.admin.bodies import ReportingBodyAdmin
from reporting.admin.registry import ExcuseAdmin, RegistryEntryAdmin
from reporting.admin.surveys import SurveyAnswerAdmin
from sites.admin.words import name_rows

__all__ = ["ExcuseAdmin", "RegistryEntryAdmin", "ReportingBodyAdmin", "SurveyAnswerAdmin"]

name_rows("reporting")
