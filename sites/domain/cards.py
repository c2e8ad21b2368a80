"""The card of a place: names, languages and thumbnail, copied from texts and photos."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

WRITE_CARDS = """
UPDATE heritage_sites_heritagesite s
SET names = fresh.names, languages = fresh.languages, thumbnail = fresh.thumbnail
FROM (
    SELECT place.id, coalesce(texts.names, '{{}}') AS names,
        coalesce(texts.languages, '{{}}') AS languages,
        coalesce(%(media)s || photo.image, '') AS thumbnail
    FROM heritage_sites_heritagesite place
    LEFT JOIN LATERAL (
        SELECT json_object_agg(t.language, t.name ORDER BY t.language)::text AS names,
            array_agg(t.language ORDER BY t.language) AS languages
        FROM heritage_sites_sitetext t WHERE t.site_id = place.id
    ) texts ON true
    LEFT JOIN LATERAL (
        SELECT p.image FROM heritage_sites_photo p
        WHERE p.site_id = place.id ORDER BY p.position, p.id LIMIT 1
    ) photo ON true
    {chosen}
) fresh
WHERE s.id = fresh.id AND (s.names, s.languages, s.thumbnail)
    IS DISTINCT FROM (fresh.names, fresh.languages, fresh.thumbnail)
"""


def write_cards(*, site_ids: Sequence[int] | None = None) -> int:
    """Copy names, languages and first photo onto the places; return how many cards changed.

    Whoever writes texts or photos calls this in the same transaction. Without ids it looks at
    every place. A card that is right already is not written again.
    """
    chosen = "" if site_ids is None else "WHERE place.id = ANY(%(chosen)s)"
    values: dict[str, Any] = {"media": settings.MEDIA_URL, "chosen": list(site_ids or ())}
    with connection.cursor() as cursor:
        cursor.execute(WRITE_CARDS.format(chosen=chosen), values)
        return int(cursor.rowcount)
