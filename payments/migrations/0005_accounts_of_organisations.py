import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_organisations(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The organisation of an attempt is the one of its order's products."""
    attempts = apps.get_model("payments", "PaymentAttempt")
    lines = apps.get_model("ticketing", "OrderLine").objects
    for attempt in attempts.objects.filter(organisation=None).iterator():
        line = lines.filter(order=attempt.order_id).select_related("product").order_by("-amount")[0]
        attempts.objects.filter(pk=attempt.pk).update(organisation=line.product.organisation_id)


class Migration(migrations.Migration):
    dependencies = [
        ("heritage_sites", "0004_shipped_rows"),
        ("payments", "0004_books_keep_their_promises"),
        ("ticketing", "0006_tariffs_keep_the_law"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MerchantSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stripe_key", "Stripe: secret key"),
                            ("stripe_webhook", "Stripe: webhook secret"),
                            ("vnpay_hash", "VNPAY: hash secret"),
                            ("sepay_webhook", "SePay: webhook secret"),
                            ("casso_webhook", "Casso: webhook key"),
                            (
                                "bank_api",
                                "Bank line: key to read the account and to send money back",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("entered_at", models.DateTimeField()),
                ("usable_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="action_payload",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="heritage_sites.organisation",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="reference",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.CreateModel(
            name="MerchantAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        choices=[("stripe", "Stripe"), ("vnpay", "VNPAY"), ("vietqr", "VietQR")],
                        max_length=16,
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("bank_bin", models.CharField(blank=True, max_length=6)),
                ("holder", models.CharField(blank=True, max_length=100)),
                (
                    "minimum",
                    models.PositiveBigIntegerField(blank=True, help_text="whole đồng", null=True),
                ),
                (
                    "maximum",
                    models.PositiveBigIntegerField(blank=True, help_text="whole đồng", null=True),
                ),
                ("enabled", models.BooleanField(default=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merchant_accounts",
                        to="heritage_sites.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="payments.merchantaccount",
            ),
        ),
        migrations.AddField(
            model_name="webhookevent",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.merchantaccount",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("reference",),
                name="attempt_reference_never_used_again",
            ),
        ),
        migrations.AddField(
            model_name="merchantsecret",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="secrets",
                to="payments.merchantaccount",
            ),
        ),
        migrations.AddField(
            model_name="merchantsecret",
            name="entered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("enabled", True)),
                fields=("organisation", "provider"),
                name="merchant_account_one_in_use",
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantaccount",
            constraint=models.UniqueConstraint(
                fields=("provider", "bank_bin", "number"), name="merchant_account_of_one_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("provider__in", ["stripe", "vnpay", "vietqr"])),
                name="merchant_account_provider_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bank_bin__regex", "^\\d{6}$"), ("provider", "vietqr")),
                    models.Q(models.Q(("provider", "vietqr"), _negated=True), ("bank_bin", "")),
                    _connector="OR",
                ),
                name="merchant_account_bank_where_it_belongs",
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantsecret",
            constraint=models.UniqueConstraint(
                condition=models.Q(("usable_until__isnull", True)),
                fields=("account", "kind"),
                name="merchant_secret_one_in_use",
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantsecret",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "stripe_key",
                            "stripe_webhook",
                            "vnpay_hash",
                            "sepay_webhook",
                            "casso_webhook",
                            "bank_api",
                        ],
                    )
                ),
                name="merchant_secret_kind_known",
            ),
        ),
        migrations.RunPython(name_organisations, migrations.RunPython.noop),
        # What the rows above point to is checked now, so that the column can be changed below.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="paymentattempt",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="heritage_sites.organisation",
            ),
        ),
    ]
