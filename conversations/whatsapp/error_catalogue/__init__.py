"""Every error code of the platform that is known, as data."""

from conversations.whatsapp.error_catalogue.account import ACCOUNT
from conversations.whatsapp.error_catalogue.sending import SENDING
from conversations.whatsapp.error_catalogue.templates import TEMPLATES
from conversations.whatsapp.error_rules import ErrorRule

RULES = (*ACCOUNT, *SENDING, *TEMPLATES)
CATALOGUE: dict[int, ErrorRule] = {rule.code: rule for rule in RULES if rule.code is not None}
TOKEN_DEAD = CATALOGUE[190]
