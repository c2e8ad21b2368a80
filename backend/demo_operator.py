"""A travel company of a demonstration: made up, and named so. Production refuses it."""

from typing import Final

from django.db import transaction

from backend.demo import Login, allowed, first_site, login
from sites.models import User
from ticketing.domain.saved_groups import GroupWanted, save_group
from ticketing.models import Operator, OperatorUser, VisitorCategory

NAME: Final = "Du lịch Sông Hương / Perfume River Travel (mẫu / sample)"
GROUP: Final = "Đoàn / Group (mẫu / sample)"
PEOPLE: Final = {"adult": 20, "child": 5}
LIMIT: Final = 50_000_000


@transaction.atomic
def prepare_operator() -> list[Login]:
    """Make it once, with a saved group and somebody who buys; what a tester changed stays."""
    site = first_site()
    if not allowed() or site is None or site.organisation is None:
        return []
    operator, made = Operator.objects.get_or_create(
        organisation=site.organisation,
        name=NAME,
        defaults={
            "kind": Operator.Kind.COMPANY,
            "email": "operator@example.com",
            "unpaid_limit": LIMIT,
        },
    )
    if made:
        _save_group(operator)
    who = login(name="operator", may=f"buy at /operators/ for {operator}", staff=False)
    user = User.objects.get(username=who.name)
    OperatorUser.objects.get_or_create(user=user, defaults={"operator": operator})
    return [who]


def _save_group(operator: Operator) -> None:
    known = set(VisitorCategory.objects.filter(code__in=PEOPLE).values_list("code", flat=True))
    people = {code: count for code, count in PEOPLE.items() if code in known}
    save_group(operator=operator, wanted=GroupWanted(name=GROUP, language="vi", people=people))
