"""The department of the made-up year, its people, and the real sites of its registry."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from backend.demo import Login, login
from backend.demo_year.plan import SITES
from reporting.domain.registry import approve
from reporting.models import Excuse, RegistryEntry, ReportingBody, SiteKind
from sites.models import Gate, HeritageSite, Membership, Organisation, OrganisationText, User

SLUG: Final = "so-van-hoa-the-thao"
NAMES: Final = {
    "vi": "Sở Văn hóa và Thể thao Huế (trình diễn)",
    "en": "Department of Culture and Sports of Huế (demonstration)",
}
FIRST: Final = ("dai-noi", "lang-tu-duc", "lang-minh-mang", "lang-khai-dinh")
MADE_UP: Final = "Số liệu giả lập của bản trình diễn"
BITS: Final = 32
KINDS: Final = {
    "museum": SiteKind.MUSEUM,
    "library": SiteKind.CULTURAL_POINT,
    "theatre": SiteKind.CULTURAL_POINT,
    "market": SiteKind.CULTURAL_POINT,
    "craft_village": SiteKind.CULTURAL_POINT,
}


def department() -> Organisation:
    organisation, made = Organisation.objects.get_or_create(slug=SLUG)
    if made:
        OrganisationText.objects.bulk_create(
            OrganisationText(organisation=organisation, language=language, name=name)
            for language, name in NAMES.items()
        )
    return organisation


def logins() -> list[Login]:
    """Who looks at the department's pages: one who files reports, one who only reads."""
    found = []
    for name, role, may in (
        ("so", Membership.Role.MANAGER, "all of /department/, and file its reports"),
        ("auditor", Membership.Role.AUDITOR, "read all of /department/"),
    ):
        found.append(login(name=name, may=may))
        Membership.objects.get_or_create(
            user=User.objects.get(username=name), role=role, organisation=department(), site=None
        )
    return found


def clerks() -> tuple[User, User]:
    """Two people who keep the registry, and who cannot sign in."""
    first, _made = User.objects.get_or_create(username="gia-lap-1", defaults={"is_active": False})
    second, _made = User.objects.get_or_create(username="gia-lap-2", defaults={"is_active": False})
    return first, second


def employ(*, email: str, since: datetime) -> None:
    """The first of the two is staff all year, so that what they buy themselves counts nowhere."""
    User.objects.get_or_create(
        username="gia-lap-1",
        defaults={"is_active": False, "email": email, "is_staff": True, "date_joined": since},
    )


def choose_sites() -> Sequence[HeritageSite]:
    """The well-known ones first; each has a place on the map."""
    known = HeritageSite.objects.filter(
        published=True, location__isnull=False, organisation__isnull=False
    )
    known = known.exclude(category="natural")
    ordered = sorted(
        known,
        key=lambda site: (
            FIRST.index(site.slug) if site.slug in FIRST else len(FIRST),
            site.ticket_bit is None,
            site.tier,
            site.pk,
        ),
    )
    return ordered[:SITES]


def open_doors(sites: Sequence[HeritageSite]) -> dict[int, Gate]:
    """A bit in the ticket's scope and a gate for every site, where the catalogue gives none."""
    taken = set(HeritageSite.objects.exclude(ticket_bit=None).values_list("ticket_bit", flat=True))
    free = iter(sorted(set(range(BITS)) - taken, reverse=True))
    gates = {}
    for site in sites:
        if site.ticket_bit is None:
            site.ticket_bit = next(free)
            site.save(update_fields=["ticket_bit"])
        gate = site.gates.order_by("pk").first()
        gates[site.pk] = gate or Gate.objects.create(site=site, code="gia-lap", name=MADE_UP)
    return gates


def write_registry(
    *, body: ReportingBody, sites: Sequence[HeritageSite], free: Sequence[int], at: datetime
) -> None:
    """Every site, proposed by one clerk and approved by the other."""
    first, second = clerks()
    for number, site in enumerate(sites):
        entry = RegistryEntry.objects.create(
            organisation=body.organisation,
            site=site,
            kind=KINDS.get(site.category, SiteKind.RELIC),
            in_scope_from=body.operates_from,
            paid=number not in free,
            reason=MADE_UP,
            decision_number="01/GL",
            proposed_by=first,
            proposed_at=at,
        )
        approve(version=entry, by=second, at=at + timedelta(minutes=number))


def excuse(
    *, body: ReportingBody, site: HeritageSite, first: date, until: date, at: datetime
) -> None:
    """A site that is closed for a whole quarter by a decision."""
    proposer, approver = clerks()
    row = Excuse.objects.create(
        organisation=body.organisation,
        site=site,
        decision_number="02/GL",
        closed_from=first,
        closed_until=until,
        reason_vi="tu bổ (giả lập)",
        reason_en="restoration (made up)",
        proposed_by=proposer,
        proposed_at=at,
    )
    approve(version=row, by=approver, at=at)
