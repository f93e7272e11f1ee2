"""The same key and body give the same answer; a different body under the same key is refused."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.integrations.models import IdempotencyRecord
from tenants.errors import DomainError

MAX_KEY_CHARS = 200


class KeyMissing(DomainError):
    code = "idempotency_key_missing"
    http_status = 400
    user_message = _("Every write needs the header Idempotency-Key, 1 to 200 printable characters of your choice.")


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    http_status = 422
    user_message = _("This Idempotency-Key was used for another request. Use a new key for a new request.")


@dataclass(frozen=True, slots=True)
class Answer:
    status_code: int
    body: Any
    replayed: bool = False


def fingerprint(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


@transaction.atomic
def once(*, api_key_id: UUID, key: str, request: str, write: Callable[[], Answer]) -> Answer:
    """Carry out ``write`` unless this key has an answer already; then give that one.

    request  fingerprint of method, path and body
    Raises   KeyMissing, KeyReused; what ``write`` raises leaves no record, so the same key may try again
    The record, what was written and the answer commit together; a second caller waits for the first.
    """
    if not 0 < len(key) <= MAX_KEY_CHARS or not key.isprintable():
        raise KeyMissing
    fresh = IdempotencyRecord(api_key_id=api_key_id, key=key, fingerprint=request)
    IdempotencyRecord.objects.bulk_create([fresh], ignore_conflicts=True)
    record = IdempotencyRecord.objects.select_for_update().get(api_key_id=api_key_id, key=key)
    if record.fingerprint != request:
        raise KeyReused
    if record.status_code is not None:
        return Answer(record.status_code, record.answer, replayed=True)
    answer = write()
    record.status_code, record.answer = answer.status_code, answer.body
    record.save(update_fields=["status_code", "answer"])
    return answer
