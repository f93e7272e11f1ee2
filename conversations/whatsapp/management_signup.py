"""What connecting a number asks of the platform: codes for tokens, proofs, registration, PIN, storage, hand-over."""

from typing import Any

from conversations.whatsapp.credentials import Access
from conversations.whatsapp.management import BAD_PARAMETER, GraphManagement, GraphRefused, GraphUnreachable
from conversations.whatsapp.payloads.clean import identifier, record, rows, text

EXCHANGE_SECONDS = 10.0  # a code lives about 30
WHATSAPP = {"messaging_product": "whatsapp"}
STORED_IN_COUNTRY = "IN_COUNTRY_STORAGE_ENABLED"
SYNC_TYPES = {"contacts": "smb_app_state_sync", "history": "history"}


def app_access(*, graph_url: str, version: str, app_id: str, secret: str) -> Access:
    """The app speaking for itself: what it asks about tokens and its own callback."""
    return Access(graph_url=graph_url, version=version, token=f"{app_id}|{secret}")


def exchange_code(app: Access, *, app_id: str, secret: str, code: str) -> str:
    """The business token behind a code of Embedded Signup. A code works once.

    Raises  GraphRefused, GraphUnreachable
    """
    given = {"client_id": app_id, "client_secret": secret, "code": code}
    with GraphManagement(app, read_seconds=EXCHANGE_SECONDS) as graph:
        answer = graph.ask("GET", "oauth", "access_token", params=given)
    token = text(answer.get("access_token"), limit=4096)
    if not token:
        raise GraphUnreachable("The answer holds no token.")
    return token


def callbacks(graph: GraphManagement, app_id: str) -> list[dict[str, Any]]:
    """Where an app's webhooks go; ask as the app itself."""
    answer = graph.ask("GET", app_id, "subscriptions")
    return [row for row in rows(answer.get("data")) if isinstance(row, dict)]


def add_number(graph: GraphManagement, waba_id: str, *, country_code: str, digits: str, name: str) -> str:
    """Add a number to an account; gives its id. It has to be verified and registered afterwards."""
    body = {"cc": country_code, "phone_number": digits, "verified_name": name}
    added = identifier(graph.ask("POST", waba_id, "phone_numbers", body=body).get("id"))
    if added is None:
        raise GraphUnreachable("The answer does not name the number.")
    return added


def request_code(graph: GraphManagement, phone_number_id: str, *, by_call: bool, language: str) -> None:
    """Have the number rung or texted with six digits that prove whose it is."""
    method = "VOICE" if by_call else "SMS"
    graph.ask("POST", phone_number_id, "request_code", body={"code_method": method, "language": language})


def verify_code(graph: GraphManagement, phone_number_id: str, *, code: str) -> None:
    graph.ask("POST", phone_number_id, "verify_code", body={"code": code})


def register(graph: GraphManagement, phone_number_id: str, *, pin: str, region: str = "") -> None:
    """Switch a number on for sending; ten times in three days, no more. ``region`` where its data lie at rest."""
    where = {"data_localization_region": region} if region else {}
    graph.ask("POST", phone_number_id, "register", body={**WHATSAPP, "pin": pin, **where})


def deregister(graph: GraphManagement, phone_number_id: str) -> None:
    graph.ask("POST", phone_number_id, "deregister", body=WHATSAPP)


def storage_region(graph: GraphManagement, phone_number_id: str) -> str | None:
    """Where the number's data lie at rest; empty: wherever the platform likes, None: it does not tell."""
    try:
        answer = graph.ask("GET", phone_number_id, "settings")
    except GraphRefused as refused:
        if refused.code == BAD_PARAMETER:
            return None
        raise
    stored = record(answer.get("storage_configuration"))
    if stored.get("status") != STORED_IN_COUNTRY:
        return ""
    return text(stored.get("data_localization_region"), limit=4) or ""


def set_storage_region(graph: GraphManagement, phone_number_id: str, *, region: str) -> None:
    """Keep the number's data at rest in one region; only while the number is not registered."""
    wish = {"status": STORED_IN_COUNTRY, "data_localization_region": region}
    graph.ask("POST", phone_number_id, "settings", body={"storage_configuration": wish})


def ask_sync(graph: GraphManagement, phone_number_id: str, *, kind: str) -> str:
    """Ask the phone app for its contacts or history, which then come as webhooks; once, and within 24 hours."""
    body = {**WHATSAPP, "sync_type": SYNC_TYPES[kind]}
    return identifier(graph.ask("POST", phone_number_id, "smb_app_data", body=body).get("request_id"), limit=80) or ""
