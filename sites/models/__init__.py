"""People, organisations and places. The lowest floor: it knows no other app."""

from sites.models.languages import Language
from sites.models.notices import Closure, ClosureText, Notice, NoticeText
from sites.models.people import Membership, Organisation, OrganisationText, User
from sites.models.photos import Photo, PhotoText
from sites.models.places import Category, Gate, HeritageSite, SiteText, Source, Ward
from sites.models.shipped import Shipped

__all__ = [
    "Category",
    "Closure",
    "ClosureText",
    "Gate",
    "HeritageSite",
    "Language",
    "Membership",
    "Notice",
    "NoticeText",
    "Organisation",
    "OrganisationText",
    "Photo",
    "PhotoText",
    "Shipped",
    "SiteText",
    "Source",
    "User",
    "Ward",
]
