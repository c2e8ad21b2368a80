"""The rules of changes that ship with the products; what staff change outlives a reload."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from sites.domain.shipped_rows import Kept, keep_rows
from ticketing.models import ChangeRule, Product

CHANGE_RULES = Path(__file__).resolve().parent.parent / "data" / "change_rules.yaml"


@transaction.atomic
def load_change_rules(*, slugs: Collection[str], path: Path = CHANGE_RULES) -> Kept:
    """Give each of these products the steps of the file, once; removed ones stay away."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = [
        {
            "product_id": product_id,
            "kind": step["kind"],
            "code": step["code"],
            "minutes_before": step["minutes_before"],
            "share_percent": step.get("share_percent", 100),
            "times": step.get("times"),
            "effective_from": data["effective_from"],
            "basis": data["basis"],
        }
        for product_id in Product.objects.filter(slug__in=slugs).values_list("pk", flat=True)
        for step in data["steps"]
    ]
    return keep_rows(model=ChangeRule, key=("product_id", "kind", "code"), rows=rows)
