"""What a past report rests on outlives its change: triggers keep what rows said, and until when."""

from collections.abc import Mapping

from django.db import migrations, models

SUBJECTS = ["product", "entitlement", "gate", "guide", "stop", "user", "body"]

# The first argument names the subject, the others the columns that are kept.
KEEP = """
CREATE FUNCTION reporting_keep_former_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_formerstate (subject, subject_id, state, held_until)
    SELECT TG_ARGV[0], OLD.id, jsonb_object_agg(key, value), clock_timestamp()
    FROM jsonb_each(to_jsonb(OLD)) WHERE key = ANY(TG_ARGV);
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_keep_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late boolean;
BEGIN
    IF TG_ARGV[0] = 'stop' THEN
        late := EXISTS (SELECT FROM guides_guide
                        WHERE id = NEW.guide_id AND stops_approved_at IS NOT NULL);
    ELSE
        late := EXISTS (SELECT FROM ticketing_orderline WHERE product_id = NEW.product_id);
    END IF;
    IF late THEN
        INSERT INTO reporting_formerstate (subject, subject_id, state, held_until)
        VALUES (TG_ARGV[0], NEW.id, '{"absent": true}', clock_timestamp());
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER former_states_stay BEFORE UPDATE OR DELETE ON reporting_formerstate
    FOR EACH ROW EXECUTE FUNCTION reporting_never_changes();
CREATE TRIGGER entitlement_arrival_is_kept AFTER INSERT ON ticketing_entitlement
    FOR EACH ROW EXECUTE FUNCTION reporting_keep_arrival('entitlement');
CREATE TRIGGER stop_arrival_is_kept AFTER INSERT ON guides_stop
    FOR EACH ROW EXECUTE FUNCTION reporting_keep_arrival('stop');
"""
KEEP_BACK = """
DROP TRIGGER stop_arrival_is_kept ON guides_stop;
DROP TRIGGER entitlement_arrival_is_kept ON ticketing_entitlement;
DROP TRIGGER former_states_stay ON reporting_formerstate;
DROP FUNCTION reporting_keep_arrival();
DROP FUNCTION reporting_keep_former_state();
"""

# By subject: the table, and the columns that a report rests on.
WATCHED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "product": ("ticketing_product", {"on_sale": "boolean"}),
    "entitlement": ("ticketing_entitlement", {"product_id": "bigint", "site_id": "bigint"}),
    "gate": ("heritage_sites_gate", {"site_id": "bigint"}),
    "guide": ("guides_guide", {"stops_approved_at": "timestamptz", "stops_hash": "text"}),
    "stop": (
        "guides_stop",
        {"guide_id": "bigint", "number": "integer", "slug": "text", "required": "boolean"},
    ),
    "user": (
        "heritage_sites_user",
        {"email": "text", "is_staff": "boolean", "date_joined": "timestamptz"},
    ),
    "body": ("reporting_reportingbody", {"price_floor": "bigint"}),
}
# `since` is exclusive and `until` included: what changed at midnight was true on the day before.
VIEW = """
CREATE VIEW reporting_{subject}_over_time AS
SELECT id, {columns}, since, until FROM (
    SELECT subject_id AS id, {kept}, state ? 'absent' AS absent,
           coalesce(lag(held_until) OVER (PARTITION BY subject_id ORDER BY held_until, id),
                    '-infinity') AS since,
           held_until AS until
    FROM reporting_formerstate WHERE subject = '{subject}'
    UNION ALL
    SELECT present.id, {present}, false,
           coalesce((SELECT max(held_until) FROM reporting_formerstate
                     WHERE subject = '{subject}' AND subject_id = present.id), '-infinity'),
           'infinity'
    FROM {table} present
) each WHERE NOT absent AND since < until;
"""
TRIGGERS = """
CREATE TRIGGER {subject}_change_is_kept AFTER UPDATE OF {columns} ON {table}
    FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION reporting_keep_former_state('{subject}', {arguments});
CREATE TRIGGER {subject}_end_is_kept AFTER DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION reporting_keep_former_state('{subject}', {arguments});
"""


def watch(subject: str) -> migrations.RunSQL:
    table, columns = WATCHED[subject]
    words = {
        "subject": subject,
        "table": table,
        "columns": ", ".join(columns),
        "kept": ", ".join(
            f"(state ->> '{name}')::{kind} AS {name}" for name, kind in columns.items()
        ),
        "present": ", ".join(f"present.{name}::{kind}" for name, kind in columns.items()),
        "old": ", ".join(f"OLD.{name}" for name in columns),
        "new": ", ".join(f"NEW.{name}" for name in columns),
        "arguments": ", ".join(f"'{name}'" for name in columns),
    }
    back = (
        f"DROP TRIGGER {subject}_end_is_kept ON {table};"
        f"DROP TRIGGER {subject}_change_is_kept ON {table};"
        f"DROP VIEW reporting_{subject}_over_time;"
    )
    return migrations.RunSQL((VIEW + TRIGGERS).format(**words), back)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_names_of_reporting_bodies"),
        ("ticketing", "0023_names_of_what_gates_need"),
        ("guides", "0005_tours_have_a_kind"),
        ("heritage_sites", "0007_step_free_and_shown"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[(each, each.capitalize()) for each in SUBJECTS], max_length=12
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("state", models.JSONField()),
                ("held_until", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["subject", "subject_id", "held_until"], name="former_state_found"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(subject__in=SUBJECTS),
                        name="former_state_subject_known",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, KEEP_BACK),
        *(watch(subject) for subject in SUBJECTS),
    ]
