"""A signed agreement keeps its terms: only its end and what became of it may still change."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION privacy_agreement_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF current_setting('balie.pruning', true) = 'on' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a signed agreement is kept';
    END IF;
    IF to_jsonb(NEW) - 'status' - 'ends_on' <> to_jsonb(OLD) - 'status' - 'ends_on' THEN
        RAISE EXCEPTION 'the terms of a signed agreement do not change';
    END IF;
    IF NEW.status <> OLD.status AND NOT (OLD.status = 'signed' AND NEW.status IN ('superseded', 'ended')) THEN
        RAISE EXCEPTION 'a signed agreement only moves on';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER privacy_agreement_refuse BEFORE UPDATE OR DELETE ON privacy_dataprocessingagreement
    FOR EACH ROW EXECUTE FUNCTION privacy_agreement_refuse();
"""

DROP = """
DROP TRIGGER privacy_agreement_refuse ON privacy_dataprocessingagreement;
DROP FUNCTION privacy_agreement_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, DROP)]
