"""Refusals of the channel and the inbox."""

from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.errors import DomainError


class WindowClosed(DomainError):
    code = "window_closed"
    user_message = _("The 24-hour reply window has closed. Choose an approved message template to write first.")


class ContactOptedOut(DomainError):
    code = "contact_opted_out"
    user_message = _("This person sent STOP. Marketing messages are not possible until they opt in again.")


class ConsentMissing(DomainError):
    code = "consent_missing"
    user_message = _("There is no proof that this person agreed to marketing messages.")


class MarketingRests(DomainError):
    code = "marketing_rests"
    user_message = _("WhatsApp held back marketing to this person less than a day ago. Wait until a day has passed.")


class NumberCannotSend(DomainError):
    code = "number_cannot_send"
    user_message: str | Promise = _("This WhatsApp number cannot send now. The reason stands on the number's page.")

    def __init__(self, reason: str | Promise = "") -> None:
        super().__init__(str(reason))
        if reason:
            self.user_message = _("This WhatsApp number cannot send now. %(reason)s") % {"reason": reason}


class TextInvalid(DomainError):
    code = "text_invalid"
    http_status = 422
    user_message: str | Promise = _("A message has between 1 and 4,096 characters.")


class SensitiveNote(TextInvalid):
    """A note or an answer from the client holds identity numbers, passwords or the like."""

    code = "sensitive_note"

    def __init__(self, found: str) -> None:
        super().__init__(found)
        words = _(
            "This holds sensitive data (%(found)s), and everybody who helps this person would read it. Leave that out."
        )
        self.user_message = words % {"found": found}


class ContentInvalid(DomainError):
    """A part of a message does not fit; ``detail`` names the field, ``user_message`` says why."""

    code = "content_invalid"
    http_status = 422
    user_message: str | Promise = _("A part of this message is missing or too long for WhatsApp.")

    def __init__(self, detail: str = "", *, user_message: str | Promise = "") -> None:
        super().__init__(detail)
        self.field = detail
        if user_message:
            self.user_message = user_message


class FileRefused(DomainError):
    code = "file_refused"
    http_status = 422
    user_message = _("This file cannot be sent over WhatsApp.")


class LinkRefused(FileRefused):
    code = "link_refused"
    user_message = _("Files are fetched only from public addresses that begin with https://.")


class LinkUnreachable(FileRefused):
    code = "link_unreachable"
    user_message = _("The server of the file did not answer in time, several times. Check the address and send again.")


class LinkGone(FileRefused):
    code = "link_gone"
    user_message = _("The server says that there is no such file, or does not give it. Check the address.")


class LinkTooBig(FileRefused):
    code = "link_too_big"
    user_message = _("The file behind the address is too big for WhatsApp. Give a smaller one.")


class LinkUnfit(FileRefused):
    code = "link_unfit"
    user_message = _("What came from the address is empty, or not the kind of file that it says it is.")


class LinkOtherKind(FileRefused):
    code = "link_other_kind"
    user_message = _("The file behind the address is of another kind than the message. Send it as what it is.")


class TemplateUnusable(DomainError):
    """``field`` names the blank that does not fit, if it is one; then ``user_message`` says why."""

    code = "template_unusable"
    http_status = 422
    user_message: str | Promise = _("This message template is not approved, or not every blank is filled.")

    def __init__(self, field: str = "", *, user_message: str | Promise = "") -> None:
        super().__init__(field)
        self.field = field
        if user_message:
            self.user_message = user_message


class PurposeMissing(DomainError):
    code = "purpose_missing"
    http_status = 422
    user_message = _("Say why this message template is sent. A marketing template can only be sent as marketing.")


class ReferenceMissing(DomainError):
    code = "reference_missing"
    http_status = 422
    user_message = _("Name the case or order that this service message is about.")


class TokenReused(DomainError):
    code = "client_token_reused"
    http_status = 422
    user_message = _("This message id was used for another message. Use a new id for every message.")


class DelayInvalid(DomainError):
    code = "delay_invalid"
    http_status = 422
    user_message = _("A message can wait up to ten seconds before it leaves, and its id has at most 120 characters.")


class NotRepeatable(DomainError):
    code = "not_repeatable"
    user_message = _("This message cannot be sent again: it may still arrive, or WhatsApp would refuse it again.")


class NoRecipient(DomainError):
    code = "no_recipient"
    user_message = _("WhatsApp no longer tells how to reach this person.")


class NotUndoable(DomainError):
    code = "not_undoable"
    user_message = _("Too late to undo: the message has left.")


class AlreadyTaken(DomainError):
    code = "already_taken"
    user_message = _("Somebody else took this conversation.")


class HeldByColleague(DomainError):
    """Somebody else answers this conversation, and nobody has said yet that it is to be done all the same."""

    code = "held_by_colleague"
    user_message = _("A colleague answers this conversation.")


class ConversationClosed(DomainError):
    code = "conversation_closed"
    user_message = _("This conversation is closed. Reopen it to write.")


class HoldInvalid(DomainError):
    code = "hold_invalid"
    http_status = 422
    user_message = _("Choose a time that is still to come and at most a year away.")


class TransferImpossible(DomainError):
    code = "transfer_impossible"
    http_status = 422
    user_message: str | Promise = _("This conversation cannot go there. Choose somebody else.")

    def __init__(self, user_message: str | Promise = "") -> None:
        super().__init__()
        if user_message:
            self.user_message = user_message


class ClosingIncomplete(DomainError):
    """The company asks for more when a conversation is closed; ``field`` names what is missing."""

    code = "closing_incomplete"
    http_status = 422
    user_message = _("Say why it is closed and what it was about. This company asks for it.")

    def __init__(self, field: str = "") -> None:
        super().__init__(field)
        self.field = field


class DangerOpen(DomainError):
    """A danger word waits in the conversation; whoever dealt with it says how before it is closed."""

    code = "danger_open"
    http_status = 422
    user_message = _("A danger word waits here. Say what was done about it, above the reply; then it can be closed.")


class QuestionGone(DomainError):
    code = "question_gone"
    http_status = 410
    user_message = _("This question is no longer open.")


class QuestionInvalid(DomainError):
    code = "question_invalid"
    http_status = 422
    user_message = _("A question or an answer has between 1 and 4,096 characters.")


class TooManyQuestions(DomainError):
    code = "too_many_questions"
    http_status = 429
    user_message = _("Five questions are open already. Wait for an answer or withdraw one.")


class RemindedLately(DomainError):
    code = "reminded_lately"
    user_message = _("A mail left less than an hour ago. Give the person a little time.")


class NotAllowed(DomainError):
    code = "not_allowed"
    http_status = 403
    user_message = _("Your role does not allow this.")


class NumberTaken(DomainError):
    code = "number_taken"
    user_message = _("This number is connected elsewhere already and cannot be connected here.")


class CalledOff(DomainError):
    code = "called_off"
    user_message = _("The number was disconnected, and what waited was called off. It has not left.")


class AgreementMissing(DomainError):
    code = "agreement_missing"
    user_message = _("A number goes live only under a signed data processing agreement.")


class AsksFirst(DomainError):
    """A question before a message leaves: the same call with this code among ``confirmed`` goes through."""

    code = "asks_first"
    http_status = 422


class NamesOtherClient(AsksFirst):
    code = "names_other_client"
    user_message: str | Promise = _("This names another client. Send anyway?")

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.user_message = _("This names %(names)s. Send anyway?") % {"names": ", ".join(names)}


class BlanksLeft(AsksFirst):
    code = "blanks_left"
    user_message = _("Something is still to be filled in: look for ⟦ and ⟧. Send anyway?")


class SensitiveContent(AsksFirst):
    """Identity numbers, passwords or the like stand in what is to be sent; a reason lets it pass.

    names  the detectors that found something; ``rows``: the findings to keep when the stop is recorded
    """

    code = "sensitive_content"
    user_message: str | Promise = _(
        "This holds personal numbers or other sensitive data. Take them out, or say why they have to be sent."
    )

    def __init__(
        self,
        found: str = "",
        *,
        names: list[str] | None = None,
        conversation_id: UUID | None = None,
        rows: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(found)
        self.names, self.conversation_id, self.rows = names or [], conversation_id, rows or []
        if found:
            words = _("This holds sensitive data (%(found)s). Take it out, or say why it has to be sent.")
            self.user_message = words % {"found": found}


class OverrideScopeMissing(SensitiveContent):
    """A key gave a reason and has no scope for it: stopped, and recorded, like anything else that was stopped."""

    code = "override_scope_missing"
    http_status = 403

    def __init__(self, found: str = "", **about: Any) -> None:
        super().__init__(found, **about)
        self.user_message = _(
            "This holds sensitive data (%(found)s), and this key may not send it, whatever the reason. "
            "Take it out, or use a key with the scope %(scope)s."
        ) % {"found": found, "scope": "sensitive:override"}


class OverrideNotAllowed(DomainError):
    code = "override_not_allowed"
    http_status = 403
    user_message = _("Only people who are cleared for sensitive data may do this.")


class ProofMissing(DomainError):
    code = "proof_missing"
    http_status = 422
    user_message = _("Choose the message in which the person agrees.")


class WhyMissing(DomainError):
    code = "why_missing"
    http_status = 422
    user_message = _("Say why, in a few words. What you write is kept.")
