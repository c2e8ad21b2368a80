"""The console of the guides: for the people of the sites."""

from guides.admin import (
    assets,
    guides,
    listening,
    narrations,
    panoramas,
    speech,
    tours,
    uploads,
)
from sites.admin.words import name_rows

__all__ = ["assets", "guides", "listening", "narrations", "panoramas", "speech", "tours", "uploads"]

name_rows("guides")
