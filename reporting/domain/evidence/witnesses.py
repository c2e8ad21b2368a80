"""The rows that are named beside the sites, word for word, as they were at the moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from reporting.domain.indicators.written import canonical, sha256_of

# By the kind of the name ("payment:17"): what is told of such a row. Nothing of a person.
CONTENTS: Mapping[str, str] = {
    "payment": """
        SELECT payment.id, json_build_object(
            'amount', payment.amount, 'provider', payment.provider,
            'reference_sha256', encode(sha256(convert_to(payment.provider_reference, 'UTF8')),
                                       'hex'),
            'settled_at', reporting_local_time(payment.received_at),
            'order', payment.order_id)
        FROM payments_payment payment WHERE payment.id = ANY(%s)""",
    "counter_payment": """
        SELECT id, json_build_object('amount', amount, 'method', method, 'listed_in', listed_in,
            'settled_at', reporting_local_time(settled_at))
        FROM reporting_counterpayment WHERE id = ANY(%s)""",
    "offer_snapshot": """
        SELECT id, json_build_object('day', day, 'hour', hour, 'products', products,
            'methods', methods, 'answer_sha256', answer_hash)
        FROM reporting_offersnapshot WHERE id = ANY(%s)""",
    "page_probe": """
        SELECT id, json_build_object('day', day, 'url', url, 'status', status_code, 'ok', ok)
        FROM reporting_pageprobe WHERE id = ANY(%s)""",
    "tour_visit": """
        SELECT id, json_build_object('tour', tour_id, 'seconds', seconds,
            'started_at', reporting_local_time(started_at))
        FROM guides_tourvisit WHERE id = ANY(%s)""",
    "tour_version": """
        SELECT id, json_build_object('tour', tour_id, 'number', number,
            'content_sha256', content_hash, 'approved_at', reporting_local_time(approved_at),
            'published_at', reporting_local_time(published_at))
        FROM guides_tourversion WHERE id = ANY(%s)""",
    "play": """
        SELECT id, json_build_object('stop', stop_id, 'language', language,
            'share_heard', share_heard::text,
            'started_at', reporting_local_time(started_at))
        FROM guides_play WHERE id = ANY(%s)""",
}


def contents_of(keys: Iterable[str]) -> dict[str, str]:
    """The text of each named row: one query for each kind."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        kind, _colon, pk = key.partition(":")
        by_kind[kind].append(int(pk))
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for kind in sorted(by_kind):
            cursor.execute(CONTENTS[kind], [by_kind[kind]])
            found.update((f"{kind}:{pk}", _text(content)) for pk, content in cursor.fetchall())
    return found


def _text(content: Any) -> str:
    return canonical(content)


def digest(rows: Iterable[tuple[str, str, str]]) -> str:
    """Over the sites, names and hashes of all rows, sorted: it changes when any of them does."""
    return sha256_of("\n".join(" ".join(row) for row in sorted(rows)))
