"""Which other clients an agency's person works for, so that none of them is named to another one's customers."""

import threading
import time
from uuid import UUID

from django.db import connection
from django.utils import timezone

from conversations.naming import Known, named_in, word_of_site
from tenants.accounts.models import User
from tenants.context import company_id_of, current_schema

CACHE_SECONDS = 30.0
CACHE_SIZE = 5_000
# Public tables only, and the company of the request beside the others: its own words never count.
CLIENTS = """
SELECT company.id, company.name,
       (SELECT array_agg(domain) FROM public.tenants_domain WHERE tenant_id = company.id),
       summary.numbers || summary.display_number, summary.sites
FROM public.tenants_clientcompany AS company
LEFT JOIN public.desk_companysummary AS summary ON summary.company_id = company.id
WHERE company.id = %(own)s OR company.id IN (
    SELECT company_id FROM public.tenants_staffgrant
    WHERE staff_id = %(staff)s AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)
)
ORDER BY company.name
LIMIT 500
"""

_known: dict[tuple[UUID, UUID], tuple[float, Known, list[Known]]] = {}
_lock = threading.Lock()


def named(text: str, *, author: User) -> list[str]:
    """Names of other clients of this person that the text gives away; nothing for a company's own people."""
    if author.staff_id is None or not text.strip():
        return []
    own, others = _clients(author.staff_id, own=company_id_of(current_schema()))
    return named_in(text, others=others, own=own) if others else []


def forget() -> None:
    """Forget what this process remembers (a grant was given or ended)."""
    with _lock:
        _known.clear()


def _clients(staff_id: UUID, *, own: UUID) -> tuple[Known, list[Known]]:
    found = _known.get((staff_id, own))
    if found and found[0] > time.monotonic():
        return found[1], found[2]
    with connection.cursor() as cursor:
        cursor.execute(CLIENTS, {"own": own, "staff": staff_id, "now": timezone.now()})
        rows = {pk: _known_by(name, *told) for pk, name, *told in cursor}
    mine = rows.pop(own, Known(""))
    with _lock:
        if len(_known) >= CACHE_SIZE:
            _known.clear()
        _known[staff_id, own] = (time.monotonic() + CACHE_SECONDS, mine, list(rows.values()))
    return mine, list(rows.values())


def _known_by(name: str, hosts: list[str] | None, numbers: list[str] | None, sites: list[str] | None) -> Known:
    words = filter(None, map(word_of_site, sites or ()))
    return Known(name, (*(hosts or ()), *words), tuple(numbers or ()))
