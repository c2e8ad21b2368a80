"""The console of the guides: for the people of the sites."""

from guides.admin import assets, guides, narrations

__all__ = ["assets", "guides", "narrations"]
