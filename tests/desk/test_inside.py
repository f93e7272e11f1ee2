"""A client's conversation opened on the desk: the client's own views, under the client's own row, and nothing else."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import get_script_prefix, get_urlconf
from django.utils import timezone

from conversations.models import Conversation, InboxSettings, MediaFile, Message, Note, QuickReply
from tenants import live, wake
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import connection, inside
from tenants.ids import uuid7
from tenants.models import ClientCompany, StaffGrant
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import HX, Waits, give, row_at
from tests.fixtures.companies import Enter
from tests.fixtures.people import BACKEND

pytestmark = pytest.mark.usefixtures("db")


def at(company: ClientCompany, row: Conversation | None = None, rest: str = "") -> str:
    return f"/desk/{company.pk}/" + (f"inbox/{row.pk}/{rest}" if row else rest)


def fresh(company: ClientCompany, row: Conversation) -> Conversation:
    with inside(company.schema_name):
        return Conversation.objects.select_related("assignee").get(pk=row.pk)


@pytest.fixture
def row(company: ClientCompany, granted: StaffGrant, waits: Waits) -> Conversation:
    return waits(company, "Marieke", said="Waar is mijn fiets?")


class TestOpening:
    def test_the_page_shows_the_desk_and_the_thread_and_every_address_stays_on_the_desk(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        page = as_staff.get(at(company, row))
        text = page.content.decode()

        assert page.status_code == 200
        assert "Waar is mijn fiets?" in text
        assert f'data-url="{at(company, row)}"' in text
        assert f'action="{at(company, row, "reply/")}"' in text
        assert 'data-token-url="/desk/live/token/"' in text
        assert '"/inbox/' not in text
        assert_clean(text)

    def test_htmx_gets_thread_and_contact_only(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        part = as_staff.get(at(company, row), headers=HX).content.decode()

        assert "<html" not in part
        assert f'data-url="{at(company, row)}"' in part
        assert 'id="contact-pane"' in part

    def test_the_clients_trail_says_who_of_the_agency_opened_it(
        self, as_staff: Client, staff_person: User, company: ClientCompany, row: Conversation, enter: Enter
    ) -> None:
        as_staff.get(at(company, row))

        with enter(company):
            entry = AuditEntry.objects.get(action="conversation.opened")
            assert entry.actor_name == staff_person.name
            assert entry.actor_id == row_at(company, staff_person).pk
            assert entry.on_behalf_of == company.agency.name

    def test_afterwards_the_request_is_the_agencys_again(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        answer = as_staff.get(at(company, row, "news/?since=x"), headers=HX)

        assert answer.status_code == 205
        assert answer.wsgi_request.company is None
        assert answer.wsgi_request.agency == company.agency
        assert answer.wsgi_request.user.staff_id is None
        assert connection.schema_name == "public"
        assert get_script_prefix() == "/"
        assert get_urlconf() is None
        assert as_staff.get("/switcher/").status_code == 200

    def test_an_error_inside_leaves_nothing_behind(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        assert as_staff.get(at(company, None, f"inbox/{uuid4()}/news/"), headers=HX).status_code == 404
        assert as_staff.post(at(company, row, "messages/" + str(uuid4()) + "/removal/"), headers=HX).status_code == 403

        assert connection.schema_name == "public"
        assert get_script_prefix() == "/"
        assert as_staff.get("/desk/").status_code == 200


class TestForWhom:
    def test_the_clients_name_tone_quick_replies_and_links_stand_over_the_thread_too(
        self, as_staff: Client, company: ClientCompany, row: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            links = [{"name": "Retouren", "url": "https://fietsland.example/retour"}]
            InboxSettings.objects.update_or_create(pk=1, defaults={"tone": "Vrolijk en kort.", "links": links})
            reply = QuickReply.objects.create(shortcut="groet", title="Groeten", texts={"nl": "Groeten van ons"})

        thread = as_staff.get(at(company, row), headers=HX).content.decode().split('id="contact-pane"')[0]

        over = thread.split('<details class="for-whom">')[1].split('id="thread-scroll"')[0]
        for shown in (company.name, "Vrolijk en kort.", "/groet", "https://fietsland.example/retour"):
            assert shown in over
        use = at(company, row, f"replies/{reply.pk}/")
        assert f'data-use-reply="{use}"' in over
        assert as_staff.post(use, headers=HX).json() == {"text": "Groeten van ons"}

    def test_a_client_on_another_clock_says_whose_the_times_are(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        assert "Times are those of" not in as_staff.get(at(company, row), headers=HX).content.decode()
        ClientCompany.objects.filter(pk=company.pk).update(time_zone="Europe/Lisbon")

        assert "Times are those of Lisbon" in as_staff.get(at(company, row), headers=HX).content.decode()

    def test_on_the_clients_own_host_nobody_has_to_be_told_whose_it_is(
        self, as_agent: Client, company: ClientCompany, row: Conversation
    ) -> None:
        assert "for-whom" not in as_agent.get(f"/inbox/{row.pk}/").content.decode()


class TestAnswering:
    def reply(self, client: Client, company: ClientCompany, row: Conversation, **fields: str) -> Any:
        data = {"body": "Morgen!", "token": str(uuid4())} | fields
        return client.post(at(company, row, "reply/"), data, headers=HX)

    def test_claim_answer_note_and_close_from_the_desk(
        self, as_staff: Client, staff_person: User, company: ClientCompany, row: Conversation, enter: Enter
    ) -> None:
        assert as_staff.post(at(company, row, "take/"), headers=HX).status_code == 200
        assert self.reply(as_staff, company, row).status_code == 200
        assert as_staff.post(at(company, row, "note/"), {"body": "Belt terug"}, headers=HX).status_code == 200
        assert fresh(company, row).assignee_id == row_at(company, staff_person).pk
        assert as_staff.post(at(company, row, "close/"), headers=HX).status_code == 200

        me = row_at(company, staff_person)
        with enter(company):
            assert Message.objects.get(body="Morgen!").author_id == me.pk
            assert Note.objects.get().author_id == me.pk
            assert Conversation.objects.get(pk=row.pk).status == Conversation.Status.CLOSED

    def test_a_post_without_the_agencys_own_csrf_token_is_refused(
        self, staff_person: User, company: ClientCompany, row: Conversation
    ) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"host": "agency.test"})
        strict.force_login(staff_person, backend=BACKEND)

        assert strict.post(at(company, row, "take/"), headers=HX).status_code == 403
        assert fresh(company, row).assignee_id is None
        strict.get("/desk/")
        token = strict.cookies[settings.CSRF_COOKIE_NAME].value
        assert strict.post(at(company, row, "take/"), headers=HX | {"X-CSRFToken": token}).status_code == 200

    def test_after_closing_the_next_of_all_clients_opens(
        self,
        as_staff: Client,
        staff_person: User,
        company: ClientCompany,
        other_company: ClientCompany,
        row: Conversation,
        waits: Waits,
    ) -> None:
        give(staff_person, other_company)
        next_one = waits(other_company, "Gerda", minutes_ago=500)

        closed = as_staff.post(at(company, row, "close/"), {"next": "1"}, headers=HX)

        assert closed["X-Next"] == at(other_company, next_one)

    def test_what_she_set_about_herself_at_the_agency_holds_at_every_client(
        self, as_staff: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany,
        row: Conversation, waits: Waits,
    ) -> None:  # fmt: skip
        give(staff_person, other_company)
        elsewhere = waits(other_company, "Gerda", minutes_ago=500)
        profile = {"name": staff_person.name, "undo_seconds": "9", "enter_sends": "on", "open_next": "on"}
        assert as_staff.post("/accounts/profile/", profile).status_code == 302

        composer = as_staff.get(at(company, row, "composer/"), headers=HX).content.decode()
        closed = as_staff.post(at(company, row, "close/"), headers=HX)

        assert 'data-undo-seconds="9" data-enter-sends' in composer
        assert closed["X-Next"] == at(other_company, elsewhere)  # nobody waits at this client any more

    def test_when_nobody_waits_any_more_closing_leads_to_the_desk(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        assert as_staff.post(at(company, row, "close/"), {"next": "1"}, headers=HX)["X-Next"] == "/desk/"


class TestIsolation:
    def test_without_a_grant_no_address_of_the_client_answers(
        self, as_staff: Client, other_company: ClientCompany, granted: StaffGrant, waits: Waits
    ) -> None:
        row = waits(other_company, "Geheim")

        for rest in ("", "news/?since=x", "older/", "contact/", "composer/"):
            assert as_staff.get(at(other_company, row, rest), headers=HX).status_code == 404
            assert as_staff.get(at(other_company, row, rest)).status_code == 404
        assert as_staff.post(at(other_company, row, "take/"), headers=HX).status_code == 404
        assert fresh(other_company, row).assignee_id is None

    def test_one_clients_conversation_is_not_there_under_another_clients_prefix(
        self, as_staff: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany, waits: Waits,
        granted_both: None,
    ) -> None:  # fmt: skip
        row = waits(other_company, "Gerda")

        assert as_staff.get(at(company, row)).status_code == 404
        assert as_staff.get(at(company, row), headers=HX).status_code == 404
        assert as_staff.post(at(company, row, "take/"), headers=HX).status_code == 404

    def test_a_client_of_another_agency_is_not_there(
        self, as_staff: Client, company: ClientCompany, row: Conversation, agency: Any
    ) -> None:
        stranger = type(agency).objects.create(name="Elders", slug="elders")
        ClientCompany.objects.filter(pk=company.pk).update(agency=stranger)

        assert as_staff.get(at(company, row)).status_code == 404

    @pytest.mark.parametrize(
        "path",
        ["settings/", "people/", "api-keys/", "privacy/", "audit/", "accounts/profile/", "enter/x/", "api/v1/messages",
         "desk/", "metrics", "switcher/", "nothing/"],
    )  # fmt: skip
    def test_only_the_inbox_answers_here(
        self, as_staff: Client, staff_person: User, company: ClientCompany, path: str
    ) -> None:
        give(staff_person, company, role=Role.ADMIN)

        assert as_staff.get(at(company, None, path), headers=HX).status_code == 404
        assert as_staff.post(at(company, None, path), headers=HX).status_code == 404

    def test_whole_pages_stand_on_the_clients_own_host(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        away = as_staff.get(at(company, None, f"contacts/{row.contact_id}/"))
        assert away.headers["Location"] == f"/clients/{company.pk}/enter/?next=/contacts/{row.contact_id}/"

        door = as_staff.get(away.headers["Location"]).headers["Location"]

        path = door.split("fietsland.test", 1)[1].lstrip("0123456789:")
        arrived = Client(headers={"host": "fietsland.test"}).get(path)
        assert arrived.headers["Location"] == f"/contacts/{row.contact_id}/"

    @pytest.mark.parametrize("place", ["//evil.test/", "https://evil.test/", "/\\evil.test", "inbox/"])
    def test_the_way_in_leads_to_no_other_host(
        self, as_staff: Client, company: ClientCompany, granted: StaffGrant, place: str
    ) -> None:
        door = as_staff.get(f"/clients/{company.pk}/enter/", {"next": place}).headers["Location"]

        assert "?" not in door

    def test_a_role_without_the_permission_is_refused_inside(
        self, as_staff: Client, company: ClientCompany, row: Conversation
    ) -> None:
        assert as_staff.post(at(company, None, f"contacts/{row.contact_id}/merge/"), headers=HX).status_code == 403

    def test_an_ended_grant_shuts_the_door_at_once(
        self, as_staff: Client, company: ClientCompany, row: Conversation, granted: StaffGrant
    ) -> None:
        assert as_staff.get(at(company, row)).status_code == 200

        grants.end(granted, ended_by="Admin")

        assert as_staff.get(at(company, row)).status_code == 404
        assert as_staff.post(at(company, row, "take/"), headers=HX).status_code == 404


class TestFiles:
    @pytest.fixture
    def picture(self, company: ClientCompany, enter: Enter, number: Any) -> MediaFile:
        with enter(company):
            key = default_storage.save(f"{company.schema_name}/desk.txt", ContentFile(b"twelve bytes"))
            return MediaFile.objects.create(
                phone_number_id=number.pk,
                direction="in",
                kind="document",
                received_at=timezone.now(),
                state=MediaFile.State.STORED,
                storage_key=key,
                mime_type="text/plain",
            )

    def test_come_under_the_clients_prefix_and_only_with_its_grant(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, granted: StaffGrant,
        picture: MediaFile,
    ) -> None:  # fmt: skip
        found = as_staff.get(at(company, None, f"files/{picture.pk}/"))

        assert b"".join(found.streaming_content) == b"twelve bytes"
        assert as_staff.get(at(other_company, None, f"files/{picture.pk}/")).status_code == 404
        assert as_staff.get(f"/files/{picture.pk}/").status_code == 404

    def test_of_another_client_are_not_there(
        self, as_staff: Client, other_company: ClientCompany, granted_both: None, picture: MediaFile
    ) -> None:
        assert as_staff.get(at(other_company, None, f"files/{picture.pk}/")).status_code == 404


class TestLive:
    def test_the_token_names_a_topic_for_every_grant_and_no_other_client(
        self, as_staff: Client, granted: StaffGrant, company: ClientCompany, other_company: ClientCompany
    ) -> None:
        token = live.read(as_staff.get("/desk/live/token/", headers=HX).json()["token"])

        assert token.topics == (live.staff_topic(token.user_id), live.desk_topic(company.pk))
        assert token.side == "public"

    def test_a_token_for_three_hundred_clients_still_fits_into_an_address(self, staff_person: User) -> None:
        topics = [live.staff_topic(staff_person.pk), *(live.desk_topic(uuid7()) for _ in range(300))]

        token = live.mint(side="public", user_id=staff_person.pk, topics=topics, origin="https://agency.test")

        assert len(token) < 5_500
        assert live.read(token).topics == tuple(topics)

    def test_whoever_joins_or_leaves_hears_at_once_that_her_access_is_another(
        self, staff_person: User, company: ClientCompany, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        with wake.client().pubsub(ignore_subscribe_messages=True) as page:
            page.subscribe(live.channel(live.staff_topic(staff_person.pk)))
            page.get_message(timeout=5)
            with django_capture_on_commit_callbacks(execute=True):
                grant = give(staff_person, company)
            assert page.get_message(timeout=5)["data"] == b'{"name": "access", "ids": []}'
            with django_capture_on_commit_callbacks(execute=True):
                grants.end(grant, ended_by="Admin")
            assert page.get_message(timeout=5)

    def test_without_grants_nothing_of_any_client_is_heard(self, as_staff: Client) -> None:
        token = live.read(as_staff.get("/desk/live/token/").json()["token"])

        assert token.topics == (live.staff_topic(token.user_id),)

    def test_a_change_is_told_to_the_desk_of_its_client_with_ids_only(
        self,
        as_staff: Client,
        company: ClientCompany,
        row: Conversation,
        django_capture_on_commit_callbacks: Callable[..., Any],
    ) -> None:
        with django_capture_on_commit_callbacks() as told:
            as_staff.post(at(company, row, "take/"), headers=HX)

        assert told
        assert re.fullmatch(r"desk:[\w-]{11}", live.desk_topic(company.pk))
