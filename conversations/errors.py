"""Refusals of the channel and the inbox."""

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


class NumberCannotSend(DomainError):
    code = "number_cannot_send"
    user_message = _("This WhatsApp number cannot send now. The reason stands on the number's page.")


class TextInvalid(DomainError):
    code = "text_invalid"
    http_status = 422
    user_message = _("A message has between 1 and 4,096 characters.")


class FileRefused(DomainError):
    code = "file_refused"
    http_status = 422
    user_message = _("This file cannot be sent over WhatsApp.")


class TemplateUnusable(DomainError):
    code = "template_unusable"
    http_status = 422
    user_message = _("This message template is not approved, or not every blank is filled.")


class NoRecipient(DomainError):
    code = "no_recipient"
    user_message = _("WhatsApp no longer tells how to reach this person.")


class NotUndoable(DomainError):
    code = "not_undoable"
    user_message = _("Too late to undo: the message has left.")


class AlreadyTaken(DomainError):
    code = "already_taken"
    user_message = _("Somebody else took this conversation.")


class ConversationClosed(DomainError):
    code = "conversation_closed"
    user_message = _("This conversation is closed. Reopen it to write.")


class NotAllowed(DomainError):
    code = "not_allowed"
    http_status = 403
    user_message = _("Your role does not allow this.")


class NumberTaken(DomainError):
    code = "number_taken"
    user_message = _("This number is connected elsewhere already and cannot be connected here.")


class AgreementMissing(DomainError):
    code = "agreement_missing"
    user_message = _("A number goes live only under a signed data processing agreement.")
