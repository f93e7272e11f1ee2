"""Alarms: raised once however often trouble is noticed, told once, ended when it is over."""

from django.core import mail

from conversations.models import Alarm, PhoneNumber
from conversations.services import alarm_telling, alarms
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter


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
