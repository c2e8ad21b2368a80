"""Search by name, with or without marks, in any order of words, with small slips of the finger.

Both sides are folded by the database (`site_fold`: no marks, lower case), so a name is found
as `Đại Nội`, `dai noi` or decomposed letters alike. The trigram index finds candidates; they
are ranked so: all words there, marks as typed, name in the language asked for, likeness.
When one place has all the words, places that are merely alike are left out.
"""

import unicodedata

# Candidates must be this alike; settings hand the number to the server.
WORD_SIMILARITY_THRESHOLD = 0.45
ALL_WORDS = 4000

_WORDS = "regexp_split_to_array({}, '[^[:alnum:]]+')"

# `{filters}` are those of the catalogue on `s`; the result is `chosen` with the number of all.
CHOSEN = f"""WITH hits AS (
    SELECT t.site_id, max(
        {ALL_WORDS} * (word_similarity(site_fold(%(q)s), t.folded) = 1
            OR {_WORDS.format("t.folded")} @> {_WORDS.format("site_fold(%(q)s)")})::int
        + 2000 * (strpos(lower(t.name), %(marked)s) > 0)::int
        + 1000 * (t.language = %(speaking)s)::int
        + round(499 * (word_similarity(site_fold(%(q)s), t.folded)
            + similarity(site_fold(%(q)s), t.folded)))::int) AS score
    FROM heritage_sites_sitetext t WHERE t.folded %%> site_fold(%(q)s) GROUP BY t.site_id
), found AS (
    SELECT s.id, hits.score, max(hits.score) OVER () AS best
    FROM hits JOIN heritage_sites_heritagesite s ON s.id = hits.site_id WHERE {{filters}}
), chosen AS (
    SELECT id, score, count(*) OVER () AS number
    FROM found WHERE best < {ALL_WORDS} OR score >= {ALL_WORDS}
)
"""  # noqa: S608 # put together from constants; values are parameters


def as_typed(q: str) -> str:
    """Return the words with their marks, in the form in which names are stored."""
    return unicodedata.normalize("NFC", q).lower()
