"""A sign-in that somebody of the agency has at a client stands and falls with the one at the agency it came from."""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tenants.accounts.models import User
from tenants.context import in_public
from tenants.models import StaffEntrance

NAME = "entrance"  # in the client's session
LIFETIME = timedelta(hours=12)


def record(entrance_id: UUID, *, staff: User, company_id: UUID, session_key: str) -> None:
    """Somebody goes from the agency's session of this key into a client; what nobody can use any more is forgotten."""
    now = timezone.now()
    with in_public():
        StaffEntrance.objects.filter(opened_at__lt=now - LIFETIME - timedelta(hours=1)).delete()
        StaffEntrance.objects.create(
            pk=entrance_id,
            staff_id=staff.pk,
            company_id=company_id,
            session_key=session_key,
            proof=staff.get_session_auth_hash(),
            opened_at=now,
        )


def note(session: SessionBase, *, entrance_id: UUID) -> None:
    """Keep in the client's session, which ends in twelve hours at the latest, where it came from."""
    session[NAME] = str(entrance_id)
    session.set_expiry(LIFETIME)


def stands(session: SessionBase, *, user: User) -> bool:
    """Whether the agency's sign-in behind a client's session still counts: not signed out, not run out, the same
    password, still on the agency's staff. One query.
    """
    found = _open_one(session, user=user)
    if found is None:
        return False
    hashes = [found.staff.get_session_auth_hash(), *found.staff.get_session_auth_fallback_hash()]
    return any(constant_time_compare(found.proof, one) for one in hashes)


def browser_behind(session: SessionBase, *, user: User) -> str:
    """One name for the browser of an agency's person, on the agency's host and on every client's alike."""
    if not user.is_staff_of_agency:
        return _named(str(session.session_key))
    found = _open_one(session, user=user)
    return _named(found.session_key) if found else ""


def _open_one(session: SessionBase, *, user: User) -> StaffEntrance | None:
    entrance_id = session.get(NAME)
    if not entrance_id:
        return None
    with in_public():
        signed_in = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
        rows = StaffEntrance.objects.select_related("staff").filter(Exists(signed_in), pk=entrance_id)
        rows = rows.filter(staff=user.staff_id, staff__is_active=True, staff__membership__isnull=False)
        return rows.first()


def _named(session_key: str) -> str:
    return hashlib.sha256(f"browser behind {session_key}".encode()).hexdigest()[:20]
