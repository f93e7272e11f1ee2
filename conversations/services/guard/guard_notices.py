"""What the thread says about findings and danger: the notice above the composer, and how to go on elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations import guard_words
from conversations.detectors import TERMS
from conversations.guard_policy import Action, Policy
from conversations.models import ConsentRecord, Conversation, InboxSettings, Message, SensitiveFinding
from conversations.services.contacts import special_consent
from conversations.services.guard import guarding, guarding_out
from tenants.accounts.models import User
from tenants.context import company_id_of, current_schema
from tenants.models import ClientCompany

SHOWN = 6
Verdict = SensitiveFinding.Verdict
FROM_OUTSIDE = (Action.MASKED, Action.FLAGGED, Action.PURGED)


@dataclass(frozen=True, slots=True)
class Notice:
    """What was found lately and not called wrong; ``text`` offers the person another way, if the company has one."""

    findings: Sequence[SensitiveFinding]
    words: str
    only_terms: bool
    text: str
    has_way: bool
    may_judge: bool
    asks_consent: bool  # special data, so that explicit consent matters
    consent: ConsentRecord | None
    consent_message: Message | None
    proofs: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Protocol:
    """What to do in danger, as the company wrote it."""

    text: str
    emergency: str
    duty: str
    words: Sequence[str]


def notice_of(conversation: Conversation, *, user: User) -> Notice | None:
    """The notice for an open conversation; one query while nothing was found."""
    open_ones = conversation.findings.filter(part_of=None, outbound=False, action__in=FROM_OUTSIDE).exclude(
        verdict=Verdict.WRONG
    )
    found = list(open_ones.order_by("-at")[:SHOWN])
    if not found:
        return None
    settings = InboxSettings.load()
    names = list(dict.fromkeys(one.detector for one in found))
    asks_consent = conversation.sensitive or not TERMS.isdisjoint(names)
    asks_consent = asks_consent and not conversation.contact.is_group
    given = special_consent.in_force(conversation.contact) if asks_consent else None
    may_judge = may_see_hidden(user, settings=settings)
    return Notice(
        findings=[one for one in found if one.verdict == Verdict.OPEN],
        words=guard_words.listed(names),
        only_terms=all(one in TERMS for one in names),
        text=other_channel(conversation, settings=settings, detectors=names),
        has_way=has_way(settings),
        may_judge=may_judge,
        asks_consent=asks_consent,
        consent=given,
        consent_message=_proof_of(given, conversation),
        proofs=special_consent.proofs(conversation) if asks_consent and may_judge and given is None else [],
    )


def _proof_of(given: ConsentRecord | None, conversation: Conversation) -> Message | None:
    """The message that proves the consent, where it stands in this thread."""
    if given is None or not given.wamid:
        return None
    return Message.objects.filter(channel=conversation.channel_id, wamid=given.wamid, removed_at=None).first()


def other_channel(conversation: Conversation, *, settings: InboxSettings, detectors: Sequence[str] = ()) -> str:
    """The text that leads this person to the company's form, phone or mail, in her language."""
    language = conversation.contact.language or _company_language()
    return guard_words.other_channel(
        language=language,
        form=settings.other_form_url,
        phone=settings.other_phone,
        mail=settings.other_mail,
        detectors=detectors,
    )


def has_way(settings: InboxSettings) -> bool:
    return bool(settings.other_form_url or settings.other_phone or settings.other_mail)


def protocol_of(conversation: Conversation) -> Protocol | None:
    """What to do while a danger word waits; nothing while none does."""
    if conversation.danger_at is None:
        return None
    settings = InboxSettings.load()
    seen = conversation.events.filter(kind="danger_seen").order_by("-at").values_list("data", flat=True).first() or {}
    words = seen.get("words") if isinstance(seen, dict) else None
    return Protocol(
        settings.danger_protocol,
        settings.emergency_number,
        settings.duty_number,
        words if isinstance(words, list) else [],
    )


def may_see_hidden(user: User, *, settings: InboxSettings | None = None) -> bool:
    policy: Policy = guarding.policy(settings or InboxSettings.load())
    return guarding_out.may_override(user, policy=policy)


def _company_language() -> str:
    company = ClientCompany.objects.filter(pk=company_id_of(current_schema()))
    return str(company.values_list("language", flat=True).first() or "en")
