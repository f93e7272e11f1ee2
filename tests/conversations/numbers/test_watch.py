"""How a number is used is counted, and warned about before the platform acts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations import number_rules
from conversations.desk.models import PortfolioHour
from conversations.models import Alarm, Channel, Contact, Conversation, Message, PhoneNumber, WebhookCall
from conversations.services import housekeeping
from conversations.services.numbers import number_states, number_watch
from tenants.context import inside
from tenants.models import ClientCompany, WorkMark
from tests.architecture import html_rules
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")


class Used:
    """A number with messages of today."""

    def __init__(self, company: ClientCompany, number: PhoneNumber) -> None:
        self.company, self.number, self.people = company, number, 0

    def person(self, *, wrote: datetime | None = None) -> Channel:
        self.people += 1
        contact = Contact.objects.create(name="A", wa_id=f"3161234{self.people:04d}")
        return Channel.objects.create(contact=contact, phone_number=self.number, last_inbound_at=wrote)

    def message(self, channel: Channel, *, direction: str = "out", **fields: Any) -> Message:
        now = timezone.now()
        live = {"contact": channel.contact, "opened_at": now, "last_message_at": now, "phone_number": self.number}
        conversation, _made = Conversation.objects.get_or_create(channel=channel, defaults=live)
        kind = {"direction": direction, "sender_kind": "human" if direction == "out" else "contact", "type": "text"}
        values: dict[str, Any] = {**kind, "at": now, "sequence": 1, "status": 50 if direction == "out" else 0, **fields}
        return Message.objects.create(conversation=conversation, channel=channel, phone_number=self.number, **values)

    def measure(self) -> dict[str, Any]:
        number_watch.measure(self.number.phone_number_id)
        figures: dict[str, Any] = PhoneNumber.objects.get(pk=self.number.pk).figures
        return figures

    def alarms(self) -> set[str]:
        return set(Alarm.objects.filter(closed_at=None).values_list("kind", flat=True))


@pytest.fixture
def used(company: ClientCompany, number: PhoneNumber) -> Used:
    return Used(company, number)


def test_people_written_to_first_are_counted_once_and_answers_not(used: Used, enter: Enter) -> None:
    with enter(used.company):
        cold, warm = used.person(), used.person(wrote=timezone.now())
        used.message(warm, direction="in", at=timezone.now() - timedelta(hours=1))
        for channel in (cold, cold, warm):
            used.message(channel, type="template")
        used.message(used.person(), type="template", status=70)

        assert used.measure()["reached"] == 1


def test_a_number_close_to_its_limit_is_warned_about(used: Used, enter: Enter) -> None:
    with enter(used.company):
        PhoneNumber.objects.update(messaging_limit="5")
        for _person in range(4):
            used.message(used.person(), type="template")
        used.measure()
        assert used.alarms() == {"ramp_up"}
        assert Alarm.objects.get().severity == "warning"
        used.message(used.person(), type="template")
        used.measure()
        assert Alarm.objects.get().severity == "critical"


def test_numbers_of_one_portfolio_share_the_limit(used: Used, enter: Enter) -> None:
    with enter(used.company):
        PhoneNumber.objects.update(business_id="77")
        second = PhoneNumber.objects.create(
            phone_number_id="88",
            waba_id="99",
            business_id="77",
            display_number="+31201000099",
            meta_app_id=used.number.meta_app_id,
            state="live",
        )
        used.message(used.person(), type="template")
        used.number = second
        used.message(used.person(), type="template")

        assert used.measure()["reached"] == 2


def test_companies_of_one_portfolio_share_the_limit_and_nothing_else(
    used: Used, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(other_company):
        theirs = PhoneNumber.objects.get()
        PhoneNumber.objects.update(business_id="77", messaging_limit="5")
        neighbour = Used(other_company, theirs)
        for _person in range(3):
            neighbour.message(neighbour.person(), type="template")
        assert neighbour.measure()["reached"] == 3
        assert neighbour.alarms() == set()
    with enter(used.company):
        PhoneNumber.objects.update(business_id="77", messaging_limit="5")
        used.message(used.person(), type="template")
        figures = used.measure()

        assert (figures["reached"], figures["reached_elsewhere"]) == (4, 3)
        assert used.alarms() == {"ramp_up"}
    with enter(other_company):
        assert neighbour.measure()["reached"] == 4
        assert neighbour.alarms() == {"ramp_up"}
    rows = PortfolioHour.objects.filter(business_id="77")
    assert set(rows.values_list("company_id", "people")) == {(used.company.pk, 1), (other_company.pk, 3)}


def test_what_a_neighbour_of_the_portfolio_sent_yesterday_no_longer_counts(
    used: Used, other_company: ClientCompany, enter: Enter
) -> None:
    now = timezone.now()
    for age in (timedelta(hours=26), timedelta(hours=2)):
        hour = (now - age).replace(minute=0, second=0, microsecond=0)
        PortfolioHour.objects.create(business_id="77", company=other_company, hour=hour, people=5)
    with enter(used.company):
        PhoneNumber.objects.update(business_id="77")
        assert used.measure()["reached_elsewhere"] == 5
        PhoneNumber.objects.update(business_id="78")
        assert used.measure()["reached_elsewhere"] == 0


def test_late_messages_are_noticed(used: Used, enter: Enter) -> None:
    with enter(used.company):
        channel = used.person()
        for order in range(6):
            used.message(channel, direction="in", at=timezone.now() - timedelta(minutes=5), sequence=order)

        assert used.measure()["delay_high"] > 250
        assert "display_delay" in used.alarms()


def test_accepted_messages_without_any_news_are_noticed_until_news_come(used: Used, enter: Enter) -> None:
    with enter(used.company):
        then = timezone.now() - timedelta(minutes=20)
        for _person in range(3):
            used.message(used.person(), accepted_at=then)
        assert used.measure()["silent"] == 3
        assert "webhooks_silent" in used.alarms()

        WebhookCall.objects.create(
            phone_number_id=used.number.phone_number_id, field="messages", body="{}", received_at=timezone.now()
        )
        assert used.measure()["silent"] == 0
        assert used.alarms() == set()


def test_much_more_out_than_in_is_a_warning() -> None:
    number = PhoneNumber(figures={"out": 300, "in": 5}, state="live")
    calm = PhoneNumber(figures={"out": 300, "in": 60}, state="live")

    assert set(number_rules.troubles_of(number, at=timezone.now())) == {"ratio"}
    assert number_rules.troubles_of(calm, at=timezone.now()) == {}


def test_trouble_that_comes_and_goes_is_mailed_once(
    used: Used, enter: Enter, mailoutbox: list[Any], as_owner: Client
) -> None:
    with enter(used.company):
        for _time in range(3):
            number_states.change(used.number, "stopped", reason="banned", source="probe")
            housekeeping.keep("alarms")
            number_states.change(used.number, "live", source="probe")
            housekeeping.keep("alarms")

    assert len(mailoutbox) == 2  # the client's admin and the agency's owner


def test_the_agency_sees_what_is_wrong_and_takes_care_of_it(
    used: Used, enter: Enter, as_owner: Client, as_staff: Client
) -> None:
    with enter(used.company):
        number_states.change(used.number, "stopped", reason="banned", source="probe")
        alarm = Alarm.objects.get()
    console = as_owner.get("/").content.decode()
    assert "WhatsApp has banned this number." in console
    page = as_staff.get(f"/clients/{used.company.pk}/").content.decode()
    assert "WhatsApp has banned this number." in page
    assert html_rules.breaches_in(page) == []

    path = f"/clients/{used.company.pk}/alarms/{alarm.pk}/acknowledge/"
    assert as_staff.post(path).status_code == 403
    assert as_owner.post(path).status_code == 302
    with inside(used.company.schema_name):
        alarm.refresh_from_db()
        assert alarm.acknowledged_at is not None


def test_only_companies_where_something_happened_are_counted(used: Used, other_company: ClientCompany) -> None:
    with inside(used.company.schema_name):
        number_states.change(used.number, "paused", reason="token_dead", source="probe")
    housekeeping.plan()

    marked = WorkMark.objects.filter(key__startswith="watch:").values_list("schema_name", flat=True)
    assert list(marked) == [used.company.schema_name]
