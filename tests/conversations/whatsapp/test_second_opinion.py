"""Another parser of the same webhooks reads the ordinary ones as we do."""

import pytest
from pywa import WhatsApp
from pywa.types import Message, MessageStatus

from tests.conversations.whatsapp.bodies import document, only


@pytest.fixture(scope="module")
def client():
    return WhatsApp(phone_id="106540352242922", token="none", filter_updates=False)


@pytest.mark.parametrize("name", ["text", "text_reply", "text_forwarded", "text_frequently_forwarded", "emoji"])
def test_texts_are_read_alike(client, name):
    theirs, ours = Message.from_update(client, document(f"message_{name}")), only(f"message_{name}")

    assert (theirs.id, theirs.text, theirs.timestamp) == (ours.wamid, ours.text, ours.at)
    assert (theirs.from_user.wa_id, theirs.from_user.name) == (ours.from_phone, ours.profile_name)
    assert (theirs.forwarded, theirs.forwarded_many_times) == (ours.forwarded, ours.frequently_forwarded)
    assert (theirs.reply_to_message.id if theirs.reply_to_message else None) == ours.quoted_wamid


@pytest.mark.parametrize("name", ["image", "video", "audio", "voice", "document", "sticker", "sticker_animated"])
def test_files_are_read_alike(client, name):
    theirs, ours = Message.from_update(client, document(f"message_{name}")), only(f"message_{name}")

    assert (theirs.media.id, theirs.media.mime_type, theirs.media.sha256, theirs.caption) == (
        ours.media.id,
        ours.media.mime_type,
        ours.media.sha256,
        ours.text,
    )


def test_a_place_and_a_reaction_are_read_alike(client):
    place = Message.from_update(client, document("message_location")).location
    reaction = Message.from_update(client, document("message_reaction")).reaction
    ours = only("message_reaction")

    assert (place.latitude, place.longitude, place.name) == tuple(
        only("message_location").content[name] for name in ("latitude", "longitude", "name")
    )
    assert (reaction.message_id, reaction.emoji) == (ours.reaction_target, ours.reaction_emoji)


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_statuses_are_read_alike(client, name):
    theirs, ours = MessageStatus.from_update(client, document(f"status_{name}")), only(f"status_{name}")

    assert (theirs.id, theirs.status.value.lower(), theirs.timestamp) == (ours.wamid, ours.status, ours.at)
    assert theirs.tracker == ours.callback_data
