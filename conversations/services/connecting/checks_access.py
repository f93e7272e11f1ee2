"""The first steps: what the sign-up gave, what the token opens, and which account and number are meant."""

from datetime import UTC, datetime
from typing import Any

from conversations.errors import NumberTaken
from conversations.models import Connecting
from conversations.services.connecting.attempt import Attempt, Result, done, stuck
from conversations.services.numbers import numbers
from conversations.whatsapp.management import BAD_PARAMETER, GraphRefused
from conversations.whatsapp.payloads.clean import identifier, record, rows, text, whole
from tenants.errors import DomainError

NEEDED_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
MOST_CHOICES = 50
GONE = {"BANNED": "number_banned", "DELETED": "number_deleted", "MIGRATED": "number_migrated"}
TOKEN_CODES = {0, 190, 463, 467}


def signup(attempt: Attempt) -> Result:
    """The window at Meta ended well: a code came. Told by the browser, so nothing of it is believed later."""
    kept = attempt.connecting.steps.get("signup", {})
    if kept.get("state") == "done":
        return done(**kept.get("details", {}))
    if not attempt.app.signup_config(coexistence=attempt.connecting.method == Connecting.Method.COEXISTENCE):
        return stuck("no_signup_config")
    return stuck(kept.get("problem") or "signup_open", **kept.get("details", {}))


def exchange_code(attempt: Attempt) -> Result:
    """The code became a token. That happens the moment it comes; here it is only seen whether it did."""
    if attempt.connecting.token:
        return done()
    return stuck(attempt.connecting.steps.get("exchange_code", {}).get("problem") or "code_missing")


def token(attempt: Attempt) -> Result:
    """The token is alive and was made for our app."""
    if not attempt.token:
        return stuck("token_missing")
    attempt.graph.access.headers()  # raises BadCredentials for what fits into no request
    try:
        told = attempt.granted
    except GraphRefused as refused:
        if refused.code == BAD_PARAMETER and "did not match" in refused.details:
            return stuck("token_of_other_app", app=attempt.app.app_id)
        if refused.code in TOKEN_CODES or "client secret" in refused.details:
            return stuck("app_secret_wrong")
        raise
    if text(told.get("app_id")) and told.get("app_id") != attempt.app.app_id:
        return stuck("token_of_other_app", app=attempt.app.app_id)
    if told.get("is_valid") is not True:
        return stuck("token_expired" if "expired" in _why(told) else "token_invalid")
    until = whole(told.get("expires_at")) or 0
    ends = datetime.fromtimestamp(until, UTC).isoformat() if until else ""
    attempt.keep(data={"token_expires_at": ends})
    return done(app=attempt.app.app_id, **({"expires_at": ends} if ends else {}))


def permissions(attempt: Attempt) -> Result:
    """The token carries both permissions."""
    told = attempt.granted
    held = {scope for scope in rows(told.get("scopes")) if isinstance(scope, str)}
    missing = [scope for scope in NEEDED_SCOPES if scope not in held]
    if missing:
        return stuck("permission_missing", missing=missing)
    return done(scopes=sorted(held & set(NEEDED_SCOPES)))


def account(attempt: Attempt) -> Result:
    """The account that is meant is one that the token opens; what a browser said of it is only a hint."""
    connecting = attempt.connecting
    shared = shared_accounts(attempt.granted)
    if not connecting.waba_id:
        hint = str(attempt.data.get("waba_hint") or "")
        chosen = hint if hint in shared else shared[0] if len(shared) == 1 else ""
        if not chosen:
            return stuck("account_choose", accounts=shared[:MOST_CHOICES]) if shared else stuck("account_none")
        attempt.keep(waba_id=chosen)
    if shared and attempt.connecting.waba_id not in shared:
        return stuck("account_unreachable", account=attempt.connecting.waba_id)
    try:
        told = attempt.account
    except GraphRefused as refused:
        if refused.code in (BAD_PARAMETER, 33):
            return stuck("account_unreachable", account=attempt.connecting.waba_id)
        raise
    attempt.keep(business_id=identifier(record(told.get("owner_business_info")).get("id"), limit=40) or "")
    if told.get("account_review_status") == "REJECTED":
        return stuck("account_rejected")
    known = {"account": attempt.connecting.waba_id, "name": text(told.get("name"), limit=120) or ""}
    return done(**known, currency=text(told.get("currency"), limit=3) or "")


def number(attempt: Attempt) -> Result:
    """The number is in the account and nobody else's; from here on it is a number of the company."""
    connecting = attempt.connecting
    listed = {str(row.get("id")): row for row in attempt.graph.phone_numbers(connecting.waba_id) if row.get("id")}
    if not connecting.phone_number_id:
        hint = str(attempt.data.get("number_hint") or "")
        chosen = hint if hint in listed else next(iter(listed)) if len(listed) == 1 else ""
        if not chosen:
            return stuck("number_choose", numbers=_choices(listed)) if listed else stuck("number_none")
        attempt.keep(phone_number_id=chosen)
    if attempt.connecting.phone_number_id not in listed:
        return stuck("number_not_in_account", numbers=_choices(listed))
    told = attempt.ask_phone_again()
    if gone := GONE.get(str(told.get("status"))):
        return stuck(gone)
    if isinstance(told.get("is_on_biz_app"), bool):
        attempt.keep(data={"on_phone_app": told["is_on_biz_app"]})
    return _take(attempt, told)


def shared_accounts(granted: dict[str, Any]) -> list[str]:
    """The accounts that a token opens for managing, as the platform lists them; empty where it opens all."""
    for part in rows(granted.get("granular_scopes")):
        if record(part).get("scope") == NEEDED_SCOPES[0]:
            return [found for one in rows(record(part).get("target_ids")) if (found := identifier(one, limit=40))]
    return []


def _take(attempt: Attempt, told: dict[str, Any]) -> Result:
    connecting = attempt.connecting
    display = text(told.get("display_phone_number"), limit=32) or connecting.phone_number_id
    try:
        row = numbers.connect_number(
            attempt.company,
            phone_number_id=connecting.phone_number_id,
            waba_id=connecting.waba_id,
            display_number=display,
            app=attempt.app,
            token=attempt.token,
            ready=False,
        )
    except NumberTaken:
        return stuck("number_taken")
    except DomainError as refusal:
        return stuck(refusal.code)
    numbers.note_connected(
        row,
        told,
        business_id=connecting.business_id,
        region=attempt.data.get("region"),
        token_expires_at=attempt.data.get("token_expires_at") or None,
    )
    attempt.keep(number=row)
    return done(number=display, name=text(told.get("verified_name"), limit=120) or "")


def _choices(listed: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "id": key,
            "number": text(row.get("display_phone_number"), limit=32) or key,
            "name": text(row.get("verified_name"), limit=120) or "",
        }
        for key, row in list(listed.items())[:MOST_CHOICES]
    ]


def _why(told: dict[str, Any]) -> str:
    return (text(record(told.get("error")).get("message")) or "").lower()
