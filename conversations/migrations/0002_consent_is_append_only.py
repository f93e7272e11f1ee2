"""Consent is proved by rows that nobody edits; only a merge of two contacts may move them."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION conversations_consentrecord_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF to_jsonb(NEW) - 'contact_id' = to_jsonb(OLD) - 'contact_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consent records are append-only';
END
$body$;
CREATE TRIGGER conversations_consentrecord_refuse BEFORE UPDATE ON conversations_consentrecord
    FOR EACH ROW EXECUTE FUNCTION conversations_consentrecord_refuse();
"""

DROP = """
DROP TRIGGER conversations_consentrecord_refuse ON conversations_consentrecord;
DROP FUNCTION conversations_consentrecord_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, DROP)]
