"""The console of the site managers: content, closures, notices, photos and gates."""

from sites.admin import closures, people, photos, places
from sites.admin.words import name_rows

__all__ = ["closures", "people", "photos", "places"]

name_rows("heritage_sites")
