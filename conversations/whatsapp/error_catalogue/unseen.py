"""Rules for answers that carry no code, or one that nobody has seen yet."""

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.error_rules import Actor, ErrorRule, Retry

BUSY = ErrorRule(
    None,
    _("WhatsApp asks us to wait."),
    _("Too many requests were made in a short time."),
    _("Nothing needs to be done. The message waits and leaves by itself."),
    retry=Retry.NUMBER_SLOW,
)
DOWN = ErrorRule(
    None,
    _("WhatsApp had a problem of its own."),
    _("The service answered with an error that it did not explain."),
    _("Nothing needs to be done. The message is tried again a few times."),
    actor=Actor.META,
    retry=Retry.BACKOFF,
)
FORBIDDEN = ErrorRule(
    None,
    _("WhatsApp refused this."),
    _("The connection does not include the right that this needs."),
    _("Check the connection of the number, and reconnect it with all permissions."),
    actor=Actor.AGENCY,
    retry=Retry.AFTER_FIX,
)
TOO_LARGE = ErrorRule(
    None,
    _("The message is too large."),
    _("WhatsApp does not accept a message or file of this size."),
    _("Send less at once."),
    actor=Actor.AGENT,
)
REFUSED = ErrorRule(
    None,
    _("WhatsApp refused the message."),
    _("The reason that WhatsApp gave is new to this product."),
    _("Read the details, write the message another way, or tell the people who run this product."),
    actor=Actor.DEVELOPER,
)
