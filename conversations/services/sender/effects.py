"""Carries out what an outcome changes beyond its own message, in a thread with a connection of its own."""

import asyncio
import logging
from functools import partial
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, transaction

from conversations.services import consequences
from conversations.services.sender.lease import Lease
from conversations.whatsapp.error_rules import STOPPING, Actor, ErrorRule
from conversations.whatsapp.outcomes import Outcome, Permanent, Throttled, TokenDead
from tenants.context import inside

logger = logging.getLogger(__name__)


def stops_number(outcome: Outcome) -> bool:
    """Whether nothing more can leave from this number until somebody acts."""
    return isinstance(outcome, TokenDead) or (isinstance(outcome, Permanent) and outcome.rule.effect in STOPPING)


async def apply(lease: Lease, outcome: Outcome, *, message_id: UUID) -> None:
    """Carry out what the rule of this outcome says."""
    if not isinstance(outcome, Permanent | Throttled | TokenDead):
        return
    rule = outcome.rule
    if stops_number(outcome) or rule.effect in consequences.EFFECTS or rule.actor is Actor.DEVELOPER:
        code = int(outcome.code or rule.code or 0)
        await asyncio.to_thread(partial(_apart, lease, rule, code, message_id))


def _apart(lease: Lease, rule: ErrorRule, code: int, message_id: UUID) -> None:
    try:
        with inside(lease.schema_name), transaction.atomic():
            consequences.draw(rule, code=code, message_id=message_id, token_cipher=lease.token_cipher)
    except (Error, ObjectDoesNotExist):  # the outcome itself is written down all the same
        logger.exception("an effect could not be carried out for %s", lease.schema_name)
    finally:
        connection.close()
