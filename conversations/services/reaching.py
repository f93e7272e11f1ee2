"""Asks one client for something on a page that shows many: one that cannot answer costs its own lines, not the page.

A client cannot answer while a migration holds its tables, or when its schema is behind this code or gone.
"""

import logging
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from tenants.context import inside, schema_of

logger = logging.getLogger(__name__)
PATIENCE = "SET LOCAL lock_timeout = '500ms'"  # a page waits no longer for one of many
Answer = TypeVar("Answer")


def ask(company_id: UUID, question: Callable[[], Answer]) -> Answer | None:
    """The answer of the question, put inside the company; None when the company cannot answer now."""
    try:
        with inside(schema_of(company_id)), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(PATIENCE)
            return question()
    except DatabaseError as error:
        if not connection.is_usable():
            raise
        logger.warning("company %s could not be asked (%s)", schema_of(company_id), type(error).__name__)
        return None
