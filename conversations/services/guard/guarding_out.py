"""Stops what goes out with identity numbers, passwords or the like in it, until somebody says why it has to.

The outbox asks here for every message, whoever sends it: a person, an integrator, a rule. The stop undoes the caller's
transaction, so it is recorded outside of it: by ``recorded`` around the services of people, and by the API's view.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone

from conversations import guard_policy, guard_words
from conversations.detectors import Hit, following, scan
from conversations.detectors.hit import whole
from conversations.detectors.parts import IN_PARTS_WITHIN, REMEMBERED, InParts
from conversations.errors import OverrideNotAllowed, OverrideScopeMissing, SensitiveContent
from conversations.guard_policy import Action
from conversations.models import Conversation, Direction, InboxSettings, Message
from conversations.services.guard import guard_writing, guarding
from tenants import bulk, work
from tenants.accounts import audit
from tenants.accounts.models import ApiKey, User
from tenants.accounts.roles import Permission, Scope

P = ParamSpec("P")
R = TypeVar("R")
Found = list[tuple[str, Hit]]
CODE = SensitiveContent.code
MAX_REASON_CHARS = 300


def check(
    conversation: Conversation, *, by: User | ApiKey | None, reason: str, body: str, content: Any, filename: str = ""
) -> Found:
    """What stands in a text that is about to go out and would stop it, when a reason lets it pass.

    reason  why it has to be sent all the same; empty stops
    Raises  SensitiveContent, OverrideScopeMissing, OverrideNotAllowed
    """
    hits: Found = [(body, hit) for hit in scan(body)] + guarding.look_into(content, with_terms=True)
    hits += [(filename, hit) for hit in scan(filename, with_terms=False)]
    hits += [(body, found.last) for found, _said in _in_parts(conversation, body)]
    if not hits:
        return []
    settings = InboxSettings.load()
    policy = guarding.policy(settings, team=conversation.team_id)
    stopping = [(text, hit) for text, hit in hits if policy.stops(hit)]
    stopping = guarding.not_own(stopping, guarding.own(settings)) if stopping else []
    if not stopping:
        return []
    lacks_scope = not isinstance(by, User) and not may_key_override(by)
    if not reason.strip() or lacks_scope:
        rows = [_row(hit, text, conversation, Action.STOPPED, None) for text, hit in stopping[: guarding.MAX_FINDINGS]]
        names = list(dict.fromkeys(hit.detector for _text, hit in stopping))
        kind = OverrideScopeMissing if reason.strip() else SensitiveContent
        raise kind(guard_words.listed(names), names=names, conversation_id=conversation.pk, rows=rows)
    if isinstance(by, User) and not may_override(by, policy=policy):
        raise OverrideNotAllowed
    return stopping


def may_override(user: User, *, policy: guard_policy.Policy) -> bool:
    """Whether this person may say that hidden or stopped content is needed."""
    return user.may(Permission.SENSITIVE_OVERRIDE) and (user.cleared or not policy.reveal_needs_clearance)


def may_key_override(key: ApiKey | None) -> bool:
    """Whether an integrator's key may: clearance is a person's, so a key needs a scope of its own."""
    return key is not None and Scope.SENSITIVE_OVERRIDE in key.scopes


def note_override(message: Message, found: Found, *, by: User | ApiKey | None, reason: str) -> None:
    """Record who let it pass and why; the message is hidden for others from then on. In the outbox's transaction."""
    if not found:
        return
    reason, at = guard_writing.reason(reason.strip()[:MAX_REASON_CHARS]), timezone.now()
    about = {"reason": reason, "reviewed_by_id": by.pk if isinstance(by, User) else None}
    rows = [
        _row(hit, text, message.conversation, Action.OVERRIDDEN, message) | about
        for text, hit in found[: guarding.MAX_FINDINGS]
    ]
    guarding.keep(rows + [row | about for row in _hide_parts(message, rows)])
    message.masks = _masks(message, found) or None
    Message.objects.filter(pk=message.pk).update(masks=message.masks)
    names = sorted({hit.detector for _text, hit in found})
    audit.record("sensitive.overridden", actor=by, subject=message, reason=reason, detectors=names)
    if any(guard_policy.is_purged(name) for name in names):
        work.mark(work.Kind.HOUSEKEEPING, key="purge", due_at=at + guard_policy.PURGE_AFTER)


def earlier_reason(message: Message) -> str:
    """Why a message was let pass that is to be sent once more."""
    found = message.findings.filter(action=Action.OVERRIDDEN).values_list("reason", flat=True).first()
    return found or ""


def reason_in(confirmed: Iterable[str]) -> str:
    """The reason among the answers to questions: ``sensitive_content:why``."""
    return next((code.partition(":")[2].strip() for code in confirmed if code.startswith(f"{CODE}:")), "")


@transaction.atomic
def record_stop(stop: SensitiveContent, *, by: User | ApiKey | None) -> None:
    """Keep that something was stopped, outside the transaction that it undid."""
    known = Conversation.objects.filter(pk__in=[stop.conversation_id] if stop.conversation_id else [])
    if known.exists():  # a new one went with the transaction
        guarding.keep(stop.rows)
    if any(guard_policy.is_purged(name) for name in stop.names):  # it still stands in the draft
        work.mark(work.Kind.HOUSEKEEPING, key="purge", due_at=timezone.now() + guard_policy.PURGE_AFTER)
    audit.record("sensitive.stopped", actor=by, reason=stop.code, detectors=stop.names)


def recorded(service: Callable[P, R]) -> Callable[P, R]:
    """Around a service that sends for a person (``author`` or ``by``): its stops are kept."""

    @wraps(service)
    def sending(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except SensitiveContent as stop:
            who = kwargs.get("author") or kwargs.get("by")
            record_stop(stop, by=who if isinstance(who, User | ApiKey) else None)
            raise

    return sending


def _in_parts(
    conversation: Conversation, body: str, *, but: Message | None = None
) -> list[tuple[InParts, list[Message]]]:
    """Numbers of which this text is the last part, and what we wrote just before; a query only where it may be one."""
    if not body or not following.may_follow(body):
        return []
    since = timezone.now() - IN_PARTS_WITHIN
    rows = Message.objects.filter(channel=conversation.channel_id, at__gt=since, removed_at=None)
    rows = (rows.exclude(pk=but.pk) if but else rows).order_by("-at", "-sequence")
    said = list(rows.select_related("conversation").defer("content")[:REMEMBERED])[::-1]
    ours = [one for one in said if one.direction == Direction.OUTBOUND]
    found = following.in_parts(body, [one.body for one in ours], [one.body for one in said])
    return [(one, ours) for one in found if guarding.own().without(one.text, [one.hit])]


def _hide_parts(message: Message, rows: list[bulk.Row]) -> list[bulk.Row]:
    """What left before as the first parts of a number is hidden with the last one; gives its findings."""
    parts: list[bulk.Row] = []
    for found, said in _in_parts(message.conversation, message.body, but=message):
        newest = next((row for row in rows if (row["start"], row["end"]) == (found.last.start, found.last.end)), None)
        if newest is None:
            continue
        for which, start, end in found.earlier:
            part, hit = said[which], whole(start, end, detector=found.hit.detector, confidence=found.hit.confidence)
            part.masks = sorted([*(part.masks or []), [start, end, hit.detector]])
            part.save(update_fields=["masks"])
            parts.append(
                _row(hit, part.body, part.conversation, Action.OVERRIDDEN, part) | {"part_of_id": newest["id"]}
            )
    return parts


def _masks(message: Message, found: Found) -> list[list[Any]]:
    """The name of a file is what the person downloads it by, and stays."""
    body, name = message.body, message.media.filename if message.media else ""
    masks = [[hit.hide_start, hit.hide_end, hit.detector] for text, hit in found if text == body]
    return masks + guarding.content_marks([(text, hit) for text, hit in found if text not in (body, name)])


def _row(hit: Hit, text: str, conversation: Conversation, action: str, message: Message | None) -> bulk.Row:
    return guarding.finding_row(
        hit,
        text,
        conversation_id=conversation.pk,
        message_id=message.pk if message else None,
        action=action,
        at=timezone.now(),
        outbound=True,
    )
