"""The company's numbers: connecting them, going live, a new token, and what the platform says about them."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.errors import NumberTaken
from conversations.models import PhoneNumber
from conversations.services import quarantine, summary
from conversations.whatsapp.credentials import BadCredentials, Credentials
from conversations.whatsapp.errors import is_token_dead
from conversations.whatsapp.management import GraphRefused, GraphUnreachable, graph_for
from tenants import work
from tenants.context import in_public, inside
from tenants.errors import DomainError
from tenants.models import AccountRoute, ClientCompany, MetaApp, NumberRoute

State = PhoneNumber.State
TOKEN_DEAD = "token_dead"  # noqa: S105  a reason, not a secret
RATES = {"HIGH": 1000, "STANDARD": 80}
SHARED_WITH_PHONE_RATE = 20
GONE = {"BANNED": "banned", "DELETED": "number_deleted", "MIGRATED": "number_migrated"}


class AppNotYours(DomainError):
    code = "app_not_yours"
    http_status = 422
    user_message = _("This Meta app belongs to another agency. Choose one of your own.")


@dataclass(frozen=True, slots=True)
class Greeting:
    """What came of asking the platform about a number; ``problem`` is a stable code, empty when all went well."""

    reached: bool
    problem: str = ""


def connect_number(
    company: ClientCompany, *, phone_number_id: str, waba_id: str, display_number: str, app: MetaApp, token: str
) -> PhoneNumber:
    """Connect a number of the platform to a company; twice is once, with the newer token and app.

    A sandbox number is live at once, a real one when its agreement is in force. What came in for it before anybody
    knew it is applied now. The platform is asked about it by the worker, or by ``introduce``.
    Raises  NumberTaken (without saying by whom), AppNotYours
    """
    if app.agency_id not in (None, company.agency_id):
        raise AppNotYours
    with transaction.atomic():
        _route(company, phone_number_id=phone_number_id, waba_id=waba_id, app=app)
        with inside(company.schema_name):
            number = _save(
                phone_number_id, waba_id=waba_id, display_number=display_number.strip(), app=app, token=token
            )
            work.mark(work.Kind.HOUSEKEEPING, key=f"number:{phone_number_id}")
            work.mark(work.Kind.INBOUND)
            if number.state == State.SETUP:
                work.mark(work.Kind.AGREEMENT)
            summary.refresh()
            hints.number_changed(number.pk)
    quarantine.release_number(phone_number_id)
    quarantine.release_account(waba_id)
    return number


@transaction.atomic
def go_live(number: PhoneNumber) -> PhoneNumber:
    """The agreement is in force: what waited in the journal is applied, and messages may leave."""
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    if number.state == State.SETUP:
        _set_state(number, State.LIVE)
        work.mark(work.Kind.INBOUND)
        work.mark(work.Kind.OUTBOUND, key=str(number.pk))
    return number


@transaction.atomic
def restore_token(number: PhoneNumber, *, token: str) -> PhoneNumber:
    """A living token for a number whose token died: its queue leaves, once and in order."""
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    number.token = token
    number.save(update_fields=["token"])
    if number.state == State.PAUSED and number.state_reason == TOKEN_DEAD:
        _set_state(number, State.LIVE)
        work.mark(work.Kind.OUTBOUND, key=str(number.pk))
        work.mark(work.Kind.MEDIA)
    work.mark(work.Kind.HOUSEKEEPING, key=f"number:{number.phone_number_id}")
    return number


def credentials_of(number: PhoneNumber) -> Credentials:
    """With what right and to what address the platform is called for this number."""
    with in_public():
        app = MetaApp.objects.get(pk=number.meta_app_id)
    return Credentials(
        graph_url=app.graph_url,
        version=app.graph_version,
        token=number.token,
        app_secret=app.secret,
        phone_number_id=number.phone_number_id,
    )


def introduce(phone_number_id: str) -> Greeting:
    """Let the account's events flow to the app and note what the platform says about the number.

    In the entered company, outside any transaction: it speaks to the platform.
    """
    number = PhoneNumber.objects.filter(phone_number_id=phone_number_id).first()
    if number is None:
        return Greeting(reached=False, problem="no_number")
    try:
        with graph_for(credentials_of(number)) as graph:
            graph.subscribe(number.waba_id)
            told = graph.phone_number(number.phone_number_id)
    except GraphUnreachable:
        return Greeting(reached=False, problem="unreachable")
    except BadCredentials:
        return Greeting(reached=False, problem=TOKEN_DEAD)
    except GraphRefused as refused:
        return Greeting(reached=True, problem=TOKEN_DEAD if is_token_dead(refused.rule) else f"refused_{refused.code}")
    _note(number, told)
    return Greeting(reached=True)


def _route(company: ClientCompany, *, phone_number_id: str, waba_id: str, app: MetaApp) -> None:
    with in_public():
        route, _made = NumberRoute.objects.select_for_update().get_or_create(
            pk=phone_number_id, defaults={"company": company, "app": app}
        )
        if route.company_id != company.pk:
            raise NumberTaken
        if route.app_id != app.pk:
            NumberRoute.objects.filter(pk=phone_number_id).update(app=app)
        AccountRoute.objects.update_or_create(waba_id=waba_id, company=company, defaults={"app": app})


def _save(phone_number_id: str, *, waba_id: str, display_number: str, app: MetaApp, token: str) -> PhoneNumber:
    now = timezone.now()
    number = PhoneNumber.objects.select_for_update().filter(phone_number_id=phone_number_id).first()
    if number is None:
        state = State.LIVE if app.sandbox else State.SETUP
        number = PhoneNumber(phone_number_id=phone_number_id, state=state, state_since=now, connected_at=now)
    number.waba_id, number.display_number = waba_id, display_number
    number.meta_app_id, number.sandbox = app.pk, app.sandbox
    if token:
        number.token = token
        if number.state == State.PAUSED and number.state_reason == TOKEN_DEAD:
            number.state, number.state_reason, number.state_since = State.LIVE, "", now
            work.mark(work.Kind.OUTBOUND, key=str(number.pk))
    number.save()
    return number


def _set_state(number: PhoneNumber, state: str, reason: str = "") -> None:
    number.state, number.state_reason, number.state_since = state, reason, timezone.now()
    number.save(update_fields=["state", "state_reason", "state_since"])
    summary.refresh()
    hints.number_changed(number.pk)


@transaction.atomic
def _note(number: PhoneNumber, told: dict[str, Any]) -> None:
    """Keep what the platform says; what it leaves out stays as it was."""
    throughput = told.get("throughput")
    level = throughput.get("level") if isinstance(throughput, dict) else None
    rate = SHARED_WITH_PHONE_RATE if told.get("is_on_biz_app") is True else RATES.get(str(level))
    changes = {
        "verified_name": _text(told, "verified_name", 120),
        "display_number": _text(told, "display_phone_number", 32),
        "quality": _text(told, "quality_rating", 10),
        "messaging_limit": _text(told, "whatsapp_business_manager_messaging_limit", 20),
        "messages_per_second": rate,
    }
    PhoneNumber.objects.filter(pk=number.pk).update(**{name: value for name, value in changes.items() if value})
    reason = GONE.get(str(told.get("status")))
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    if reason and number.state not in (State.SETUP, State.STOPPED):
        _set_state(number, State.STOPPED, reason)
    else:
        summary.refresh()
        hints.number_changed(number.pk)


def _text(told: dict[str, Any], name: str, limit: int) -> str:
    value = told.get(name)
    return value[:limit] if isinstance(value, str) else ""
