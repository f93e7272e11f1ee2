"""What a message template needs before it can be sent, how it will look, and the components that send it.

Values are keyed by place and variable: ``header.1``, ``body.1``, ``body.first_name``, ``button.0`` (the end of a link
or a code to copy, by the position of the button), ``header.media`` (a media id), ``header.location`` (latitude,
longitude, name, address), ``offer.ends`` (a moment), and optionally ``header.filename``, ``button.1.payload`` and
``button.0.token``. The same keys after ``card.0.`` are those of the first card of a carousel.
"""

from conversations.whatsapp.template_text.blanks import (
    MAX_BODY_CHARS,
    MAX_CARD_BODY_CHARS,
    MAX_CODE_CHARS,
    MAX_HEADER_CHARS,
    MAX_URL_CHARS,
    Variable,
    options,
    variables,
)
from conversations.whatsapp.template_text.parts import MEDIA_HEADERS, ONE_TIME_CODE_LINK, unsupported
from conversations.whatsapp.template_text.preview import Preview, PreviewButton, draft, fill, preview_of
from conversations.whatsapp.template_text.sending import to_components

__all__ = [
    "MAX_BODY_CHARS",
    "MAX_CARD_BODY_CHARS",
    "MAX_CODE_CHARS",
    "MAX_HEADER_CHARS",
    "MAX_URL_CHARS",
    "MEDIA_HEADERS",
    "ONE_TIME_CODE_LINK",
    "Preview",
    "PreviewButton",
    "Variable",
    "draft",
    "fill",
    "options",
    "preview_of",
    "to_components",
    "unsupported",
    "variables",
]
