"""Asks the platform how a number does: a few times a day, after each account webhook, sooner while it stands still."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from conversations import number_rules
from conversations.models import NumberNews, PhoneNumber
from conversations.services.numbers import account_calls, number_facts, number_loop, number_news, number_states, numbers
from conversations.whatsapp.credentials import Access, BadCredentials
from conversations.whatsapp.error_rules import Effect, Retry
from conversations.whatsapp.errors import is_token_dead
from conversations.whatsapp.management import GraphManagement, GraphRefused, GraphUnreachable, graph_for
from conversations.whatsapp.payloads.clean import identifier, record, rows, text, whole
from tenants import work
from tenants.context import current_schema, in_public
from tenants.models import MetaApp, WorkMark

State = PhoneNumber.State
SOURCE = "probe"
SOON = timedelta(minutes=30)  # while it stands still
SETTLING = timedelta(minutes=15)  # the platform's own pages contradict its webhooks for a while
SCOPES = {"whatsapp_business_messaging", "whatsapp_business_management"}
STOPS = {
    "BANNED": (State.STOPPED, "banned"),
    "DELETED": (State.STOPPED, "number_deleted"),
    "MIGRATED": (State.STOPPED, "number_migrated"),
    "DISCONNECTED": (State.STOPPED, "disconnected"),
}
# What a number may come back from when the platform says that it is connected and may send.
COMES_BACK_FROM = {"banned", "disconnected", "registering", "restricted", "account_restricted", "account_disabled"}
FUNDING_REASONS = {reason for reason, kind in number_rules.REASONS.items() if kind == "no_funding"}
MAX_ENTITIES = 20
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Found:
    """What the platform said; a part that could not be had stays None and changes nothing."""

    waba_id: str
    phone: dict[str, Any] | None = None
    account: dict[str, Any] | None = None
    apps: list[dict[str, Any]] | None = None
    token: dict[str, Any] | None = None
    loop: dict[str, Any] | None = None
    dead: bool = False
    gone: bool = False
    unreachable: bool = False
    refusals: list[str] = field(default_factory=list)


def probe(phone_number_id: str) -> bool:
    """Ask about one number of the entered company and keep what is said; tells whether the platform answered.

    Outside any transaction: it speaks to the platform. A number that nobody knows any more is done.
    """
    number = PhoneNumber.objects.filter(phone_number_id=phone_number_id).first()
    if number is None or number.state_reason == numbers.LET_GO:
        return True
    if account_calls.wait(number.waba_id):
        return False
    with in_public():
        app = MetaApp.objects.get(pk=number.meta_app_id)
    found = _ask(number, app)
    if found.unreachable and found.phone is None and not found.dead:
        return False
    keep(number, found, app_id=app.app_id, at=timezone.now())
    return True


def _ask(number: PhoneNumber, app: MetaApp) -> Found:
    found = Found(waba_id=number.waba_id)
    credentials = numbers.credentials_of(number)
    try:
        with graph_for(credentials) as graph:
            found.phone = _part(found, lambda: graph.phone_number(number.phone_number_id), own=True)
            if found.phone is not None:
                found.account = _part(found, lambda: graph.waba(number.waba_id))
                found.apps = _part(found, lambda: graph.subscribed_apps(number.waba_id))
                if found.apps is not None and not _subscribed(found.apps, app.app_id):
                    _subscribe(graph, number, found)
    except BadCredentials:
        found.dead = True
    own = Access(graph_url=app.graph_url, version=app.graph_version, token=f"{app.app_id}|{app.secret}")
    try:
        with GraphManagement(own) as graph:
            found.token = _part(found, lambda: graph.debug_token(number.token))
    except BadCredentials:
        pass
    if found.phone is not None:
        found.loop = number_loop.test(number, app, told=found.phone)
    return found


def _subscribe(graph: GraphManagement, number: PhoneNumber, found: Found) -> None:
    """Let events flow again. That they had stopped is told; of a number that is new it was to be expected."""
    _part(found, lambda: graph.subscribe(number.waba_id))
    if number.probed_at is None:
        found.apps = _part(found, lambda: graph.subscribed_apps(number.waba_id))


def _part(found: Found, ask: Callable[[], Answer], *, own: bool = False) -> Answer | None:
    """One question; ``own`` ones about the number itself also tell whether its token lives."""
    try:
        return ask()
    except GraphUnreachable:
        found.unreachable = True
    except GraphRefused as refused:
        found.refusals.append(str(refused.code))
        if refused.rule.retry is Retry.ACCOUNT_SLOW:
            account_calls.rest(found.waba_id, seconds=refused.wait)
        if own:
            found.dead = is_token_dead(refused.rule)
            found.gone = refused.rule.effect is Effect.NUMBER_GONE
    return None


@transaction.atomic
def keep(number: PhoneNumber, found: Found, *, app_id: str, at: datetime) -> None:
    """Write down what a probe found: facts, figures, the state that follows, and when to ask again."""
    asked_with = number.token
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    facts = _facts(number, found, app_id=app_id) | {"probed_at": at}
    number_facts.keep(number, facts, at=at, source=SOURCE)
    if number.token == asked_with:
        number.refresh_from_db()
        _follow(number, found, at=at)
    number.refresh_from_db(fields=["state", "figures"])
    blocked = number.figures.get("subscribed") is False or bool(number.figures.get("loop", {}).get("problem"))
    if number.state in (State.PAUSED, State.STOPPED) or blocked:
        _ask_again(number, at=at + SOON)


def _facts(number: PhoneNumber, found: Found, *, app_id: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if found.phone:
        facts |= phone_facts(found.phone)
    figures = dict(number.figures)
    if found.account:
        if {"primary_funding_id", "health_status", "account_review_status"} & found.account.keys():
            facts["funded"] = bool(found.account.get("primary_funding_id"))
        if owner := identifier(record(found.account.get("owner_business_info")).get("id"), limit=40):
            facts["business_id"] = owner
    if found.apps is not None:
        figures["subscribed"] = _subscribed(found.apps, app_id)
        if figures["subscribed"] != number.figures.get("subscribed", True):
            word = "subscribed" if figures["subscribed"] else "subscription_missing"
            number_news.note(number, NumberNews.Kind.WEBHOOK, after=word, at=timezone.now(), source=SOURCE)
    if found.loop is not None:
        was = figures.get("loop", {}).get("problem", "")
        figures["loop"] = found.loop
        if found.loop["problem"] != was:
            word = found.loop["problem"] or "way_in_works"
            number_news.note(number, NumberNews.Kind.WEBHOOK, after=word, at=timezone.now(), source=SOURCE)
    if found.token and found.token.get("is_valid") is True:
        facts["token_expires_at"] = _expiry(found.token)
        if scopes := {scope for scope in rows(found.token.get("scopes")) if isinstance(scope, str)}:
            figures["missing_scopes"] = sorted(SCOPES - scopes)
    return facts | {"figures": figures}


def phone_facts(told: dict[str, Any]) -> dict[str, Any]:
    """The fields of a number as we keep them; what the answer leaves out stays as it was."""
    health = record(told.get("health_status"))
    throughput = text(record(told.get("throughput")).get("level"))
    shared = told.get("is_on_biz_app") is True
    rate = numbers.SHARED_WITH_PHONE_RATE if shared else numbers.RATES.get(throughput or "")
    limit = identifier(told.get("whatsapp_business_manager_messaging_limit"), limit=20)
    read: dict[str, Any] = {
        "display_number": text(told.get("display_phone_number"), limit=32),
        "verified_name": text(told.get("verified_name"), limit=120),
        "quality": text(told.get("quality_rating"), limit=10),
        "messaging_limit": number_rules.limit_name(limit) if limit else None,
        "messages_per_second": rate,
        "platform_status": text(told.get("status"), limit=20),
        "name_status": text(told.get("name_status"), limit=30),
        "can_send": text(health.get("can_send_message"), limit=12),
    }
    facts = {name: value for name, value in read.items() if value}
    if "is_on_biz_app" in told:
        facts["on_phone_app"] = shared
    if health:
        facts["health"] = [_entity(record(entity)) for entity in rows(health.get("entities"))[:MAX_ENTITIES]]
    if facts.get("name_status") == "APPROVED":
        facts["requested_name"] = ""
    review = text(told.get("new_name_status"), limit=30)
    if review and review != "NONE":  # another name waits for its review, or was turned down
        facts["name_status"] = review
        facts.pop("requested_name", None)
    return facts


def _entity(told: dict[str, Any]) -> dict[str, Any]:
    errors = [record(error) for error in rows(told.get("errors"))[:5]]
    details = [text(error.get("error_description"), limit=300) for error in errors]
    advice = [text(error.get("possible_solution"), limit=300) for error in errors]
    notes = [text(note, limit=300) for note in rows(told.get("additional_info"))[:5]]
    return {
        "entity": text(told.get("entity_type"), limit=30) or "",
        "id": identifier(told.get("id"), limit=40) or "",
        "can_send": text(told.get("can_send_message"), limit=12) or "",
        "details": " ".join(filter(None, [*details, *notes])),
        "advice": " ".join(filter(None, advice)),
    }


def _subscribed(apps: list[dict[str, Any]], app_id: str) -> bool:
    return any(str(record(app.get("whatsapp_business_api_data")).get("id")) == app_id for app in apps)


def _expiry(token: dict[str, Any]) -> datetime | None:
    """When the token or its access to data ends, whichever is sooner; 0 is never."""
    ends = [whole(token.get(name)) for name in ("expires_at", "data_access_expires_at")]
    soonest = min((end for end in ends if end and end > 0), default=None)
    return datetime.fromtimestamp(soonest, UTC) if soonest is not None else None


def _follow(number: PhoneNumber, found: Found, *, at: datetime) -> None:
    """The state that follows from what was found. A number in setup stays there."""
    if number.state == State.SETUP or _is_being_registered(number, at):
        return
    invalid = found.token is not None and found.token.get("is_valid") is False and found.phone is None
    if found.dead or invalid:
        if number.state == State.LIVE:
            number_states.change(number, State.PAUSED, reason=numbers.TOKEN_DEAD, at=at, source=SOURCE)
        return
    if found.gone:
        number_states.change(number, State.STOPPED, reason="number_deleted", at=at, source=SOURCE)
        return
    status = number.platform_status if found.phone else ""
    if status in STOPS:
        if number.state != State.STOPPED:
            state, reason = STOPS[status]
            number_states.change(number, state, reason=reason, at=at, source=SOURCE)
    elif status == "RESTRICTED" and number.can_send == "BLOCKED":
        if number.state == State.LIVE:
            number_states.change(number, State.PAUSED, reason="restricted", at=at, source=SOURCE)
    elif status and _may_come_back(number, at):
        number_states.change(number, State.LIVE, at=at, source=SOURCE)


def _is_being_registered(number: PhoneNumber, at: datetime) -> bool:
    since = number.state_since
    return number.state_reason == numbers.REGISTERING and since is not None and since > at - SETTLING


def _may_come_back(number: PhoneNumber, at: datetime) -> bool:
    if number.state == State.LIVE:
        return False
    settled = number.state_since is None or number.state_since < at - SETTLING
    if number.state_reason == numbers.TOKEN_DEAD:  # it answered with this token
        return settled
    if number.state_reason in FUNDING_REASONS:
        return settled and number.funded is True and number.can_send == "AVAILABLE"
    return settled and number.state_reason in COMES_BACK_FROM and number.can_send in ("AVAILABLE", "LIMITED")


def _ask_again(number: PhoneNumber, *, at: datetime) -> None:
    """One mark for a while from now, however often this runs."""
    key = f"number:{number.phone_number_id}"
    waiting = WorkMark.objects.filter(
        schema_name=current_schema(), kind=work.Kind.HOUSEKEEPING, key=key, due_at__gt=timezone.now()
    )
    if not waiting.filter(due_at__lte=at).exists():
        work.mark(work.Kind.HOUSEKEEPING, key=key, due_at=at)
