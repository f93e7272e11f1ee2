"""Somebody leaves: their account ends and their open conversations go back to the queue, in one transaction.

What only served somebody who works here goes at once: when she was there, and texts that nobody else can see.
"""

from typing import Any

from django.db import transaction

from conversations.models import Draft
from conversations.presence_rules import LEFT
from conversations.services.people import duty_marks, returns
from tenants.accounts.models import Presence, User
from tenants.accounts.services import people

NEVER_HERE: dict[str, Any] = {
    "presence": Presence.AWAY,
    "presence_since": None,
    "pause_reason": "",
    "seen_at": None,
    "given_at": None,
}


@transaction.atomic
def switch_off(user: User, *, by: User) -> int:
    """How many conversations went back to the queue. Raises people.LastAdmin, people.AgencyPerson."""
    people.switch_off(user, by=by)
    duty_marks.here(duty_marks.DUTY)
    User.objects.filter(pk=user.pk).update(**NEVER_HERE)
    Draft.objects.filter(user=user).delete()
    return returns.of_person(user, why=LEFT)
