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

__all__ = ["assets", "guides", "listening", "narrations", "panoramas", "speech", "tours", "uploads"]
