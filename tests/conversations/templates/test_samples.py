"""Sample files that were replaced and that no language shows any more leave by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from conversations.models import MediaFile, MessageTemplate, PhoneNumber
from conversations.services import housekeeping
from conversations.services.message_templates import drafts, template_samples
from tests.conversations.templates.conftest import TYPED, Desk
from tests.conversations.templates.test_cards import picture

pytestmark = pytest.mark.usefixtures("db")


def give(desk: Desk, template: MessageTemplate, name: str) -> None:
    """Choose a sample in the form."""
    data = TYPED | {"name": template.name, "header": "image", "header_file": picture(name)}
    answer = desk.browser.post(f"/templates/{template.pk}/edit/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 200


def samples(desk: Desk) -> dict[str, str]:
    """Names and places of the files there are."""
    with desk.inside():
        return dict(MediaFile.objects.values_list("filename", "storage_key"))


def days_pass(desk: Desk) -> None:
    with desk.inside():
        MediaFile.objects.update(received_at=timezone.now() - timedelta(days=2))


def test_a_replaced_sample_leaves_with_its_bytes_once_a_day_has_passed(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    template = desk.begin()
    give(desk, template, "old.png")
    give(desk, template, "new.png")
    with desk.inside():
        assert template_samples.tidy() == 0

    days_pass(desk)
    keys = samples(desk)
    with desk.inside(), django_capture_on_commit_callbacks(execute=True):
        assert template_samples.tidy() == 1

    assert list(samples(desk)) == ["new.png"]
    with desk.inside():
        assert [default_storage.exists(keys[name]) for name in ("old.png", "new.png")] == [False, True]
        assert template_samples.tidy() == 0


def test_a_sample_stays_while_another_language_or_what_was_submitted_shows_it(desk: Desk) -> None:
    template = desk.begin()
    give(desk, template, "shared.png")
    with desk.inside():
        drafts.copy(desk.fresh(template), language="de", author=desk.person)
        submitted = MediaFile.objects.create(
            phone_number_id=PhoneNumber.objects.get().pk,
            direction=MediaFile.OF_A_TEMPLATE,
            kind="image",
            filename="submitted.png",
            received_at=timezone.now(),
        )
    desk.known("shown", header_file=submitted)
    give(desk, template, "new.png")

    days_pass(desk)
    with desk.inside():
        template_samples.tidy()

    assert set(samples(desk)) == {"shared.png", "submitted.png", "new.png"}


def test_files_of_messages_are_never_touched_and_housekeeping_does_it(desk: Desk) -> None:
    template = desk.begin()
    give(desk, template, "old.png")
    give(desk, template, "new.png")
    with desk.inside():
        MediaFile.objects.create(
            phone_number_id=PhoneNumber.objects.get().pk,
            direction="out",
            kind="image",
            filename="sent.png",
            received_at=timezone.now(),
        )
    days_pass(desk)

    with desk.inside():
        housekeeping.keep(f"templates:{desk.account}")

    assert set(samples(desk)) == {"new.png", "sent.png"}
