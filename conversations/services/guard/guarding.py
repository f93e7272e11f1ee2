"""What the guard of sensitive data needs from the entered company: its policy, and the rows that findings become."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from conversations import guard_policy
from conversations.detectors import DETECTORS, TERMS, Hit, is_quiet, scan_field
from conversations.guard_policy import Policy
from conversations.models import InboxSettings, PhoneNumber, SensitiveFinding, Team
from conversations.own_identifiers import Own
from conversations.shown import CONTENT, CONTENT_TERMS
from tenants import bulk
from tenants.accounts.models import User
from tenants.context import company_id_of, current_schema
from tenants.ids import uuid7
from tenants.models import ClientCompany

MAX_FINDINGS = 50  # rows for one message; all of it is hidden all the same
MAX_TEXTS = 5_000  # more than any card, list or form holds
MAX_DEPTH = 12  # a card of a carousel in a template stands at eight
# Looked at on their own, or written by us or for everybody (an advertisement).
OUR_OWN = frozenset({"versions", "recipients", "referral", "referred_product", "errors"})


def policy(settings: InboxSettings, *, team: UUID | None = None) -> Policy:
    """The entered company's policy, from its risk class, its settings and who is cleared.

    team  whose conversation it is: in one that is cleared as a whole words warn, as where everybody is cleared
    """
    return guard_policy.policy_of(
        risk_class=risk_class(),
        term_lists=settings.term_lists,
        blur_media=settings.blur_media,
        all_cleared=everybody_is_cleared() or is_cleared_as_a_whole(team),
    )


def risk_class() -> str:
    """The entered company's risk class."""
    company = ClientCompany.objects.filter(pk=company_id_of(current_schema()))
    return str(company.values_list("risk_class", flat=True).first() or ClientCompany.RiskClass.HIGH)


def everybody_is_cleared() -> bool:
    """Whether nobody who may sign in here lacks a clearance in force."""
    today = timezone.localdate()
    uncleared = Q(cleared_on=None) | Q(cleared_until__lt=today)
    return not User.objects.filter(uncleared, is_active=True).exists()


def is_cleared_as_a_whole(team: UUID | None) -> bool:
    """Whether everybody in this team is cleared, by its own word, which lapses with the first certificate."""
    return team is not None and Team.objects.filter(pk=team, cleared_as_a_whole=True).exists()


def own(settings: InboxSettings | None = None) -> Own:
    """What identifies the entered company itself; asked only where something was found."""
    settings = settings or InboxSettings.load()
    numbers = PhoneNumber.objects.values_list("display_number", flat=True)
    return Own.of(
        accounts=settings.own_accounts if isinstance(settings.own_accounts, list) else [],
        numbers=[*numbers, settings.other_phone, settings.duty_number],
        mails=[settings.other_mail],
    )


def not_own(found: Iterable[tuple[str, Hit]], whose: Own) -> list[tuple[str, Hit]]:
    """Those findings, each with its text, that do not identify the company itself."""
    return [(text, hit) for text, hit in found if whose.without(text, [hit])]


def masks_of(hits: Sequence[Hit], company_policy: Policy) -> list[list[Any]]:
    """What ``Message.masks`` keeps of these findings: the parts to hide."""
    hidden = [hit for hit in hits if company_policy.incoming(hit) == guard_policy.Action.MASKED]
    return [[hit.hide_start, hit.hide_end, hit.detector] for hit in hidden]


def texts_in(value: Any) -> list[str]:
    """Every text somebody wrote in the structured part of a message, bounded."""
    return [text for _name, text in fields_in(value) if isinstance(text, str)]


def fields_in(value: Any) -> list[tuple[str, str | int | float]]:
    """Every text and number in the structured part of a message with the name of its field, bounded."""
    return list(islice(_fields("", value, depth=0), MAX_TEXTS))


def _fields(name: str, value: Any, *, depth: int) -> Iterator[tuple[str, str | int | float]]:
    if depth > MAX_DEPTH or name in OUR_OWN or is_quiet(name):
        return
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _fields(str(key), part, depth=depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _fields(name, part, depth=depth + 1)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield name, value


def look_into(content: Any, *, with_terms: bool = False) -> list[tuple[str, Hit]]:
    """What stands in the texts of a structured part, each finding with its text."""
    return [
        (str(value), hit)
        for name, value in fields_in(content)
        for hit in scan_field(name, value, with_terms=with_terms)
    ]


def content_marks(found: Iterable[tuple[str, Hit]]) -> list[list[Any]]:
    """What ``Message.masks`` keeps of findings in the structured part that are to be hidden."""
    names = {hit.detector for _text, hit in found}
    marks = [[0, 0, CONTENT]] if names else []
    return marks + ([[0, 0, CONTENT_TERMS]] if not TERMS.isdisjoint(names) else [])


def keep(rows: Sequence[bulk.Row]) -> None:
    """Write findings in one statement."""
    SensitiveFinding.objects.bulk_create(SensitiveFinding(**row) for row in rows)


def finding_row(
    hit: Hit,
    text: str,
    *,
    conversation_id: UUID,
    message_id: UUID | None,
    action: str,
    at: datetime,
    outbound: bool = False,
    reason: str = "",
    by: UUID | None = None,
) -> bulk.Row:
    """A finding as the columns of its row: a masked preview, never the hit."""
    return {
        "id": uuid7(),
        "conversation_id": conversation_id,
        "message_id": message_id,
        "outbound": outbound,
        "detector": hit.detector,
        "detector_version": DETECTORS[hit.detector].version,
        "start": hit.start,
        "end": hit.end,
        "confidence": hit.confidence,
        "preview": hit.preview(text).replace("\x00", ""),
        "action": action,
        "reason": reason[:300],
        "at": at,
        "reviewed_by_id": by,
    }
