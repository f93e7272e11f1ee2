"""Alarms: raised once however often trouble is noticed, told once, ended when it is over."""

from typing import Any

from django.core import mail

from conversations import alarm_words, number_rules
from conversations.models import Alarm, PhoneNumber
from conversations.services.alarms import alarm_telling, alarms
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def test_trouble_that_is_noticed_again_is_one_alarm(
    company: ClientCompany, other_company: ClientCompany, number: PhoneNumber, enter: Enter
) -> None:
    with enter(company):
        assert alarms.raise_alarm("banned", number=number, severity="critical")
        assert not alarms.raise_alarm("banned", number=number)
        alarm = Alarm.objects.get()
    assert (alarm.times, alarm.severity) == (2, "critical")
    with enter(other_company):
        assert not Alarm.objects.exists()


def test_people_are_told_once(company: ClientCompany, number: PhoneNumber, enter: Enter) -> None:
    with enter(company):
        alarms.raise_alarm("banned", number=number)
        alarm_telling.tell()
        alarms.raise_alarm("banned", number=number)
        alarm_telling.tell()
    assert [one.to for one in mail.outbox] == [["admin@example.test"], ["staff_owner@example.test"]]


def test_trouble_that_comes_back_is_a_new_alarm(company: ClientCompany, number: PhoneNumber, enter: Enter) -> None:
    with enter(company):
        alarms.raise_alarm("banned", number=number)
        assert alarms.end_alarm("banned", number=number)
        assert not alarms.end_alarm("banned", number=number)
        assert alarms.raise_alarm("banned", number=number)
        assert Alarm.objects.count() == 2


def test_a_mail_server_that_is_away_is_tried_again_and_nobody_gets_two(
    company: ClientCompany, number: PhoneNumber, enter: Enter, settings: Any, mailoutbox: list[Any]
) -> None:
    alive = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 9
    with enter(company):
        alarms.raise_alarm("banned", number=number)
        assert not alarm_telling.tell()
        assert Alarm.objects.get().told_at is None

        settings.EMAIL_BACKEND = alive
        assert alarm_telling.tell()
        assert alarm_telling.tell()
    assert len(mailoutbox) == 2


def test_a_crash_between_two_mails_sends_nobody_a_second_one(
    company: ClientCompany, number: PhoneNumber, admin: User, enter: Enter, mailoutbox: list[Any]
) -> None:
    with enter(company):
        alarms.raise_alarm("banned", number=number)
        Alarm.objects.update(told_to=[str(admin.pk)])  # this far it came
        alarm_telling.tell()
    assert [one.to for one in mailoutbox] == [["staff_owner@example.test"]]


def test_a_warning_that_becomes_critical_is_told_again(
    company: ClientCompany, number: PhoneNumber, enter: Enter, mailoutbox: list[Any]
) -> None:
    with enter(company):
        alarms.raise_alarm("ramp_up", number=number, severity="warning", data={"reached": 210, "limit": 250})
        alarm_telling.tell()
        alarms.raise_alarm("ramp_up", number=number, severity="critical", data={"reached": 250, "limit": 250})
        alarm_telling.tell()
    assert len(mailoutbox) == 4
    assert "250 of 250" in mailoutbox[-1].body


def test_every_kind_of_trouble_has_words(company: ClientCompany, number: PhoneNumber, enter: Enter) -> None:
    for kind in (*number_rules.STATES, *number_rules.EVENTS):
        alarm = Alarm(kind=kind, phone_number=number)
        assert alarm_words.words_of(kind) is not alarm_words.OTHER, kind
        assert alarm_words.title(alarm) and alarm_words.todo(alarm)
        assert "%(" not in alarm_words.means(alarm)
