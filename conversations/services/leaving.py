"""Somebody leaves: their account ends and their open conversations go back to the queue, in one transaction."""

from django.db import transaction

from conversations.presence_rules import LEFT
from conversations.services import duty_marks, returns
from tenants.accounts.models import User
from tenants.accounts.services import people


@transaction.atomic
def switch_off(user: User, *, by: User) -> int:
    """How many conversations went back to the queue. Raises people.LastAdmin, people.AgencyPerson."""
    people.switch_off(user, by=by)
    duty_marks.here(duty_marks.DUTY)
    return returns.of_person(user, why=LEFT)
