"""Admins see and set what a number is; supervisors look; agents see only that it stands still."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conversations.models import Alarm, Channel, Contact, Conversation, PhoneNumber
from conversations.services.alarms import alarms
from conversations.services.numbers import number_states
from tenants.accounts.models import AuditEntry
from tenants.context import inside
from tenants.models import ClientCompany
from tests.architecture import html_rules
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")
PAGES = ["", "history/", "profile/", "automation/", "links/", "settings/", "blocked/", "waiting/"]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


def at(number: PhoneNumber, path: str = "") -> str:
    return f"/numbers/{number.pk}/{path}"


def at_platform(simulator: Simulator, number: PhoneNumber) -> dict[str, Any]:
    """What the platform keeps about the number."""
    rows = simulator.get("world")["numbers"]
    state: dict[str, Any] = next(one for one in rows if one["id"] == number.phone_number_id)["state"]
    return state


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_clean_and_for_the_right_people(
    path: str, as_admin: Client, as_supervisor: Client, as_agent: Client, number: PhoneNumber, simulator: Simulator
) -> None:
    page = as_admin.get(at(number, path))

    assert page.status_code == 200
    assert html_rules.breaches_in(page.content.decode()) == []
    assert as_supervisor.get(at(number, path)).status_code == (200 if path in ("", "history/") else 403)
    assert as_agent.get(at(number, path)).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_pages_stay_when_the_platform_is_away(path: str, as_admin: Client, number: PhoneNumber) -> None:
    assert as_admin.get(at(number, path)).status_code == 200


def test_a_number_of_another_company_is_not_there(as_other_admin: Client, number: PhoneNumber) -> None:
    for path in PAGES:
        assert as_other_admin.get(at(number, path)).status_code == 404


def test_one_number_has_no_list(as_admin: Client, number: PhoneNumber) -> None:
    assert as_admin.get("/numbers/").headers["Location"] == at(number)


def test_the_first_page_begins_with_what_needs_a_person(
    as_admin: Client, as_agent: Client, number: PhoneNumber, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        number_states.change(number, PhoneNumber.State.STOPPED, reason="banned", source="probe")
        alarm = Alarm.objects.get(kind="banned")

    text = as_admin.get(at(number)).content.decode()
    assert "WhatsApp has banned this number." in text
    assert "banned this number" in as_agent.get("/numbers/bar/").content.decode()

    as_admin.post(f"/numbers/alarms/{alarm.pk}/acknowledge/")
    with enter(company):
        alarm.refresh_from_db()
        assert alarm.acknowledged_at is not None
        assert alarm.closed_at is None
        assert AuditEntry.objects.filter(action="alarm.acknowledged").count() == 1


def test_what_happened_once_is_over_when_somebody_saw_it(
    as_admin: Client, number: PhoneNumber, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        alarms.raise_alarm("limit_lowered", number=number, data={"before": "TIER_10K", "after": "TIER_2K"})
        alarm = Alarm.objects.get()

    assert "from 10,000 to 2,000" in as_admin.get(at(number)).content.decode()
    as_admin.post(f"/numbers/alarms/{alarm.pk}/acknowledge/")

    with enter(company):
        assert not Alarm.objects.filter(closed_at=None).exists()


def test_the_profile_is_written_at_the_platform_with_its_picture(
    as_admin: Client, number: PhoneNumber, simulator: Simulator, company: ClientCompany, enter: Enter
) -> None:
    fields = {"about": "Bikes since 1974", "email": "hello@fietsland.test", "website": "https://fietsland.test"}
    picture = SimpleUploadedFile("logo.png", PNG, content_type="image/png")

    answer = as_admin.post(at(number, "profile/"), {**fields, "vertical": "RETAIL", "picture": picture})

    assert answer.status_code == 302, answer.content
    kept = at_platform(simulator, number)["profile"]
    assert (kept["about"], kept["websites"], kept["vertical"]) == (
        "Bikes since 1974",
        ["https://fietsland.test"],
        "RETAIL",
    )
    assert kept["picture"]
    page = as_admin.get(at(number, "profile/")).content.decode()
    assert "Bikes since 1974" in page
    assert as_admin.get(at(number, "picture/")).content == PNG
    with enter(company):
        assert AuditEntry.objects.get(action="number.changed").details["fields"][-1] == "websites"


@pytest.mark.parametrize(
    ("field", "value"), [("about", ""), ("about", "x" * 140), ("email", "no"), ("website", "javascript:alert(1)")]
)
def test_a_profile_that_cannot_be_is_refused_in_its_field(
    field: str, value: str, as_admin: Client, number: PhoneNumber, simulator: Simulator
) -> None:
    answer = as_admin.post(at(number, "profile/"), {"about": "Bikes", field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "profile" not in at_platform(simulator, number)


def test_a_picture_that_is_none_is_refused(as_admin: Client, number: PhoneNumber, simulator: Simulator) -> None:
    wrong = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", content_type="image/png")

    assert as_admin.post(at(number, "profile/"), {"about": "Bikes", "picture": wrong}).status_code == 422


def test_ice_breakers_and_commands_are_kept(as_admin: Client, number: PhoneNumber, simulator: Simulator) -> None:
    fields = {"first": "Where is my bike?", "commands": "/hours Tells when we are open\nstaff Asks for a person"}

    assert as_admin.post(at(number, "automation/"), fields).status_code == 302

    kept = at_platform(simulator, number)["automation"]
    assert kept["prompts"] == ["Where is my bike?"]
    assert [row["command_name"] for row in kept["commands"]] == ["hours", "staff"]
    assert "/hours Tells when we are open" in as_admin.get(at(number, "automation/")).content.decode()
    assert as_admin.post(at(number, "automation/"), {"commands": "/alone"}).status_code == 422


def test_a_link_is_made_changed_drawn_and_deleted(
    as_admin: Client, as_supervisor: Client, number: PhoneNumber, simulator: Simulator
) -> None:
    as_admin.post(at(number, "links/"), {"text": "I saw your window"})
    (code,) = at_platform(simulator, number)["qr_codes"]
    as_admin.post(at(number, "links/"), {"text": "I saw your advertisement", "code": code})

    assert "I saw your advertisement" in as_admin.get(at(number, "links/")).content.decode()
    assert as_admin.get(at(number, f"links/{code}/qr.svg")).headers["Content-Type"] == "image/svg+xml"
    drawn = as_supervisor.get(at(number, f"links/{code}/qr.png?download"))
    assert drawn.content.startswith(b"\x89PNG")
    assert "attachment" in drawn.headers["Content-Disposition"]

    as_admin.post(at(number, f"links/{code}/delete/"))
    assert at_platform(simulator, number)["qr_codes"] == {}
    assert as_admin.post(at(number, "links/"), {"text": "x" * 141}).status_code == 422


def test_pin_name_calls_and_username_are_set(
    as_admin: Client, number: PhoneNumber, simulator: Simulator, company: ClientCompany, enter: Enter
) -> None:
    assert as_admin.post(f"/connecting/numbers/{number.pk}/pin/", {"pin": "730915"}).status_code == 302
    assert as_admin.post(at(number, "settings/name/"), {"name": "Fietsland Utrecht"}).status_code == 302
    assert as_admin.post(at(number, "settings/calling/"), {"on": "yes"}).status_code == 302
    assert as_admin.post(at(number, "settings/username/"), {"username": "fietsland.nl"}).status_code == 302

    kept = at_platform(simulator, number)
    assert kept["settings"]["calling"]["status"] == "ENABLED"
    assert kept["username"]["username"] == "fietsland.nl"
    with enter(company):
        number.refresh_from_db()
        assert number.pin == "730915"
        assert (number.requested_name, number.name_status) == ("Fietsland Utrecht", "PENDING_REVIEW")
        assert number.username == "fietsland.nl"
    page = as_admin.get(at(number, "settings/")).content.decode()
    assert "730915" not in page
    assert as_admin.post(at(number, "settings/username/give-up/")).status_code == 302
    assert "username" not in at_platform(simulator, number)


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [("username", "username", "Not..ok"), ("name", "name", "x")],
)
def test_settings_that_cannot_be_are_refused_in_their_field(
    path: str, field: str, value: str, as_admin: Client, number: PhoneNumber, simulator: Simulator
) -> None:
    answer = as_admin.post(at(number, f"settings/{path}/"), {field: value})

    assert answer.status_code == 422
    assert field in answer.context[f"{path}_form"].errors


def test_what_the_platform_refuses_is_told_with_its_reason(
    as_admin: Client, number: PhoneNumber, simulator: Simulator
) -> None:
    simulator.post("options", claimed_usernames=["fietsland"])

    answer = as_admin.post(at(number, "settings/username/"), {"username": "fietsland"})

    assert answer.status_code == 422
    assert "username_form" in answer.context


@pytest.fixture
def waiting(company: ClientCompany, number: PhoneNumber) -> Conversation:
    with inside(company.schema_name):
        then = timezone.now() - timedelta(minutes=40)
        data = {"crm": {"mail": "ana@home.test"}}
        contact = Contact.objects.create(name="=Ana", wa_id="31612345678", market="NL", metadata=data)
        channel = Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=then)
        conversation = Conversation.objects.create(
            contact=contact,
            phone_number=number,
            channel=channel,
            opened_at=then,
            last_message_at=then,
            waiting_since=then,
        )
        common = {"conversation": conversation, "channel": channel, "phone_number": number, "direction": "in"}
        card = {"contacts": [{"phones": [{"phone": "+31 30 123 4567"}], "emails": [{"email": "work@firm.test"}]}]}
        conversation.messages.create(
            **common, sender_kind="contact", type="contacts", content=card, at=then, sequence=1
        )
        text = "Call me at +31 6 87654321 or mail me@else.test"
        conversation.messages.create(**common, sender_kind="contact", type="text", body=text, at=then, sequence=2)
    return conversation


def test_everyone_who_waits_is_listed_with_every_address_they_gave(
    as_admin: Client, number: PhoneNumber, waiting: Conversation, company: ClientCompany, enter: Enter
) -> None:
    text = as_admin.get(at(number, "waiting/")).content.decode()

    for address in ("+31612345678", "ana@home.test", "+31301234567", "work@firm.test", "+31687654321", "me@else.test"):
        assert address in text
    assert html_rules.breaches_in(text) == []
    with enter(company):
        assert AuditEntry.objects.get(action="number.call_backs_opened").details["count"] == 1


def test_the_list_can_be_downloaded_without_running_anything(
    as_admin: Client, number: PhoneNumber, waiting: Conversation, company: ClientCompany, enter: Enter
) -> None:
    answer = as_admin.get(at(number, "waiting/list.csv"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    assert "'=Ana" in text
    assert "work@firm.test" in text
    with enter(company):
        assert AuditEntry.objects.filter(action="number.call_backs_downloaded").exists()


def test_a_person_who_was_called_back_is_done_until_they_wait_anew(
    as_admin: Client, number: PhoneNumber, waiting: Conversation, company: ClientCompany, enter: Enter
) -> None:
    path = at(number, f"waiting/{waiting.pk}/")
    as_admin.post(path, {"done": "yes"})
    assert as_admin.get(at(number, "waiting/")).context["done"] == 1

    with enter(company):
        Conversation.objects.update(waiting_since=timezone.now() + timedelta(seconds=1))
    assert as_admin.get(at(number, "waiting/")).context["done"] == 0

    as_admin.post(path)
    assert as_admin.get(at(number, "waiting/")).context["done"] == 0


def test_somebody_who_wrote_long_ago_cannot_be_blocked(
    as_admin: Client, number: PhoneNumber, waiting: Conversation, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        Channel.objects.update(last_inbound_at=timezone.now() - timedelta(hours=25))

    as_admin.post(at(number, f"blocked/{waiting.contact_id}/block/"))

    with enter(company):
        assert Contact.objects.get(pk=waiting.contact_id).blocked_at is None
    assert "24 hours" in as_admin.get(at(number, "blocked/")).content.decode()
