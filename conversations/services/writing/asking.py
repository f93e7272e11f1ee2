"""What has to be asked before a person's message leaves, and what was said in answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from conversations import placeholders
from conversations.errors import AsksFirst, BlanksLeft, NamesOtherClient
from conversations.models import Conversation
from conversations.services.writing import other_clients
from tenants.accounts import audit
from tenants.accounts.models import User

SENT_ANYWAY = "sent_anyway"


def texts_in(content: Any) -> str:
    """Everything that can be read in the structured part of a message, one piece a line."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return "\n".join(map(texts_in, content.values()))
    return "\n".join(map(texts_in, content)) if isinstance(content, (list, tuple)) else ""


def ask(conversation: Conversation, *, author: User, text: str, confirmed: Iterable[str] = ()) -> dict[str, Any]:
    """What the message's ``metadata`` has to say about questions that were answered with "Send anyway".

    Neither the message nor the trail tells which other client was named: both belong to this company.
    confirmed  codes of the questions that were answered
    Raises     NamesOtherClient, BlanksLeft
    """
    said, overridden = set(confirmed), []
    for question in _questions(text, author=author):
        if question.code not in said:
            raise question
        overridden.append(question.code)
    if not overridden:
        return {}
    audit.record("message.sent_anyway", actor=author, subject=conversation, asked=overridden)
    return {SENT_ANYWAY: overridden}


def _questions(text: str, *, author: User) -> Iterable[AsksFirst]:
    if names := other_clients.named(text, author=author):
        yield NamesOtherClient(names)
    if placeholders.has_marks(text):
        yield BlanksLeft()
