"""The company's numbers: connecting them, going live, a new token, and what the platform says about them."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.errors import NumberTaken
from conversations.models import PhoneNumber
from conversations.services import quarantine, summary
from conversations.services.numbers import number_states
from conversations.whatsapp.credentials import Credentials
from tenants import work
from tenants.context import in_public, inside
from tenants.errors import DomainError
from tenants.models import AccountRoute, ClientCompany, MetaApp, NumberRoute

State = PhoneNumber.State
PERSON = "person"  # who changed the state, in its history
TOKEN_DEAD = "token_dead"  # noqa: S105  a reason, not a secret
RATES = {"HIGH": 1000, "STANDARD": 80}
SHARED_WITH_PHONE_RATE = 20
CONNECTING = "connecting"  # in setup until the steps that it cannot work without are done
LET_GO = "let_go"  # a person disconnected it; the platform's own word for it is "disconnected"
LEFT = {LET_GO, "disconnected", "partner_removed", "app_uninstalled", "account_offboarded"}  # connecting ends these
REGISTERING = "registering"  # off for a moment, to be registered again with its data elsewhere
FIXED_BY_CONNECTING = {TOKEN_DEAD, REGISTERING, "error_133010", "error_131045"}
GONE = {"BANNED": "banned", "DELETED": "number_deleted", "MIGRATED": "number_migrated"}


class AppNotYours(DomainError):
    code = "app_not_yours"
    http_status = 422
    user_message = _("This Meta app belongs to another agency. Choose one of your own.")


def connect_number(
    company: ClientCompany,
    *,
    phone_number_id: str,
    waba_id: str,
    display_number: str,
    app: MetaApp,
    token: str,
    ready: bool = True,
) -> PhoneNumber:
    """Connect a number of the platform to a company; twice is once, with the newer token and app.

    A sandbox number is live at once, a real one when its agreement is in force; one that is not ``ready`` stays in
    setup until ``settle``. What came in for it before anybody knew it is applied now. The platform is asked about it
    by the worker.
    Raises  NumberTaken (without saying by whom), AppNotYours
    """
    if app.agency_id not in (None, company.agency_id):
        raise AppNotYours
    with transaction.atomic():
        _route(company, phone_number_id=phone_number_id, waba_id=waba_id, app=app)
        with inside(company.schema_name):
            number = _save(
                phone_number_id,
                waba_id=waba_id,
                display_number=display_number.strip(),
                app=app,
                token=token,
                ready=ready,
            )
            work.mark(work.Kind.HOUSEKEEPING, key=f"number:{phone_number_id}")
            work.mark(work.Kind.INBOUND)
            if number.state == State.SETUP and ready:
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
        _to(number, State.LIVE)
        work.mark(work.Kind.INBOUND)
        work.mark(work.Kind.OUTBOUND, key=str(number.pk))
    return number


@transaction.atomic
def settle(number: PhoneNumber) -> PhoneNumber:
    """All that a number needs to work is there: it may go live, and one that waited for this sends again."""
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    if number.state == State.SETUP and number.state_reason == CONNECTING:
        if number.sandbox:
            _to(number, State.LIVE)
        else:
            _to(number, State.SETUP)
            work.mark(work.Kind.AGREEMENT)
    elif number.state == State.PAUSED and number.state_reason in FIXED_BY_CONNECTING:
        _to(number, State.LIVE)
    if number.state == State.LIVE:
        work.mark(work.Kind.INBOUND)
        work.mark(work.Kind.MEDIA)
        work.mark(work.Kind.OUTBOUND, key=str(number.pk))
    return number


@transaction.atomic
def restore_token(number: PhoneNumber, *, token: str) -> PhoneNumber:
    """A living token for a number whose token died: its queue leaves, once and in order."""
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    number.token = token
    number.save(update_fields=["token"])
    if number.state == State.PAUSED and number.state_reason == TOKEN_DEAD:
        _to(number, State.LIVE)
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


@transaction.atomic
def note_connected(
    number: PhoneNumber,
    told: dict[str, Any],
    *,
    business_id: str = "",
    region: str | None = None,
    token_expires_at: str | None = None,
) -> None:
    """Keep what was learned while the number was connected."""
    known: dict[str, Any] = {"token_expires_at": parse_datetime(token_expires_at) if token_expires_at else None}
    if business_id:
        known["business_id"] = business_id
    if region is not None:
        known["storage_region"] = region
    PhoneNumber.objects.filter(pk=number.pk).update(**known)
    _note(number, told)


def note_funding(phone_number_id: str, *, funded: bool) -> None:
    """Whether the number's account can pay."""
    PhoneNumber.objects.filter(phone_number_id=phone_number_id).update(funded=funded)


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


def _save(
    phone_number_id: str, *, waba_id: str, display_number: str, app: MetaApp, token: str, ready: bool
) -> PhoneNumber:
    now = timezone.now()
    number = PhoneNumber.objects.select_for_update().filter(phone_number_id=phone_number_id).first()
    if number is None:
        number = PhoneNumber(phone_number_id=phone_number_id, connected_at=now)
        _begin(number, app, ready=ready)
    elif number.state == State.STOPPED and number.state_reason in LEFT:
        _begin(number, app, ready=ready)
    number.waba_id, number.display_number = waba_id, display_number
    number.meta_app_id, number.sandbox = app.pk, app.sandbox
    if token:
        number.token = token
        if number.state == State.PAUSED and number.state_reason == TOKEN_DEAD:
            number.state, number.state_reason, number.state_since = State.LIVE, "", now
            work.mark(work.Kind.OUTBOUND, key=str(number.pk))
    number.save()
    return number


def _begin(number: PhoneNumber, app: MetaApp, *, ready: bool) -> None:
    number.state = State.LIVE if app.sandbox and ready else State.SETUP
    number.state_reason, number.state_since = "" if ready else CONNECTING, timezone.now()


def _to(number: PhoneNumber, state: str, reason: str = "") -> None:
    number_states.change(number, state, reason=reason, source=PERSON)
    number.refresh_from_db()


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
        "on_phone_app": told.get("is_on_biz_app") is True or None,
    }
    PhoneNumber.objects.filter(pk=number.pk).update(**{name: value for name, value in changes.items() if value})
    reason = GONE.get(str(told.get("status")))
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    if reason and number.state not in (State.SETUP, State.STOPPED):
        _to(number, State.STOPPED, reason)
    else:
        summary.refresh()
        hints.number_changed(number.pk)


def _text(told: dict[str, Any], name: str, limit: int) -> str:
    value = told.get(name)
    return value[:limit] if isinstance(value, str) else ""
