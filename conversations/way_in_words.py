"""What is wrong with the way from WhatsApp to us, in words: why, and what puts it right. Codes in, texts out."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """``cause`` is what the test found, ``remedy`` what whoever runs this service does about it."""

    cause: Text
    remedy: Text


WORDS: dict[str, Words] = {
    "no_callback": Words(
        _("Our app at Meta has no address that webhooks are sent to."),
        _("Set the callback address and the verify token in the app's WhatsApp settings at Meta."),
    ),
    "callback_off": Words(
        _("Our app's webhooks are switched off at Meta."),
        _("Switch them on in the app's WhatsApp settings at Meta: it does that by itself after many failed calls."),
    ),
    "messages_not_chosen": Words(
        _("Our app at Meta is not told about messages."),
        _("Subscribe the field “messages”, and the others of the list, in the app's webhook settings at Meta."),
    ),
    "address_odd": Words(
        _("The address that WhatsApp has on record cannot be called."),
        _("Set it in the app's WhatsApp settings at Meta: https, a host of this service, /webhooks/whatsapp."),
    ),
    "address_inner": Words(
        _("The address that WhatsApp has on record leads into an inner network, where WhatsApp cannot come."),
        _("Let its name lead to the public address of this service."),
    ),
    "address_unreachable": Words(
        _("Nothing answers at the address that WhatsApp has on record."),
        _("See that the name resolves, that the web processes run, and that no firewall stands in between."),
    ),
    "address_certificate": Words(
        _("The certificate at the address that WhatsApp has on record does not hold."),
        _("Renew it, with the whole chain, from an authority that everybody trusts. Self-signed ones do not work."),
    ),
    "address_busy": Words(
        _("Our address answers that it cannot take anything in."),
        _("See whether the database and the web processes run. WhatsApp tries again for seven days."),
    ),
    "address_not_ours": Words(
        _("Something else answers at the address that WhatsApp has on record."),
        _("Set it in the app's WhatsApp settings at Meta: https, a host of this service, /webhooks/whatsapp."),
    ),
    "address_token": Words(
        _("Our address does not know the verify token of our app."),
        _("Give the app here the same verify token as in its WhatsApp settings at Meta, or save it there anew."),
    ),
    "address_secret": Words(
        _("Our address does not accept what our app signs."),
        _("Give the app here the app secret that stands in its basic settings at Meta."),
    ),
    "address_elsewhere": Words(
        _("What is posted to the address that WhatsApp has on record is taken there, and does not arrive here."),
        _("Look whether another installation stands there, or another database behind it."),
    ),
}
OTHER = Words(
    _("A test of the way from WhatsApp to us failed."),
    _("Look at the address that our app at Meta has on record, at its certificate, and at the web processes."),
)


def of(code: str) -> Words:
    """The words of a problem; general ones for a code without."""
    return WORDS.get(code, OTHER)
