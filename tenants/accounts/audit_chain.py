"""Proves that the audit trail is whole, and cuts off its oldest part without breaking it.

Each entry's hash covers the entry and the hash before it, so a changed, inserted or missing one shows. The first
entry after a cut is proved by the entry that recorded the cut.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from tenants.accounts import audit
from tenants.accounts.models import AuditEntry

PRUNED = "audit.pruned"

# The same expression as the trigger's (migration 0002).
BROKEN = """
SELECT sequence FROM (
    SELECT e.*, lag(e.hash) OVER w AS hash_before, lag(e.sequence) OVER w AS sequence_before
    FROM accounts_auditentry AS e WINDOW w AS (ORDER BY e.sequence)
) AS entry
WHERE sequence <> coalesce(sequence_before, %(cut)s) + 1
   OR hash <> encode(sha256(convert_to(concat_ws(chr(31),
        coalesce(hash_before, %(anchor)s), id, sequence, extract(epoch from at), actor_id, actor_name,
        actor_kind, on_behalf_of, action, subject_kind, subject_id, ground, reason,
        details::text, host(ip)), 'UTF8')), 'hex')
ORDER BY sequence LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the trail showed. ``last_hash``, kept elsewhere, also proves that no later entry was taken away."""

    entries: int
    last_sequence: int
    last_hash: str
    broken_at: int | None = None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def verify() -> Verdict:
    """Check every entry of the side we are in against the one before it."""
    last = AuditEntry.objects.order_by("-sequence").first()
    cut = AuditEntry.objects.filter(action=PRUNED).order_by("-sequence").first()
    anchor: dict[str, Any] = cut.details if cut else {"up_to": 0, "hash": ""}
    with connection.cursor() as cursor:
        cursor.execute(BROKEN, {"cut": anchor["up_to"], "anchor": anchor["hash"]})
        broken = cursor.fetchone()
    return Verdict(
        entries=AuditEntry.objects.count(),
        last_sequence=last.sequence if last else 0,
        last_hash=last.hash if last else "",
        broken_at=broken[0] if broken else None,
    )


@transaction.atomic
def prune(*, up_to: int) -> int:
    """Let the entries up to a sequence number go; the trail itself says when, how many, and where it goes on from."""
    last = AuditEntry.objects.get(sequence=up_to)
    old = AuditEntry.objects.filter(sequence__lte=up_to)
    audit.record(PRUNED, up_to=last.sequence, hash=last.hash, entries=old.count())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('balie.pruning', 'on', true)")
        cursor.execute("DELETE FROM accounts_auditentry WHERE sequence <= %s", [up_to])
        deleted: int = cursor.rowcount
        cursor.execute("SELECT set_config('balie.pruning', 'off', true)")
    return deleted
