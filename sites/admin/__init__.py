"""The console of the site managers: content, closures, notices, photos and gates."""

from sites.admin import closures, people, photos, places

__all__ = ["closures", "people", "photos", "places"]
