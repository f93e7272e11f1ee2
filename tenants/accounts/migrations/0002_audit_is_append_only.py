"""The audit trail numbers and chains itself, and refuses changes and deletions."""

from django.db import migrations

APPEND = """
CREATE FUNCTION accounts_auditentry_append() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_SCHEMA || '.accounts_auditentry', 0));
    EXECUTE format('SELECT sequence, hash FROM %I.accounts_auditentry ORDER BY sequence DESC LIMIT 1', TG_TABLE_SCHEMA)
        INTO last;
    NEW.sequence := coalesce(last.sequence, 0) + 1;
    NEW.hash := encode(sha256(convert_to(concat_ws(chr(31),
        coalesce(last.hash, ''), NEW.id, NEW.sequence, extract(epoch from NEW.at), NEW.actor_id, NEW.actor_name,
        NEW.actor_kind, NEW.on_behalf_of, NEW.action, NEW.subject_kind, NEW.subject_id, NEW.ground, NEW.reason,
        NEW.details::text, host(NEW.ip)), 'UTF8')), 'hex');
    RETURN NEW;
END
$body$;
CREATE TRIGGER accounts_auditentry_append BEFORE INSERT ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_auditentry_append();

CREATE FUNCTION accounts_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('balie.pruning', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END
$body$;
CREATE TRIGGER accounts_auditentry_refuse BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_auditentry_refuse();
"""

DROP = """
DROP TRIGGER accounts_auditentry_append ON accounts_auditentry;
DROP TRIGGER accounts_auditentry_refuse ON accounts_auditentry;
DROP FUNCTION accounts_auditentry_append();
DROP FUNCTION accounts_auditentry_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(APPEND, DROP)]
