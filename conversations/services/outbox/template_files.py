"""The files that go with a template message: a copy of its own sample, and the pictures of its cards.

A message has one file of its own. The cards of a carousel show the template's pictures; they are brought to the
platform ahead, by a worker, since their ids there have to be known when the message is queued.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Direction, MediaFile, MessageTemplate, PhoneNumber
from conversations.services import media_files
from conversations.services.numbers import numbers
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from conversations.whatsapp.media import MediaClient
from conversations.whatsapp.payloads.clean import record
from conversations.whatsapp.template_text import variables
from tenants import work
from tenants.errors import DomainError

PLATFORM_KEEPS = timedelta(days=30)
FRESH_FOR = timedelta(days=2)  # an id that ends sooner is renewed first
CARDS = "cards"  # the housekeeping that brings them


class CardFilesNotReady(DomainError):
    """``bring_ahead(template, number=number)`` brings them."""

    code = "card_files_not_ready"
    user_message = _("The pictures of the cards are on their way to WhatsApp. Try again in a minute.")

    def __init__(self, template: MessageTemplate, number: PhoneNumber) -> None:
        super().__init__()
        self.template, self.number = template, number


class CardFilesMissing(DomainError):
    code = "card_files_missing"
    http_status = 422
    user_message = _("The pictures of the cards are only known to WhatsApp. Add them to the template here first.")


def own_file(template: MessageTemplate, *, kind: str) -> MediaFile | None:
    """The template's own sample, if we have it and it is of the kind that its heading asks for."""
    media = template.header_file
    if media is None or media.kind != kind or media.state != MediaFile.State.STORED:
        return None
    return media


def copy_of_own(template: MessageTemplate, *, number_id: UUID) -> MediaFile | None:
    """A copy of the template's own sample for one message: removing the message never takes the sample away."""
    wanted = next((one.kind for one in variables(template.components) if one.key == "header.media"), "")
    own = own_file(template, kind=wanted)
    if own is None:
        return None
    media = media_files.copy(own, phone_number_id=number_id)
    media.direction, media.received_at = Direction.OUTBOUND, timezone.now()
    media.save(update_fields=["direction", "received_at"])
    return media


def card_values(template: MessageTemplate, *, number: PhoneNumber, besides: Collection[str] = ()) -> dict[str, str]:
    """The platform's ids of the cards' own pictures, by the keys of their values.

    besides  keys for which a message has a file of its own
    Raises   CardFilesMissing, CardFilesNotReady
    """
    wanted = [key for key in _card_keys(template) if key not in besides]
    if not wanted:
        return {}
    files = _card_files(template)
    if set(wanted) - set(files):
        raise CardFilesMissing
    soon = timezone.now() + FRESH_FOR
    found = {
        key: media.platform_id
        for key, media in files.items()
        if key in wanted
        and media.platform_id
        and media.platform_id_until
        and media.platform_id_until > soon
        and media.phone_number_id == number.pk
    }
    if set(wanted) - set(found):
        raise CardFilesNotReady(template, number)
    return found


def card_keys_with_files(template: MessageTemplate) -> set[str]:
    """The keys of the cards' pictures that we have."""
    return set(_card_files(template))


def sample_ids(template: MessageTemplate) -> dict[str, str]:
    """The ids of the template's own files by place, as a preview shows them: ``header``, ``card.0`` …"""
    found = {key.removesuffix(".header.media"): str(media.pk) for key, media in _card_files(template).items()}
    return found | ({"header": str(template.header_file_id)} if template.header_file_id else {})


def bring_ahead(template: MessageTemplate, *, number: PhoneNumber) -> None:
    """Have a worker bring the cards' pictures to the platform, if it does not have them."""
    try:
        card_values(template, number=number)
    except CardFilesNotReady:
        with transaction.atomic():
            ours = MediaFile.objects.filter(pk__in=[media.pk for media in _card_files(template).values()])
            ours.exclude(phone_number_id=number.pk).update(phone_number_id=number.pk, platform_id_until=None)
            work.mark(work.Kind.HOUSEKEEPING, key=f"{CARDS}:{template.pk}")
    except CardFilesMissing:
        return


def bring(template_id: str) -> bool:
    """Bring the pictures of one template's cards to their number; outside any transaction. False: try again later."""
    template = MessageTemplate.objects.filter(pk=template_id).first()
    files = list(_card_files(template).values()) if template else []
    known = PhoneNumber.objects.exclude(token="").in_bulk([media.phone_number_id for media in files])
    try:
        for media in files:
            if media.phone_number_id in known:
                _bring_one(media, known[media.phone_number_id])
    except GraphUnreachable:
        return False
    except (GraphRefused, BadCredentials, FileNotFoundError):
        return True  # whoever sends is told that they are not there
    return True


def _bring_one(media: MediaFile, number: PhoneNumber) -> None:
    now = timezone.now()
    if media.platform_id_until and media.platform_id_until > now + FRESH_FOR:
        return
    with (
        default_storage.open(media.storage_key, "rb") as stored,
        MediaClient(numbers.credentials_of(number)) as client,
    ):
        name = media.filename or "card"
        platform_id = client.upload(stored, size=media.size, mime_type=media.mime_type, filename=name)
    until = now + PLATFORM_KEEPS
    MediaFile.objects.filter(pk=media.pk).update(platform_id=platform_id, platform_id_until=until)


def _card_keys(template: MessageTemplate) -> list[str]:
    return [one.key for one in variables(template.components) if one.card is not None and one.name == "media"]


def _card_files(template: MessageTemplate) -> dict[str, MediaFile]:
    """The pictures that we have, by the key of their value."""
    kept = {place: pk for place, pk in record(record(template.draft).get("files")).items() if place != "header"}
    stored = MediaFile.objects.filter(pk__in=kept.values(), state=MediaFile.State.STORED).in_bulk()
    found = {place: stored.get(UUID(str(pk))) for place, pk in kept.items()}
    return {f"{place}.header.media": media for place, media in found.items() if media is not None}
