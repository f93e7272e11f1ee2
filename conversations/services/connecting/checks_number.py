"""The steps of the number itself: its events, the proof that it is ours, where its data lie, registration, PIN."""

from typing import Any

from conversations.models import PhoneNumber
from conversations.services.connecting import problems, switching_off
from conversations.services.connecting.attempt import Attempt, Result, done, stuck
from conversations.services.connecting.pins import new_pin
from conversations.services.numbers import numbers
from conversations.whatsapp import management_signup
from conversations.whatsapp.management import BAD_PARAMETER, GraphRefused
from conversations.whatsapp.payloads.clean import record, text

REGISTERED = "CONNECTED"
USABLE = {"CONNECTED", "FLAGGED", "RATE_LIMITED", "RESTRICTED"}
NOT_WHILE_REGISTERED = {BAD_PARAMETER, 131009, 133000}
NAME_WAITS = {"PENDING_REVIEW"}
NAME_REFUSED = {"DECLINED", "EXPIRED"}
WRONG_PIN = "pin_wrong"


def subscription(attempt: Attempt) -> Result:
    """The account's events flow to our app; asked for, then looked at."""
    waba_id = attempt.connecting.waba_id
    attempt.graph.subscribe(waba_id)
    apps = [record(row.get("whatsapp_business_api_data")) for row in attempt.graph.subscribed_apps(waba_id)]
    named = {str(app.get("id")) for app in apps if app.get("id")}
    if named and attempt.app.app_id not in named:
        return stuck("subscription_missing")
    return done()


def verification(attempt: Attempt) -> Result:
    """WhatsApp has seen proof that the number is the business's."""
    told = attempt.phone
    if is_registered(told) or told.get("code_verification_status") == "VERIFIED":
        return done()
    return stuck("not_verified", asked=attempt.data.get("code_asked", ""))


def storage(attempt: Attempt) -> Result:
    """Where the number's data lie at rest, chosen before it is registered; the European Union unless chosen otherwise.

    Platforms that do not know the setting are told when the number is registered.
    """
    wanted = region_of(attempt)
    kept = management_signup.storage_region(attempt.graph, attempt.connecting.phone_number_id)
    if kept == wanted or (not wanted and kept is None):
        return done(region=wanted)
    if is_registered(attempt.phone):
        if not attempt.data.get("register_anew"):
            _note_region(attempt, kept)
            return stuck("storage_registered", region=kept or "", wanted=wanted)
        if refused := switching_off.switch_off(attempt):
            _note_region(attempt, kept)
            return refused
    if not wanted:
        return done(region="")
    try:
        management_signup.set_storage_region(attempt.graph, attempt.connecting.phone_number_id, region=wanted)
    except GraphRefused as refused:
        if refused.code in NOT_WHILE_REGISTERED:
            attempt.keep(data={"region_at_registration": True})
            return done(region=wanted, at_registration=True)
        _note_region(attempt, kept)
        return stuck("storage_refused", said=refused.details[:300], wanted=wanted)
    return done(region=wanted)


def _note_region(attempt: Attempt, kept: str | None) -> None:
    PhoneNumber.objects.filter(connectings=attempt.connecting).update(storage_region=kept or "")


def registration(attempt: Attempt) -> Result:
    """The number is switched on for sending. One that is already is left alone: it may be registered ten times only."""
    if is_registered(attempt.phone):
        return done(before=True)
    connecting = attempt.connecting
    wrong_before = connecting.steps.get("registration", {}).get("problem") == WRONG_PIN
    if wrong_before and not connecting.pin:
        return stuck(WRONG_PIN)  # no guessing: every wrong try makes the number's own wait longer
    pin = connecting.pin or _known_pin(attempt) or new_pin()
    attempt.keep(pin=pin)  # before it is used: an answer that is lost must not lose the PIN
    region = region_of(attempt) if attempt.data.get("region_at_registration") else ""
    try:
        management_signup.register(attempt.graph, connecting.phone_number_id, pin=pin, region=region)
    except GraphRefused as refused:
        if problems.code_of(refused.code) != WRONG_PIN:
            raise
        attempt.keep(pin="")
        return stuck(WRONG_PIN)
    keep_pin(attempt, pin)
    told = attempt.ask_phone_again()
    if str(told.get("status")) not in USABLE:
        return stuck("number_unusable", status=text(told.get("status"), limit=20) or "")
    return done()


def pin(attempt: Attempt) -> Result:
    """The two-step PIN is known here, encrypted: without it the number could not be registered again."""
    return done() if _known_pin(attempt) else stuck("pin_unknown")


def funding(attempt: Attempt) -> Result:
    """The account can pay."""
    told = attempt.account
    if "primary_funding_id" not in told:
        numbers.note_funding(attempt.connecting.phone_number_id, funded=False)
        return stuck("no_funding")
    numbers.note_funding(attempt.connecting.phone_number_id, funded=True)
    return done()


def name(attempt: Attempt) -> Result:
    """The display name was looked at."""
    told = attempt.phone
    shown = text(told.get("verified_name"), limit=120) or ""
    status = str(told.get("new_name_status") or "NONE")
    status = status if status != "NONE" else str(told.get("name_status") or "")
    if status in NAME_REFUSED:
        return stuck("name_declined", name=shown)
    if status in NAME_WAITS:
        return stuck("name_pending", name=shown)
    return done(name=shown)


def is_registered(told: dict[str, Any]) -> bool:
    """Whether the platform shows the number as switched on; one on the phone app is, by the phone."""
    elsewhere = told.get("platform_type") not in (None, "CLOUD_API")
    return (str(told.get("status")) in USABLE and not elsewhere) or told.get("is_on_biz_app") is True


def region_of(attempt: Attempt) -> str:
    """Where the data shall lie; empty for wherever WhatsApp keeps them."""
    chosen = attempt.data.get("region")
    if chosen is not None:
        return str(chosen)
    number = attempt.number
    return number.storage_region if number else str(PhoneNumber._meta.get_field("storage_region").default)


def _known_pin(attempt: Attempt) -> str:
    number = attempt.number
    return number.pin if number else ""


def keep_pin(attempt: Attempt, pin: str) -> None:
    """The PIN that WhatsApp took is the number's from now on."""
    if attempt.connecting.number_id:
        PhoneNumber.objects.filter(pk=attempt.connecting.number_id).update(pin=pin)
    attempt.keep(pin="")
