import django.db.models.deletion
from django.db import migrations, models

# Versions and order lines from before this migration: they priced, so they were approved.
KNOWN = """
UPDATE ticketing_visitorcategory SET is_full_price = true WHERE code = 'adult';
UPDATE ticketing_tariff SET proposed_by = 'shipped tariff', approved_by = legal_basis;
UPDATE ticketing_orderline line SET rule = category.code
FROM ticketing_visitorcategory category WHERE category.id = line.category_id;
"""


class Migration(migrations.Migration):
    """Versions are proposed and approved; rules of age, citizenship and law; free days."""

    dependencies = [
        ("heritage_sites", "0004_shipped_rows"),
        ("ticketing", "0004_next_try_of_delivery"),
    ]

    operations = [
        migrations.CreateModel(
            name="FreeDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(help_text="one for each version, for example tet-1-2026"),
                ),
                ("day", models.DateField()),
                (
                    "every_year",
                    models.BooleanField(default=False, help_text="on the same date of every year"),
                ),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("legal_basis", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="FreeDayList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="FreeDayText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("vi", "Tiếng Việt"),
                            ("en", "English"),
                            ("fr", "Français"),
                            ("zh", "中文"),
                            ("ja", "日本語"),
                            ("ko", "한국어"),
                            ("th", "ไทย"),
                            ("de", "Deutsch"),
                            ("es", "Español"),
                            ("ru", "Русский"),
                            ("it", "Italiano"),
                            ("pt", "Português"),
                        ],
                        max_length=2,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="tariff",
            name="tariff_version_once",
        ),
        migrations.AddField(
            model_name="orderline",
            name="revenue_kind",
            field=models.CharField(
                choices=[("state_fee", "State Fee"), ("service", "Service")],
                default="state_fee",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="rule",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tariff",
            name="age_from",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tariff",
            name="age_until",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tariff",
            name="approved_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="tariff",
            name="proposed_by",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tariff",
            name="revenue_kind",
            field=models.CharField(
                choices=[("state_fee", "State Fee"), ("service", "Service")],
                default="state_fee",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="age_from",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="age_until",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="citizens_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="is_full_price",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="minimum_basis",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="minimum_reduction",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="visitorcategory",
            name="sold_online",
            field=models.BooleanField(default=True),
        ),
        migrations.RunSQL(sql=KNOWN, reverse_sql=migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("revenue_kind__in", ["state_fee", "service"])),
                name="order_line_revenue_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(("revenue_kind__in", ["state_fee", "service"])),
                name="tariff_revenue_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("age_from__isnull", True),
                    ("age_until__isnull", True),
                    ("age_until__gt", models.F("age_from")),
                    _connector="OR",
                ),
                name="tariff_ages_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_by", ""), _negated=True), name="tariff_has_a_proposer"
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", ""),
                    models.Q(("approved_by__iexact", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="tariff_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_by", ""), _negated=True),
                fields=("product", "category", "effective_from"),
                name="tariff_version_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitorcategory",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_full_price", True)),
                fields=("is_full_price",),
                name="visitor_category_one_full_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitorcategory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("age_from__isnull", True),
                    ("age_until__isnull", True),
                    ("age_until__gt", models.F("age_from")),
                    _connector="OR",
                ),
                name="visitor_category_ages_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitorcategory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_reduction", 0),
                    models.Q(
                        ("minimum_reduction__range", (1, 100)),
                        models.Q(("minimum_basis", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="visitor_category_minimum_has_a_basis",
            ),
        ),
        migrations.AddField(
            model_name="freeday",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="ticketing.visitorcategory"
            ),
        ),
        migrations.AddField(
            model_name="freedaylist",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="heritage_sites.organisation"
            ),
        ),
        migrations.AddField(
            model_name="freeday",
            name="list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="ticketing.freedaylist",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="free_days",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="ticketing.freedaylist",
            ),
        ),
        migrations.AddField(
            model_name="freedaytext",
            name="free_day",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="texts",
                to="ticketing.freeday",
            ),
        ),
        migrations.AddConstraint(
            model_name="freeday",
            constraint=models.UniqueConstraint(
                fields=("list", "code"), name="free_day_once_in_a_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="freeday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to__isnull", True),
                    ("effective_to__gt", models.F("effective_from")),
                    _connector="OR",
                ),
                name="free_day_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="freedaytext",
            constraint=models.UniqueConstraint(
                fields=("free_day", "language"), name="free_day_text_once_per_language"
            ),
        ),
    ]
