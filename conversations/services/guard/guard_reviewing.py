"""What people do about findings: look for a reason, say whether a finding is right, look at a file, end an alarm."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone

from conversations import hints
from conversations.detectors import SURE, scan
from conversations.detectors.hit import whole
from conversations.detectors.terms_data import HEALTH
from conversations.errors import OverrideNotAllowed, WhyMissing
from conversations.guard_policy import Action, Policy
from conversations.models import Conversation, ConversationEvent, InboxSettings, MediaFile, Message, SensitiveFinding
from conversations.services import summary
from conversations.services.guard import guard_writing, guarding, guarding_out
from conversations.services.handling import conversations
from conversations.services.people import duty_marks
from conversations.shown import CONTENT, CONTENT_TERMS
from tenants.accounts import audit
from tenants.accounts.models import User

MAX_REASON_CHARS = 300
HIDES = (Action.MASKED, Action.OVERRIDDEN)
Verdict = SensitiveFinding.Verdict
Kind = ConversationEvent.Kind


@transaction.atomic
def reveal(message: Message, *, by: User, reason: str, request: HttpRequest | None = None) -> str:
    """The whole text of a message for one view, for a reason that is recorded.

    Raises  WhyMissing, OverrideNotAllowed
    """
    check_may(by)
    reason = reason.replace("\x00", "").strip()[:MAX_REASON_CHARS]
    if not reason:
        raise WhyMissing
    reason = guard_writing.reason(reason)
    found = sorted({str(mask[2]) for mask in message.masks or [] if len(mask) > 2})
    audit.record("sensitive.shown", actor=by, subject=message, request=request, reason=reason, detectors=found)
    return message.body


def check_may(user: User, *, policy: Policy | None = None) -> None:
    """Raises OverrideNotAllowed where this person may not see or let pass what is hidden."""
    if not guarding_out.may_override(user, policy=policy or guarding.policy(InboxSettings.load())):
        raise OverrideNotAllowed


@transaction.atomic
def judge(finding: SensitiveFinding, *, by: User, right: bool, request: HttpRequest | None = None) -> None:
    """Say that a finding is one, or none: a wrong one is shown again, and alone it no longer sets anything apart.

    Whoever changes a verdict takes back what followed from it: what was shown is hidden again.

    Raises  OverrideNotAllowed
    """
    check_may(by)
    verdict = Verdict.RIGHT if right else Verdict.WRONG
    finding = SensitiveFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.verdict == verdict:
        return
    was_wrong = finding.verdict == Verdict.WRONG
    finding.verdict, finding.reviewed_by = verdict, by
    finding.save(update_fields=["verdict", "reviewed_by"])
    if was_wrong == right:
        show_or_hide(finding, by=by)
    _judge_parts(finding, by=by)
    name = "sensitive.confirmed" if right else "sensitive.rejected"
    audit.record(name, actor=by, subject=finding.message, request=request, detector=finding.detector)
    if was_wrong != right:
        _settle(finding.conversation, by=by)


def _judge_parts(finding: SensitiveFinding, *, by: User) -> None:
    """A number in several messages is one, or none, in all of them."""
    whole_of_it = Q(part_of=finding.part_of_id or finding.pk) | Q(pk=finding.part_of_id or finding.pk)
    others = SensitiveFinding.objects.filter(whole_of_it).exclude(pk=finding.pk).exclude(verdict=finding.verdict)
    for part in others.select_related("message", "conversation").select_for_update(of=("self",)).order_by("pk"):
        changes = Verdict.WRONG in (part.verdict, finding.verdict)
        part.verdict, part.reviewed_by = finding.verdict, by
        part.save(update_fields=["verdict", "reviewed_by"])
        if changes:
            show_or_hide(part, by=by)


def show_or_hide(finding: SensitiveFinding, *, by: User | None) -> None:
    """Do with the message and its conversation what the finding's verdict says; in the caller's transaction."""
    if finding.action in HIDES and finding.message_id is not None:
        _unmask(finding) if finding.verdict == Verdict.WRONG else _mask(finding)
    _settle(finding.conversation, by=by)


def _unmask(finding: SensitiveFinding) -> None:
    message = Message.objects.select_for_update(of=("self",)).get(findings=finding)
    masks = message.masks or []
    kept = [mask for mask in masks if not _covers(finding, mask)]
    if len(kept) == len(masks):  # it was found in the structured part, where something else may be hidden, too
        wrong = _wrong(message)
        left = [one for one in guarding.look_into(message.content) if one[1].detector not in wrong]
        kept = [mask for mask in masks if mask[2] not in (CONTENT, CONTENT_TERMS)]
        kept += guarding.content_marks([one for one in left if one[1].confidence >= SURE])
        kept += [mask for mask in masks if mask[2] == CONTENT_TERMS and HEALTH not in wrong]
    _keep_masks(message, kept)


def _wrong(message: Message) -> list[str]:
    """Detectors of which every finding in this message was called wrong."""
    verdicts: dict[str, set[str]] = {}
    for detector, verdict in message.findings.values_list("detector", "verdict"):
        verdicts.setdefault(detector, set()).add(verdict)
    return [detector for detector, said in verdicts.items() if said == {Verdict.WRONG}]


def _mask(finding: SensitiveFinding) -> None:
    """Hide again what was shown while the finding was called wrong, as far as it still stands there."""
    message = Message.objects.select_for_update(of=("self",)).get(findings=finding)
    there = [hit for hit in scan(message.body) if (hit.start, hit.end) == (finding.start, finding.end)]
    masks = [[hit.hide_start, hit.hide_end, hit.detector] for hit in there if hit.detector == finding.detector]
    if finding.part_of_id is not None or finding.parts.exists():  # alone it says nothing
        masks = [[finding.start, min(finding.end, len(message.body)), finding.detector]]
    inside = guarding.look_into(message.content, with_terms=True) if not masks else []
    masks += guarding.content_marks([one for one in inside if one[1].detector == finding.detector])
    kept = message.masks or []
    _keep_masks(message, [*kept, *(mask for mask in masks if mask not in kept)])


def _keep_masks(message: Message, masks: list[Any]) -> None:
    """Write them, in the newest version as well; what searches the message hears of it by the database itself."""
    message.masks = sorted(masks, key=lambda mask: mask[:2]) or None
    versions = message.content.get("versions") if isinstance(message.content, dict) else None
    if isinstance(versions, list) and versions and isinstance(versions[-1], dict):
        versions[-1]["masks"] = message.masks
    message.save(update_fields=["masks", "content"])


def _covers(finding: SensitiveFinding, mask: list[Any]) -> bool:
    start, end, detector = mask[:3]
    return bool(detector == finding.detector and finding.start <= start and end <= finding.end)


def _settle(conversation: Conversation, *, by: User | None) -> None:
    """Set the conversation apart exactly as long as a finding that was not called wrong asks for it."""
    policy = guarding.policy(InboxSettings.load())
    left = conversation.findings.exclude(verdict=Verdict.WRONG).exclude(action__in=[Action.STOPPED])
    still = any(
        policy.is_for_the_cleared(whole(one.start, one.end, detector=one.detector, confidence=one.confidence))
        for one in left
    )
    if conversation.sensitive and not still:
        Conversation.objects.filter(pk=conversation.pk).update(sensitive=False)
        conversations.note_event(conversation, Kind.SENSITIVE_OVER, actor=by)
    elif still and not conversation.sensitive:
        Conversation.objects.filter(pk=conversation.pk).update(sensitive=True)
        names = sorted({one.detector for one in left})
        conversations.note_event(conversation, Kind.SENSITIVE_SEEN, actor=by, detectors=names)
        duty_marks.here(duty_marks.DUTY)
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    summary.refresh([conversation.pk])
    hints.conversations_changed([conversation.pk])


@transaction.atomic
def review(media: MediaFile, *, by: User, request: HttpRequest | None = None) -> None:
    """Somebody chose to look at a blurred file; from then on it is shown. The first one is kept with her name."""
    first = MediaFile.objects.filter(pk=media.pk, reviewed_at=None)
    if first.update(reviewed_at=timezone.now(), reviewed_by=by.pk):
        audit.record("file.reviewed", actor=by, subject=media, request=request)
        spells = list(Conversation.objects.filter(messages__media=media.pk).values_list("pk", flat=True))
        Conversation.objects.filter(pk__in=spells).update(version=F("version") + 1)
        hints.conversations_changed(spells)


@transaction.atomic
def end_danger(conversation: Conversation, *, by: User, note: str, request: HttpRequest | None = None) -> None:
    """Somebody has dealt with the danger, and says how in a note. Twice is once.

    Raises  WhyMissing, TextInvalid
    """
    if not note.strip():
        raise WhyMissing
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if row.danger_at is None:
        return
    since = row.danger_at
    conversations.add_note(row, author=by, body=note)
    Conversation.objects.filter(pk=row.pk).update(danger_at=None, version=F("version") + 1)
    conversations.note_event(row, Kind.DANGER_OVER, actor=by)
    audit.record("danger.dealt_with", actor=by, subject=row, request=request, since=since.isoformat())
    summary.refresh([row.pk])
    hints.dangers_changed([row.pk])
    hints.conversations_changed([row.pk])
