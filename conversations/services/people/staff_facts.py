"""What the agency says of its people for all clients: languages, skills, and how much they take at once."""

from django.db import transaction
from django.http import HttpRequest

from conversations import hints
from conversations.desk.models import StaffPresence
from conversations.services.people import duty_marks
from conversations.services.people.person_facts import Answers
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.models import StaffGrant


@transaction.atomic
def change_answers(staff: User, given: Answers, *, by: User, request: HttpRequest | None = None) -> None:
    """On the agency's side. Clients where she works look again at what they could give her."""
    StaffPresence.objects.get_or_create(staff_id=staff.pk)
    row = StaffPresence.objects.select_for_update(no_key=True).get(staff=staff.pk)
    fields = ("languages", "skills", "capacity")
    changed = [name for name in fields if getattr(row, name) != getattr(given, name)]
    if not changed:
        return
    for name in fields:
        setattr(row, name, getattr(given, name))
    row.save(update_fields=fields)
    audit.record("staff.answers_changed", actor=by, subject=staff, request=request, fields=changed)
    duty_marks.of_staff([staff.pk], duty_marks.ASSIGN)
    served = StaffGrant.objects.in_force().filter(staff=staff.pk)
    hints.people_changed_at(served.values_list("company__schema_name", flat=True).distinct())
