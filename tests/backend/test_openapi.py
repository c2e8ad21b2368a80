"""The document of the API says of each field which words it may hold."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import orjson
from ninja import Schema

from backend.api import api

REFERENCE = re.compile(r"#/components/schemas/(\w+)")


def schemas(parent: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for each in parent.__subclasses__():
        yield each
        yield from schemas(each)


def enumerations(annotation: Any) -> Iterator[type[Enum]]:
    """Every enumeration in an annotation, also inside lists and unions."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield annotation
    for part in get_args(annotation):
        yield from enumerations(part)


def test_two_enumerations_never_share_a_name() -> None:
    components = api.get_openapi_schema()["components"]["schemas"]
    compared = 0

    for schema in schemas():
        fields = components.get(schema.__name__, {}).get("properties", {})
        for name, info in schema.model_fields.items():
            if name not in fields:
                continue
            told = {
                word
                for component in REFERENCE.findall(orjson.dumps(fields[name]).decode())
                for word in components[component].get("enum", ())
            }
            meant = {one.value for kind in enumerations(info.annotation) for one in kind}
            if meant and told:
                compared += 1
                assert told == meant, f"{schema.__name__}.{name}"

    assert compared > 15  # it did look
