"""The people and gates of a demonstration. Production refuses them."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from sites.models import Gate, HeritageSite, Membership, Organisation, User
from ticketing.domain.enrolment import open_enrolment


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str
    may: str


@dataclass(frozen=True, slots=True)
class OpenGate:
    site: str
    gate: str
    code: str


def prepare_people() -> Iterator[Login]:
    """Make the demo's staff. The passwords belong to this installation and stay the same."""
    site = first_site()
    yield login(name="admin", may="everything", superuser=True)
    if site is not None and site.organisation is not None:
        yield login(name="manager", may=f"the sites of {site.organisation}")
        _belongs("manager", organisation=site.organisation, site=None)
        # Who hands in cannot publish: somebody else has to look.
        yield login(name="reviewer", may=f"{site.slug} alone; publishes what manager handed in")
        _belongs("reviewer", organisation=None, site=site)


def _belongs(name: str, organisation: Organisation | None, site: HeritageSite | None) -> None:
    user = User.objects.get(username=name)
    Membership.objects.get_or_create(
        user=user, role=Membership.Role.MANAGER, organisation=organisation, site=site
    )


def login(*, name: str, may: str, superuser: bool = False, staff: bool = True) -> Login:
    """Make somebody who signs in, or give back the password that a tester changed."""
    password = password_of(name)
    user, _new = User.objects.get_or_create(
        username=name, defaults={"is_staff": staff, "is_superuser": superuser}
    )
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return Login(name=name, password=password, may=may)


def password_of(name: str) -> str:
    """Derive a password from this installation's secret, so that nothing needs to be kept."""
    digest = salted_hmac("ngomon.demo", name, algorithm="sha256").digest()
    return base64.b32encode(digest)[:12].decode().lower()


def open_gates(*, at: datetime) -> Iterator[OpenGate]:
    """Give a fresh enrolment code for two gates of the first site."""
    site = first_site()
    for gate in Gate.objects.filter(site=site).order_by("id")[:2] if site else ():
        yield OpenGate(site=gate.site.slug, gate=gate.name, code=open_enrolment(gate=gate, at=at))


def first_site() -> HeritageSite | None:
    """Return the site that sells first: the one whose bit comes first in a ticket's scope."""
    ticketed = HeritageSite.objects.filter(published=True, ticket_bit__isnull=False)
    return ticketed.select_related("organisation").order_by("ticket_bit").first()


def allowed() -> bool:
    """Tell whether demo people may exist here."""
    return settings.MODE != "production"
