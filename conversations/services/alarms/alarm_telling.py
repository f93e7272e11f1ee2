"""Tells people about alarms: one mail with all that is new, to the client's admins and to the agency.

A mail is noted as begun before it leaves, person by person: a second mail about the same trouble is worse than one that
a crash swallowed, because others get theirs and the pages say it too. A mail server that is away is tried again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone, translation

from conversations import alarm_words
from conversations.models import Alarm, TeamMember
from conversations.services.people import cover
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.addresses import address_of
from tenants.context import in_public
from tenants.models import ClientCompany, StaffGrant, StaffMembership
from tenants.services import companies, mails

MAIL = "conversations/mail/alarms"
BATCH = 50
MOST_PEOPLE = 100
QUIET = timedelta(hours=6)  # trouble that comes and goes is not mailed again within
GIVE_UP = timedelta(days=1)  # of a mail server that stays away; the pages have said it since
BEGIN = """
UPDATE conversations_alarm SET told_to = told_to || to_jsonb(%(who)s::text)
WHERE id = ANY(%(ids)s) AND NOT told_to ? %(who)s RETURNING id
"""
TAKE_BACK = "UPDATE conversations_alarm SET told_to = told_to - %(who)s WHERE id = ANY(%(ids)s)"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets the mail, with the id of the account; ``page`` is what its link leads to.

    floor  the mail is about people on duty, not about a number
    """

    key: str
    name: str
    email: str
    language: str
    page: str
    of_agency: bool
    floor: bool = False


def tell() -> bool:
    """Mail what nobody was told of yet; tells whether all of it left. In the entered company, outside a transaction."""
    waiting = list(
        Alarm.objects.filter(told_at=None).select_related("phone_number").order_by("opened_at", "id")[:BATCH]
    )
    fresh = [alarm for alarm in waiting if not _known_already(alarm)]
    company = companies.entered()
    sent = all([*_mail_about_numbers(fresh, company), *_mail_about_cover(fresh, company)])
    given_up = [alarm.pk for alarm in waiting if alarm.opened_at < timezone.now() - GIVE_UP]
    done = [alarm.pk for alarm in waiting] if sent else given_up
    Alarm.objects.filter(pk__in=done, told_at=None).update(told_at=timezone.now())
    return sent


def readers_of(company: ClientCompany) -> list[Reader]:
    """The client's admins, and of the agency its owners and whoever has a grant in force; each address once."""
    found: dict[str, Reader] = {}
    for reader in (*_admins(company), *_agency(company)):
        found.setdefault(reader.email, reader)
    return list(found.values())[:MOST_PEOPLE]


def _mail_about_numbers(fresh: list[Alarm], company: ClientCompany) -> Iterator[bool]:
    alarms = [alarm for alarm in fresh if alarm.kind not in cover.KINDS]
    return (_mail(reader, alarms, company) for reader in (readers_of(company) if alarms else []))


def _mail_about_cover(fresh: list[Alarm], company: ClientCompany) -> Iterator[bool]:
    """Also to supervisors and to whoever leads a team: they can call somebody in."""
    alarms = [alarm for alarm in fresh if alarm.kind in cover.KINDS]
    if not alarms:
        return iter(())
    with in_public():
        page = f"{address_of(company)}/floor/"
    found = {reader.email: replace(reader, floor=True, page=page) for reader in (*_admins(company), *_leads(company))}
    for reader in _agency(company):
        found.setdefault(reader.email, replace(reader, floor=True))
    return (_mail(reader, alarms, company) for reader in list(found.values())[:MOST_PEOPLE])


def _leads(company: ClientCompany) -> Iterator[Reader]:
    leads = Q(role=Role.SUPERVISOR) | Q(pk__in=TeamMember.objects.filter(leads=True).values("user"))
    for user in User.objects.filter(leads, is_active=True, staff_id=None).order_by("id"):
        yield Reader(str(user.pk), user.name, user.email, user.language or company.language, "", of_agency=False)


def _admins(company: ClientCompany) -> Iterator[Reader]:
    with in_public():
        page = f"{address_of(company)}/numbers/"
    for user in User.objects.filter(role=Role.ADMIN, is_active=True, staff_id=None).order_by("id"):
        yield Reader(str(user.pk), user.name, user.email, user.language or company.language, page, of_agency=False)


def _agency(company: ClientCompany) -> Iterator[Reader]:
    agency = company.agency
    with in_public():
        granted = StaffGrant.objects.in_force().filter(company=company).values("staff")
        owners = Q(role=StaffMembership.Role.OWNER) | Q(user__in=granted)
        people = list(agency.memberships.filter(owners, user__is_active=True).select_related("user").order_by("id"))
        page = f"{address_of(agency)}/clients/{company.pk}/#numbers"
    for user in (membership.user for membership in people):
        yield Reader(str(user.pk), user.name, user.email, user.language or agency.language, page, of_agency=True)


def _known_already(alarm: Alarm) -> bool:
    """Whether people were told of the same trouble a short while ago; worse is told anyway."""
    earlier = Alarm.objects.filter(phone_number=alarm.phone_number_id, kind=alarm.kind, severity=alarm.severity)
    return earlier.exclude(pk=alarm.pk).filter(told_at__gt=alarm.opened_at - QUIET).exclude(told_to=[]).exists()


def _mail(reader: Reader, alarms: list[Alarm], company: ClientCompany) -> bool:
    """One mail to one person with what they were not told of yet; tells whether it left, or had to."""
    ids = _begin(reader, alarms)
    new = [alarm for alarm in alarms if alarm.pk in ids]
    if not new:
        return True
    language = reader.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(company.time_zone):
        context = {"reader": reader, "lines": [_line(alarm) for alarm in new], "first": new[0]}
    sent = mails.send(MAIL, context, to=reader.email, language=language, company=company)
    if not sent:
        _run(TAKE_BACK, reader, ids)
    return sent


def _line(alarm: Alarm) -> dict[str, Any]:
    return {
        "alarm": alarm,
        "number": alarm.phone_number.display_number if alarm.phone_number else "",
        "title": alarm_words.title(alarm),
        "means": alarm_words.means(alarm),
        "todo": alarm_words.todo(alarm),
    }


def _begin(reader: Reader, alarms: list[Alarm]) -> list[Any]:
    return _run(BEGIN, reader, [alarm.pk for alarm in alarms])


def _run(statement: str, reader: Reader, ids: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"who": reader.key, "ids": ids})
        return [row[0] for row in cursor.fetchall()] if cursor.description else []
