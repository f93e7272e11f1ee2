"""Writes the audit trail."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from tenants.accounts.client_address import client_address
from tenants.accounts.models import ApiKey, AuditEntry, User
from tenants.context import in_company
from tenants.models import Agency

MAX_REASON_CHARS = 500


def record(
    action: str,
    *,
    actor: User | ApiKey | None = None,
    subject: Any = None,
    request: HttpRequest | None = None,
    reason: str = "",
    ground: str = "",
    **details: Any,
) -> None:
    """Append one entry to the trail of the side we are in, in the caller's transaction.

    action   noun.verb in the past: ``conversation.opened``, ``settings.changed``
    subject  the row that was read or changed
    details  small facts without message text, search terms or personal data, each with words in an ``audit_facts``;
             one that is None is not kept
    """
    AuditEntry.objects.create(
        action=action,
        actor_id=actor.pk if actor else None,
        actor_name=actor.name if actor else "Balie",
        actor_kind=_kind_of(actor),
        on_behalf_of=_agency_of(actor),
        subject_kind=subject.__class__.__name__.lower() if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        ground=ground,
        reason=reason.replace("\x00", "\ufffd")[:MAX_REASON_CHARS],
        details={name: _plain(value) for name, value in details.items() if value is not None},
        ip=client_address(request) if request else None,
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _kind_of(actor: User | ApiKey | None) -> str:
    """``isinstance``, because the person behind a request comes wrapped."""
    if isinstance(actor, User):
        return "user"
    return "api_key" if isinstance(actor, ApiKey) else "system"


def _agency_of(actor: User | ApiKey | None) -> str:
    if not isinstance(actor, User) or actor.agency_id is None or not in_company():
        return ""
    return Agency.objects.filter(pk=actor.agency_id).values_list("name", flat=True).first() or ""
