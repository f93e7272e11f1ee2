"""Originals that nobody has a reason to keep go within a day: passwords and PINs, citizen numbers, cards."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations import guard_policy, hints, shown
from conversations.detectors import PURGED, SURE, is_quiet, scan, scan_field
from conversations.guard_policy import Action
from conversations.models import Conversation, Draft, Message, SensitiveFinding
from conversations.services import removal
from conversations.status import IN_FLIGHT, MessageStatus
from tenants import work

KEY = "purge"
BATCH = 100
Verdict = SensitiveFinding.Verdict
HIDDEN = (Action.MASKED, Action.OVERRIDDEN)
LEAVING = (MessageStatus.QUEUED, *IN_FLIGHT)


def purge(_about: str = "") -> bool:
    """Burn what is due out of texts, versions and journal; marks itself for what is due later."""
    while _purge_batch(timezone.now()):
        pass
    _purge_drafts(timezone.now())
    later = _waiting().order_by("at").values_list("at", flat=True).first()
    if later is not None:
        again = max(later + guard_policy.PURGE_AFTER, timezone.now() + guard_policy.PURGE_AFTER / 20)
        work.mark(work.Kind.HOUSEKEEPING, key=KEY, due_at=again)
    return True


@transaction.atomic
def _purge_drafts(now: datetime) -> None:
    """What somebody was stopped with, or never sent, and left lying for as long as a message may keep it."""
    lying = Draft.objects.filter(changed_at__lte=now - guard_policy.PURGE_AFTER).order_by("pk")
    for draft in lying.select_for_update(of=("self",)).iterator():
        hits = [hit for hit in scan(draft.body, with_terms=False) if hit.detector in PURGED and hit.confidence >= SURE]
        if hits:
            draft.body = shown.burnt(draft.body, [[hit.hide_start, hit.hide_end] for hit in hits])
            draft.save(update_fields=["body"])


def _waiting() -> Any:
    """Findings whose originals have to go; those that somebody called wrong were none."""
    found = SensitiveFinding.objects.filter(detector__in=PURGED, action__in=HIDDEN, message__isnull=False)
    return found.exclude(verdict=Verdict.WRONG)


@transaction.atomic
def _purge_batch(now: datetime) -> int:
    due = _waiting().filter(at__lte=now - guard_policy.PURGE_AFTER).exclude(message__status__in=LEAVING)
    ids = list(due.order_by("at").values_list("message_id", flat=True)[:BATCH])
    messages = Message.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    for message in messages:
        burn(message)
    SensitiveFinding.objects.filter(pk__in=due.filter(message__in=ids).values("pk")).update(action=Action.PURGED)
    spells = {message.conversation_id for message in messages}
    Conversation.objects.filter(pk__in=spells).update(version=F("version") + 1)
    hints.conversations_changed(spells)
    return len(ids)


def burn(message: Message) -> None:
    """Take the hits of purged detectors out of one message for good; their places stay as bullets."""
    message.body = shown.burnt(message.body, _purged(message.masks))
    if isinstance(message.content, dict):
        content = _burnt(message.content) if shown.hides_content(message.masks) else message.content
        if isinstance(content.get("versions"), list):
            content = content | {"versions": [_version(one) for one in content["versions"]]}
        message.content = content
    message.save(update_fields=["body", "content"])
    removal.clear_journal(message)


def _purged(masks: Any) -> list[Any]:
    return [mask for mask in masks or [] if isinstance(mask, list) and len(mask) > 2 and mask[2] in PURGED]


def _version(version: Any) -> Any:
    if not isinstance(version, dict) or not version.get("masks"):
        return version
    content = version.get("content")
    burnt = {"content": _burnt(content)} if shown.hides_content(version["masks"]) else {}
    return {**version, "body": shown.burnt(str(version.get("body") or ""), _purged(version["masks"]))} | burnt


def _burnt(value: Any, name: Any = "") -> Any:
    if isinstance(value, dict):
        return {key: _burnt(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_burnt(part, name) for part in value]
    found = [] if is_quiet(name) else scan_field(name, value, with_terms=False)
    hits = [hit for hit in found if hit.detector in PURGED and hit.confidence >= SURE]
    return shown.burnt(str(value), [[hit.hide_start, hit.hide_end, hit.detector] for hit in hits]) if hits else value
