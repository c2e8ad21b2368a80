"""All that a gate needs to decide by itself: parts with numbers, and a signed list of them.

A part is built once, when what it says has changed, and never edited. Numbers grow over all parts
of all sites, so a gate that names the newest one it holds is sent what is newer.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q

from sites.domain.remembered import Remembered
from sites.models import HeritageSite
from ticketing.domain import pack_facts, pack_streams
from ticketing.domain.gate_keys import Purpose, sign
from ticketing.domain.pack_streams import OVERLAP, Reading, Stream
from ticketing.domain.visit_days import day_of
from ticketing.models import PackPart

FORMAT = 1
# A gate that asks more often is told of the same parts.
REFRESH_SECONDS = 5
# After so many additions a part starts anew, as it does every day.
MOST_ADDITIONS = 500
# Number of the lock that lets one process at a time build parts.
BUILDING = 0x4855_504B


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What is newer than the gate's own, and the signed list of all that belongs together."""

    number: int
    manifest: str
    signature: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Listed:
    """One part as the manifest names it."""

    number: int
    name: str
    is_base: bool
    sha256: str
    size: int
    made_at: int


_refreshed: Remembered[bool] = Remembered(seconds=REFRESH_SECONDS, size=64)
_manifests: Remembered[tuple[str, str]] = Remembered(seconds=86_400, size=64)
_texts: Remembered[str] = Remembered(seconds=86_400, size=256)


def forget() -> None:
    for memory in (_refreshed, _manifests, _texts):
        memory.forget()


def forget_refreshed() -> None:
    """The next gate that asks is told of everything until now."""
    _refreshed.forget()


def gate_pack(*, site: HeritageSite, since: int, at: datetime) -> Pack:
    """The pack of a site for a gate that holds everything up to part `since`; 0 for nothing."""
    refresh(site=site, at=at)
    listed = _parts_in_force(site)
    number = max((part.number for part in listed), default=0)
    manifest, signature = _manifests.find(
        (site.pk, number), lambda: _signed_manifest(site, listed, number=number, at=at), at=at
    )
    missing = [part for part in listed if part.number > since]
    texts = _texts_of(missing, at=at)
    return Pack(
        number=number,
        manifest=manifest,
        signature=signature,
        parts=[Part(part.number, part.name, texts[part.number]) for part in missing],
    )


def newest_number(*, site_id: int) -> int:
    """The number that a gate of this site should hold by now."""
    mine = PackPart.objects.filter(Q(site=site_id) | Q(site=None))
    return mine.aggregate(number=Max("number"))["number"] or 0


def _parts_in_force(site: HeritageSite) -> list[Listed]:
    """For each name the newest base and what was added to it, in the order of their numbers."""
    rows = (
        PackPart.objects.filter(Q(site=site) | Q(site=None))
        .order_by("-number")
        .values_list("number", "name", "is_base", "sha256", "size", "made_at")
    )
    found: list[Listed] = []
    complete: set[str] = set()
    for number, name, is_base, sha256, size, made_at in rows:
        if name in complete:
            continue
        if is_base:
            complete.add(name)
        digest, made = bytes(sha256).hex(), int(made_at.timestamp())
        found.append(Listed(number, name, is_base, digest, size, made))
    return found[::-1]


def _signed_manifest(
    site: HeritageSite, listed: Sequence[Listed], *, number: int, at: datetime
) -> tuple[str, str]:
    manifest = _to_text(
        {
            "format": FORMAT,
            "number": number,
            "site": {"bit": site.ticket_bit, "slug": site.slug},
            "made_at": max((part.made_at for part in listed), default=0),
            "parts": [
                {
                    "number": part.number,
                    "name": part.name,
                    "base": part.is_base,
                    "sha256": part.sha256,
                    "bytes": part.size,
                }
                for part in listed
            ],
        }
    )
    return manifest, sign(manifest, purpose=Purpose.LIST, at=at)


def _texts_of(parts: Sequence[Listed], *, at: datetime) -> dict[int, str]:
    known = {part.number: _texts.recall(part.number, at=at) for part in parts}
    unknown = [number for number, text in known.items() if text is None]
    if unknown:
        rows = PackPart.objects.filter(pk__in=unknown).values_list("number", "text")
        for number, text in rows:
            known[number] = text
            _texts.keep(number, text, at=at)
    return {number: text or "" for number, text in known.items()}


# --- Building -----------------------------------------------------------------------------


def refresh(*, site: HeritageSite, at: datetime) -> None:
    """Build what has changed, for all sites and for this one; at most every few seconds."""
    for where in (None, site):
        key = where.pk if where else None
        if _refreshed.recall(key, at=at) is None:
            _refreshed.keep(key, True, at=at)  # noqa: FBT003  # the memory holds a mark
            _build(where, at=at)


@transaction.atomic
def _build(site: HeritageSite | None, *, at: datetime) -> None:
    with connection.cursor() as cursor:
        # Numbers are given one after another; who waited finds little left to build.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BUILDING])
    facts = pack_facts.FOR_ALL if site is None else pack_facts.FOR_ONE_SITE
    streams = pack_streams.FOR_ALL if site is None else pack_streams.FOR_ONE_SITE
    before = _newest_of_each(site)
    for name, fact in facts.items():
        _keep_when_changed(name, fact(site, at), site=site, before=before.get(name, []), at=at)
    for name, stream in streams.items():
        _go_on(name, stream, site=site, before=before.get(name, []), at=at)


def _newest_of_each(site: HeritageSite | None) -> dict[str, list[PackPart]]:
    """The parts in force by name, newest first, without their texts."""
    found: dict[str, list[PackPart]] = {}
    complete: set[str] = set()
    for part in PackPart.objects.filter(site=site).defer("text").order_by("-number"):
        if part.name not in complete:
            found.setdefault(part.name, []).append(part)
        if part.is_base:
            complete.add(part.name)
    return found


def _keep_when_changed(
    name: str,
    content: Mapping[str, Any],
    *,
    site: HeritageSite | None,
    before: Sequence[PackPart],
    at: datetime,
) -> None:
    text = _to_text(content)
    if not before or bytes(before[0].sha256) != _digest(text):
        _keep(name, text, site=site, number=_next_number(at), at=at, is_base=True)
        _drop_before(before)


def _go_on(
    name: str,
    stream: Stream,
    *,
    site: HeritageSite | None,
    before: Sequence[PackPart],
    at: datetime,
) -> None:
    number = _next_number(at)
    again = _starts_anew(before, at=at)
    said = () if again else tuple(_lately_said(before, at=at))
    since = None if again else before[0].read_until
    content = stream(Reading(site=site, at=at, number=number, since=since, said=said))
    if content is not None:
        _keep(name, _to_text(content), site=site, number=number, at=at, is_base=again)
        if again:
            _drop_before(before)


def _drop_before(before: Sequence[PackPart]) -> None:
    """Forget what nobody is sent any more; what was replaced just now may be on its way."""
    if before:
        last = before[-1]
        older = PackPart.objects.filter(site=last.site_id, name=last.name, number__lt=last.number)
        older.delete()


def _starts_anew(before: Sequence[PackPart], *, at: datetime) -> bool:
    if not before or not before[-1].is_base or len(before) > MOST_ADDITIONS:
        return True
    return day_of(before[-1].made_at) != day_of(at)


def _lately_said(before: Sequence[PackPart], *, at: datetime) -> Iterator[Mapping[str, Any]]:
    """Parts that may hold what is read once more because of the overlap."""
    newest = before[0].read_until
    for part in before:
        yield json.loads(part.text)
        if part.made_at <= newest - OVERLAP:
            return


def _next_number(at: datetime) -> int:
    """Milliseconds, so that numbers go on growing after a restored backup, or one more."""
    newest = PackPart.objects.aggregate(number=Max("number"))["number"] or 0
    return max(newest + 1, int(at.timestamp() * 1000))


def _keep(
    name: str, text: str, *, site: HeritageSite | None, number: int, at: datetime, is_base: bool
) -> None:
    PackPart.objects.create(
        number=number,
        name=name,
        site=site,
        is_base=is_base,
        made_at=at,
        read_until=at,
        sha256=_digest(text),
        size=len(text.encode()),
        text=text,
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _to_text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
