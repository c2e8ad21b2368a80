from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from sites.models.languages import Language
from sites.models.people import Organisation


class Ward(models.Model):
    """A commune-level unit since July 2025, by its code of the statistics office."""

    class Kind(models.TextChoices):
        WARD = "WARD", "phường"
        COMMUNE = "COMMUNE", "xã"

    gso_code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind)

    def __str__(self) -> str:
        return self.name


class Category(models.TextChoices):
    ACADEMY = "academy"
    ALTAR = "altar"
    ARCHAEOLOGICAL = "archaeological"
    ARENA = "arena"
    BRIDGE = "bridge"
    CITADEL = "citadel"
    COMMUNAL_HOUSE = "communal_house"
    CRAFT_VILLAGE = "craft_village"
    FORTIFICATION = "fortification"
    GARDEN_HOUSE = "garden_house"
    HERITAGE_QUARTER = "heritage_quarter"
    HERITAGE_VILLAGE = "heritage_village"
    LIBRARY = "library"
    MARKET = "market"
    MEMORIAL = "memorial"
    MUSEUM = "museum"
    NATURAL = "natural"
    PAGODA = "pagoda"
    PALACE = "palace"
    ROYAL_TOMB = "royal_tomb"
    TEMPLE = "temple"
    THEATRE = "theatre"


class Source(models.Model):
    """Where a fact of the catalogue was read, and what kind of witness that is."""

    class Kind(models.TextChoices):
        LAW = "law"
        OFFICIAL = "official"
        ENCYCLOPEDIA = "encyclopedia"
        OPEN_DATA = "open-data"
        PRESS = "press"
        COMMUNITY = "community"
        MACHINE_NOTES = "machine-notes"
        MIXED = "mixed"
        DERIVED = "derived"

    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.key


class HeritageSite(models.Model):
    """A place that people visit. What is not known stays null; nothing is guessed."""

    class PointQuality(models.TextChoices):
        OSM = "osm"
        PUBLISHED = "published"
        COMMUNITY = "community"
        APPROX = "approx"
        DERIVED = "derived"
        UNKNOWN = "unknown"

    class WorldHeritage(models.TextChoices):
        COMPONENT = "component", "a part of the listing by itself"
        INSIDE_COMPONENT = "inside_component", "inside a part of the listing"
        NONE = "none", "not listed"

    slug = models.SlugField(max_length=80, unique=True)
    # Null: who manages the place was not found.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="sites"
    )
    organisation_inferred = models.BooleanField(default=False)
    category = models.CharField(max_length=20, choices=Category)
    tier = models.PositiveSmallIntegerField(default=2)
    # Bit of the ticket token's scope (32 bits); null for a place without tickets.
    ticket_bit = models.PositiveSmallIntegerField(null=True, blank=True)
    # Whether entry costs anything at all; null: not known.
    charges_entry = models.BooleanField(null=True, blank=True)
    # Whether the visit is possible without a step, by wheelchair or pram; null: not known.
    step_free = models.BooleanField(null=True, blank=True)
    ward = models.ForeignKey(Ward, null=True, blank=True, on_delete=models.PROTECT)
    # False: the circle of error around the point crosses the border of the ward.
    ward_certain = models.BooleanField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    location = PointField(geography=True, null=True, blank=True, spatial_index=False)
    location_error_m = models.PositiveIntegerField(null=True, blank=True)
    location_quality = models.CharField(
        max_length=10, choices=PointQuality, default=PointQuality.UNKNOWN
    )
    # Shown wherever the point is shown, for example "© OpenStreetMap contributors".
    location_credit = models.CharField(max_length=120, blank=True)
    unesco_relation = models.CharField(
        max_length=16, choices=WorldHeritage, default=WorldHeritage.NONE
    )
    unesco_component = models.CharField(max_length=10, blank=True)
    built_start = models.SmallIntegerField(null=True, blank=True)
    built_end = models.SmallIntegerField(null=True, blank=True)
    # OSM opening_hours syntax; empty when no source gives hours.
    opening_hours = models.CharField(max_length=400, blank=True)
    on_sale = models.BooleanField(default=False)
    published = models.BooleanField(default=True)
    sources = models.JSONField(default=list)

    # Copied from texts and photos by domain/cards.py alone, so that a list reads one table.
    # Names by language, as JSON text: nothing asks for a part of it.
    names = models.TextField(default="{}", editable=False)
    languages = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    thumbnail = models.CharField(max_length=200, blank=True, editable=False)
    # What apps above left here to be shown with the place, by kind (domain/showing.py).
    shown = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    # What a list says of this row in every language, as the JSON that is sent.
    card = models.GeneratedField(
        expression=Func(
            F("slug"), F("category"), F("location"), F("location_error_m"), F("location_credit"),
            F("on_sale"), F("languages"), F("thumbnail"), function="site_card",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket_bit"],
                condition=Q(ticket_bit__isnull=False),
                name="site_ticket_bit_once",
            ),
            models.CheckConstraint(
                condition=Q(ticket_bit__isnull=True) | Q(ticket_bit__lt=32),
                name="site_ticket_bit_fits_the_token",
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=True) | ~Q(location_credit=""),
                name="site_point_has_its_credit",
            ),
        ]
        indexes = [
            GistIndex(fields=["location"], name="site_location_gist"),
            # On the plane: a box on a map has straight sides, unlike one on the globe.
            GistIndex(
                Func(F("location"), function="geometry"),
                name="site_point_gist",
                condition=Q(published=True),
            ),
            GinIndex(fields=["languages"], name="site_by_language"),
            # Asked which guides and tours a place has.
            GinIndex(fields=["shown"], opclasses=["jsonb_path_ops"], name="site_by_shown"),
            models.Index(fields=["tier", "id"], name="site_in_order", condition=Q(published=True)),
            models.Index(
                fields=["category", "tier", "id"],
                name="site_by_category",
                condition=Q(published=True),
            ),
            models.Index(
                fields=["opening_hours"], name="site_by_hours", condition=Q(published=True)
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class SiteText(models.Model):
    """One site in one language."""

    site = models.ForeignKey(HeritageSite, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    built = models.CharField(max_length=80, blank=True)
    national_status = models.CharField(max_length=200, blank=True)
    opening_hours_note = models.CharField(max_length=300, blank=True)
    # The name without marks and in lower case: what a search compares.
    folded = models.GeneratedField(
        expression=Func(F("name"), function="site_fold"),
        output_field=models.CharField(max_length=400),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "language"], name="site_text_once_per_language")
        ]
        indexes = [
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="site_text_folded_trgm")
        ]

    def __str__(self) -> str:
        return self.name


class Gate(models.Model):
    """A door of a site where codes are scanned."""

    class Use(models.TextChoices):
        MAIN_ENTRANCE = "main_entrance"
        EAST_GATE = "east_gate"
        WEST_GATE = "west_gate"
        NORTH_GATE = "north_gate"
        SOUTH_GATE = "south_gate"
        WATER_GATE = "water_gate"

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="gates")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    use = models.CharField(max_length=16, choices=Use, blank=True)
    location = PointField(geography=True, null=True, blank=True, spatial_index=False)
    location_error_m = models.PositiveIntegerField(null=True, blank=True)
    location_credit = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="gate_code_once_per_site")
        ]

    def __str__(self) -> str:
        return f"{self.site_id}:{self.code}"
