"""Pictures that come in stay blurred until somebody chooses to look; files follow their conversation's clearance."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from conversations.models import Conversation, MediaFile, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.inbox.conftest import HX, Inbox
from tests.conversations.inbox.test_files import read


@pytest.fixture
def picture(inbox: Inbox, company: ClientCompany) -> tuple[Conversation, MediaFile]:
    """A photo of half red, half blue that somebody sent."""
    row = inbox.conversation()
    drawn = Image.new("RGB", (640, 320), "red")
    drawn.paste("blue", (320, 0, 640, 320))
    into = io.BytesIO()
    drawn.save(into, "WEBP")
    with inbox.inside():
        key = f"{company.schema_name}/media/guard-test"
        for name in (key, f"{key}-small"):
            default_storage.delete(name)
            default_storage.save(name, ContentFile(into.getvalue()))
        media = MediaFile.objects.create(
            phone_number_id=PhoneNumber.objects.get().pk,
            direction="in",
            kind="image",
            mime_type="image/webp",
            storage_key=key,
            thumbnail_key=f"{key}-small",
            width=640,
            height=320,
            state="stored",
            received_at=row.opened_at,
        )
    inbox.message(row, type="image", body="", media=media)
    return row, media


def status(browser: Client, path: str) -> int:
    response = browser.get(path)
    read(response)  # closes the file behind it
    return int(response.status_code)


def test_where_the_class_is_normal_photos_come_in_clear(
    picture: tuple[Conversation, MediaFile], as_agent: Client
) -> None:
    row, media = picture

    assert "blurred" not in as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert status(as_agent, f"/files/{media.pk}/") == 200


def test_a_blurred_photo_sends_no_clear_bytes_until_somebody_chooses_to_look(
    picture: tuple[Conversation, MediaFile], settings_of: Settings, as_agent: Client, inbox: Inbox
) -> None:
    row, media = picture
    settings_of(blur_media="always")

    assert 'data-kind="blurred"' in as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert status(as_agent, f"/files/{media.pk}/") == 403
    small = as_agent.get(f"/files/{media.pk}/thumbnail/")
    assert Image.open(io.BytesIO(small.content)).width <= 14
    assert small["Cache-Control"] == "no-store"

    bubble = as_agent.post(f"/files/{media.pk}/review/", headers=HX).content.decode()

    assert "data-open-picture" in bubble
    assert status(as_agent, f"/files/{media.pk}/") == 200
    with inbox.inside():
        assert MediaFile.objects.get(pk=media.pk).reviewed_by is not None
        assert AuditEntry.objects.filter(action="file.reviewed").count() == 1


def test_files_of_a_conversation_set_apart_are_for_cleared_people_only(
    picture: tuple[Conversation, MediaFile], as_agent: Client, cleared: Client, inbox: Inbox
) -> None:
    row, media = picture
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(sensitive=True)

    for path in (f"/files/{media.pk}/", f"/files/{media.pk}/thumbnail/"):
        assert status(as_agent, path) == 404
        assert status(cleared, path) == 200
    assert as_agent.post(f"/files/{media.pk}/review/").status_code == 404
