"""Places by distance and by box on the map, as parts of the catalogue's one statement."""

from typing import NamedTuple

# The point comes as one typed parameter, so that it is parsed once and not for every row.
HERE = "%(here)s::geography"
# On the sphere: what the index can walk in order. Distances shown are those on the ellipsoid.
AWAY = f"s.location <-> {HERE}"
DISTANCE_M = f"ST_Distance(s.location, {HERE})"

WITH_POINT = "s.location IS NOT NULL"
WITHIN = f"ST_DWithin(s.location, {HERE}, %(radius_m)s)"
# The index keeps boxes in single precision, so the edges are compared again in full.
IN_BOX = """geometry(s.location) && ST_MakeEnvelope(
    %(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, 4326)
AND ST_X(geometry(s.location)) BETWEEN %(west)s AND %(east)s
AND ST_Y(geometry(s.location)) BETWEEN %(south)s AND %(north)s"""


class Point(NamedTuple):
    """Degrees on WGS 84."""

    lat: float
    lon: float

    @property
    def ewkt(self) -> str:
        return f"SRID=4326;POINT({self.lon!r} {self.lat!r})"


class Box(NamedTuple):
    """Edges in degrees, all inside."""

    west: float
    south: float
    east: float
    north: float
