"""Frozen rows never change, answers are never deleted, and a change of the registry takes two."""

from django.db import migrations

PERMANENT = """
CREATE FUNCTION reporting_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was reported is never edited: the next report corrects it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reported_rows_are_permanent';
END $$;
CREATE TRIGGER frozen_report_is_permanent BEFORE UPDATE OR DELETE ON reporting_frozenreport
    FOR EACH ROW EXECUTE FUNCTION reporting_never_changes();
CREATE TRIGGER frozen_evidence_is_permanent BEFORE UPDATE OR DELETE ON reporting_frozenevidence
    FOR EACH ROW EXECUTE FUNCTION reporting_never_changes();
CREATE TRIGGER chain_link_is_permanent BEFORE UPDATE OR DELETE ON reporting_chainlink
    FOR EACH ROW EXECUTE FUNCTION reporting_never_changes();
"""
PERMANENT_BACK = """
DROP TRIGGER chain_link_is_permanent ON reporting_chainlink;
DROP TRIGGER frozen_evidence_is_permanent ON reporting_frozenevidence;
DROP TRIGGER frozen_report_is_permanent ON reporting_frozenreport;
DROP FUNCTION reporting_never_changes();
"""

# What a version says is compared as a whole, without the two columns of the approval.
TWO_PERSONS = """
CREATE FUNCTION reporting_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_by_id IS NULL THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.approved_by_id IS NULL AND NEW.approved_by_id IS NOT NULL
           AND (to_jsonb(OLD) - 'approved_by_id' - 'approved_at')
             = (to_jsonb(NEW) - 'approved_by_id' - 'approved_at') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the registry is changed by a new version that another person approves'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'registry_changes_by_two_persons';
END $$;
CREATE TRIGGER registry_changes_by_two_persons
    BEFORE INSERT OR UPDATE OR DELETE ON reporting_registryentry
    FOR EACH ROW EXECUTE FUNCTION reporting_two_persons();
CREATE TRIGGER excuses_by_two_persons BEFORE INSERT OR UPDATE OR DELETE ON reporting_excuse
    FOR EACH ROW EXECUTE FUNCTION reporting_two_persons();
"""
TWO_PERSONS_BACK = """
DROP TRIGGER excuses_by_two_persons ON reporting_excuse;
DROP TRIGGER registry_changes_by_two_persons ON reporting_registryentry;
DROP FUNCTION reporting_two_persons();
"""

ANSWERS = """
CREATE FUNCTION reporting_answers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.score, NEW.site_id, NEW.answered_at, NEW.order_id)
        IS NOT DISTINCT FROM (OLD.score, OLD.site_id, OLD.answered_at, OLD.order_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an answer is hidden with a reason, never changed or deleted'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_answers_stay';
END $$;
CREATE TRIGGER survey_answers_stay BEFORE UPDATE OR DELETE ON reporting_surveyanswer
    FOR EACH ROW EXECUTE FUNCTION reporting_answers_stay();
"""
ANSWERS_BACK = """
DROP TRIGGER survey_answers_stay ON reporting_surveyanswer;
DROP FUNCTION reporting_answers_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_registry_evidence_and_frozen_reports")]

    operations = [
        migrations.RunSQL(PERMANENT, PERMANENT_BACK),
        migrations.RunSQL(TWO_PERSONS, TWO_PERSONS_BACK),
        migrations.RunSQL(ANSWERS, ANSWERS_BACK),
    ]
