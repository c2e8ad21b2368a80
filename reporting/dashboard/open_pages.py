"""/open-data/: a page for people, a DCAT catalogue for robots, and the data as CSV and JSON."""

import json
from collections.abc import Mapping
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.domain.open_data import (
    DATASETS,
    LICENCE,
    QUARTERLY,
    Release,
    dataset_of,
    release,
)
from reporting.domain.suppressing import FEWEST
from reporting.schemas.said import spoken
from reporting.schemas.sheets import sheet

MEDIA = {"csv": "text/csv", "json": "application/json"}
KEPT_S = 300


@require_safe
def catalogue_page(request: HttpRequest) -> HttpResponse:
    """What there is, in words, with its licence and how often it comes."""
    releases = [release(dataset) for dataset in DATASETS]
    told = {
        "lang": spoken(),
        "releases": releases,
        "licence": LICENCE,
        "fewest": FEWEST,
        "made_up": any(each.made_up for each in releases),
    }
    return _public(request, render(request, "open_data/page.html", told))


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """DCAT as JSON-LD."""
    releases = [release(dataset) for dataset in DATASETS]
    body = json.dumps(_catalogue(releases), ensure_ascii=False, indent=1)
    return _public(request, HttpResponse(body, content_type="application/ld+json; charset=utf-8"))


@require_safe
def data(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """One dataset whole."""
    dataset = dataset_of(slug)
    if dataset is None or form not in MEDIA:
        raise Http404
    found = release(dataset)
    body = _csv(found) if form == "csv" else _json(found)
    answer = HttpResponse(body, content_type=f"{MEDIA[form]}; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{slug}.{form}"'
    return _public(request, answer)


def _public(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Any site may read it, and nobody fetches the same bytes twice."""
    etag = f'"{sha256(answer.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={KEPT_S}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _csv(found: Release) -> str:
    return sheet([name for name, _words in found.dataset.columns], found.rows)


def _json(found: Release) -> str:
    told = {
        "dataset": found.dataset.slug,
        "title": {"vi": found.dataset.title.vi, "en": found.dataset.title.en},
        "license": LICENCE,
        "updated_at": found.updated_at.isoformat() if found.updated_at else None,
        "made_up": found.made_up,
        "columns": {
            name: {"vi": words.vi, "en": words.en} for name, words in found.dataset.columns
        },
        "items": found.rows,
        "count": len(found.rows),
    }
    return json.dumps(told, ensure_ascii=False)


def _catalogue(releases: list[Release]) -> Mapping[str, object]:
    base = f"{settings.PUBLIC_URL}/open-data"
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"{base}/catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": [_in("vi", "Dữ liệu mở di sản Huế"), _in("en", "Open data of Huế's heritage")],
        "dct:license": {"@id": LICENCE},
        "dct:language": ["vi", "en"],
        "foaf:homepage": {"@id": f"{base}/"},
        "dcat:dataset": [_dataset(each, base) for each in releases],
    }


def _dataset(found: Release, base: str) -> Mapping[str, object]:
    it = found.dataset
    told: dict[str, object] = {
        "@id": f"{base}/{it.slug}",
        "@type": "dcat:Dataset",
        "dct:identifier": it.slug,
        "dct:title": [_in("vi", it.title.vi), _in("en", it.title.en)],
        "dct:description": [_in("vi", it.description.vi), _in("en", it.description.en)],
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {"@id": QUARTERLY},
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "Ngọ Môn"},
        "dct:spatial": {"@id": "http://www.wikidata.org/entity/Q36167"},
        "dcat:keyword": ["di sản", "heritage", "Huế", "chuyển đổi số"],
        "dcat:distribution": [
            {
                "@id": f"{base}/{it.slug}.{form}",
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": f"{base}/{it.slug}.{form}"},
                "dcat:mediaType": media,
                "dct:license": {"@id": LICENCE},
            }
            for form, media in MEDIA.items()
        ],
    }
    if found.updated_at and found.first_day and found.last_day:
        told["dct:modified"] = {"@value": found.updated_at.isoformat(), "@type": "xsd:dateTime"}
        told["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": found.first_day.isoformat(), "@type": "xsd:date"},
            "dcat:endDate": {"@value": found.last_day.isoformat(), "@type": "xsd:date"},
        }
    return told


def _in(language: str, text: str) -> Mapping[str, str]:
    return {"@language": language, "@value": text}
