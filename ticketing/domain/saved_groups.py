"""Groups that an operator brings again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ticketing.models import Operator, SavedGroup, SavedGroupPart, VisitorCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWanted:
    """`people`: how many of each category, by its code."""

    name: str
    language: str
    people: Mapping[str, int]


class WhyNotSaved(StrEnum):
    """Why a group was not saved. Outside programs rely on these names."""

    NAME_TAKEN = "group_name_taken"
    UNKNOWN_CATEGORY = "unknown_category"
    NOBODY = "group_without_people"


def groups_of(*, operator: Operator) -> QuerySet[SavedGroup]:
    """The operator's groups with their parts, in two queries more."""
    return (
        SavedGroup.objects.filter(operator=operator)
        .prefetch_related("parts__category")
        .order_by("name", "pk")
    )


def save_group(
    *, operator: Operator, wanted: GroupWanted, group: SavedGroup | None = None
) -> SavedGroup | WhyNotSaved:
    """Keep a new group, or write an old one anew."""
    people = {code: count for code, count in wanted.people.items() if count}
    categories = {
        category.code: category for category in VisitorCategory.objects.filter(code__in=people)
    }
    if not people:
        return WhyNotSaved.NOBODY
    if set(people) - set(categories):
        return WhyNotSaved.UNKNOWN_CATEGORY
    parts = [
        SavedGroupPart(category=categories[code], people=count) for code, count in people.items()
    ]
    try:
        return _write(operator, wanted, group or SavedGroup(operator=operator), parts)
    except IntegrityError:
        return WhyNotSaved.NAME_TAKEN


@transaction.atomic
def _write(
    operator: Operator, wanted: GroupWanted, group: SavedGroup, parts: list[SavedGroupPart]
) -> SavedGroup:
    group.name, group.language = wanted.name.strip(), wanted.language
    group.save()
    group.parts.all().delete()
    for part in parts:
        part.group = group
    SavedGroupPart.objects.bulk_create(parts)
    return groups_of(operator=operator).get(pk=group.pk)


def remove_group(*, group: SavedGroup) -> None:
    """Orders placed for it keep its name."""
    group.delete()
