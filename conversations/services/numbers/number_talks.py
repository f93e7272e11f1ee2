"""Speaks to the platform for a person who waits at a page: what it refuses comes back as words for that person."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import PhoneNumber
from conversations.services.numbers import numbers
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.errors import CATALOGUE
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from conversations.whatsapp.management_numbers import NumberManagement
from tenants.errors import DomainError

READ_SECONDS = 15.0  # somebody waits
BAD_PARAMETER = 100


class PlatformAway(DomainError):
    code = "platform_away"
    http_status = 503
    user_message = _("WhatsApp does not answer now. Nothing was changed; try it again in a minute.")


class PlatformRefused(DomainError):
    """``user_message`` says what the platform said."""

    code = "platform_refused"
    http_status = 422
    user_message: str | Promise = _("WhatsApp refused this.")

    def __init__(self, refused: GraphRefused) -> None:
        super().__init__(str(refused))
        self.graph_code = refused.code
        rule = refused.rule
        if refused.code == BAD_PARAMETER or refused.code not in CATALOGUE:
            said = refused.details.removeprefix(f"(#{refused.code}) ")
            self.user_message = _("WhatsApp refused this: %(said)s") % {"said": said or rule.title}
        else:
            self.user_message = " ".join(filter(None, (str(rule.title), str(rule.cause), str(rule.next_step))))


class TokenUnusable(DomainError):
    code = "token_unusable"
    user_message = _("WhatsApp no longer accepts the access token of this number. Connect the number again first.")


@contextmanager
def talking(number: PhoneNumber) -> Iterator[NumberManagement]:
    """Calls with the number's own token, outside any transaction.

    Raises  PlatformAway, PlatformRefused, TokenUnusable
    """
    try:
        with NumberManagement(numbers.credentials_of(number), read_seconds=READ_SECONDS) as graph:
            yield graph
    except BadCredentials as error:
        raise TokenUnusable from error
    except GraphUnreachable as error:
        raise PlatformAway from error
    except GraphRefused as refused:
        raise PlatformRefused(refused) from refused
