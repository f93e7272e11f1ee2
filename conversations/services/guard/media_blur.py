"""Pictures and films that came in stay blurred until somebody chooses to look, where the company's class asks for it.

A photo may show what nobody should see by the way (R-S15). Nothing is recognised: the rule alone decides.
"""

import io
from typing import IO

from conversations import guard_policy
from conversations.models import Direction, InboxSettings, MediaFile
from conversations.services.guard import guarding

SEEN_KINDS = ("image", "video", "sticker")
PIXELS = 14  # on the longer side: colours, and nothing that could be made out


def waits_for_a_look(media: MediaFile) -> bool:
    """Whether nobody has looked at a file that came in and shows something."""
    shows = media.kind in SEEN_KINDS or media.mime_type.startswith(("image/", "video/"))
    return media.direction == Direction.INBOUND and media.reviewed_at is None and shows


def company_blurs() -> bool:
    """Whether the entered company has what comes in blurred."""
    settings = InboxSettings.load()
    if settings.blur_media in (guard_policy.ALWAYS, guard_policy.NEVER):
        return settings.blur_media == guard_policy.ALWAYS
    return guard_policy.policy_of(
        risk_class=guarding.risk_class(), term_lists=settings.term_lists, blur_media=settings.blur_media
    ).blurs


def is_blurred(media: MediaFile) -> bool:
    return waits_for_a_look(media) and company_blurs()


def blurred(source: IO[bytes]) -> bytes:
    """A picture of a few pixels from our own small one, as WebP: a browser that enlarges it shows a blur.

    Raises  OSError for what cannot be read
    """
    from PIL import Image

    with Image.open(source, formats=("WEBP",)) as picture:
        drawn = picture.convert("RGB")
    drawn.thumbnail((PIXELS, PIXELS), Image.Resampling.BOX)
    into = io.BytesIO()
    drawn.save(into, "WEBP", quality=60)
    return into.getvalue()
