"""Whoever writes facts holds a shared lock of the company until commit, so that a reader can tell that nobody does."""

from django.db import migrations

LOCK = """
CREATE FUNCTION integrations_event_writing() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(TG_TABLE_SCHEMA || '.integrations_event', 0));
    RETURN NULL;
END
$body$;
CREATE TRIGGER integrations_event_writing BEFORE INSERT ON integrations_event
    FOR EACH STATEMENT EXECUTE FUNCTION integrations_event_writing();
"""

DROP = """
DROP TRIGGER integrations_event_writing ON integrations_event;
DROP FUNCTION integrations_event_writing();
"""


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial")]

    operations = [migrations.RunSQL(LOCK, DROP)]
