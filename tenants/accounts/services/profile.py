"""What people set about themselves."""

from django.db import transaction

from tenants.accounts import audit
from tenants.accounts.models import User

OWN_FIELDS = (
    "name",
    "alias",
    "language",
    "theme",
    "undo_seconds",
    "enter_sends",
    "letter_keys",
    "open_next",
    "notify_desktop",
    "notify_sound",
)


@transaction.atomic
def change(user: User, **values: object) -> list[str]:
    """Set fields of one's own profile; gives the names of those that changed, which are what is recorded."""
    unknown = set(values) - set(OWN_FIELDS)
    if unknown:
        raise TypeError(f"not a person's own to set: {sorted(unknown)}")
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=changed)
        audit.record("profile.changed", actor=user, subject=user, fields=changed)
    return changed
