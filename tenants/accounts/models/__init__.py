"""People who sign in, keys that call the API, and the trail of what both did. Stands in both sides."""

from tenants.accounts.models.api_key import ApiKey
from tenants.accounts.models.audit import AuditEntry
from tenants.accounts.models.hand_over import HandOver
from tenants.accounts.models.invitation import Invitation
from tenants.accounts.models.user import Presence, User

__all__ = ["ApiKey", "AuditEntry", "HandOver", "Invitation", "Presence", "User"]
