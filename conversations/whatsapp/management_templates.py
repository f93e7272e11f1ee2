"""Creates, changes and deletes message templates at the platform, and uploads the samples of their headings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import requests

from conversations.whatsapp.credentials import BadCredentials, Credentials
from conversations.whatsapp.errors import rule_for
from conversations.whatsapp.management import (
    TEMPLATE_FIELDS,
    GraphManagement,
    GraphRefused,
    GraphUnreachable,
    send,
)
from conversations.whatsapp.payloads.clean import identifier, record, rows, text

UPLOAD_SECONDS = 120.0
ARCHIVE_HOST = "https://api.facebook.com"
GRAPH_HOST = "https://graph.facebook.com"
MAX_HANDLE_CHARS = 4000
CHANGE_REFUSED = 2388039
_SESSION = re.compile(r"upload:[A-Za-z0-9_=:.+/-]{1,600}(\?sig=[A-Za-z0-9_-]{1,300})?\Z")
_ID = re.compile(r"[0-9]{1,40}\Z")


@dataclass(slots=True, frozen=True)
class Submitted:
    """What the platform says about a template it took in; the category may be another than was asked for."""

    template_id: str
    status: str
    category: str


class TemplateManagement(GraphManagement):
    """Calls about templates with one token. All raise GraphRefused, GraphUnreachable and BadCredentials."""

    def create(self, waba_id: str, document: Mapping[str, Any]) -> Submitted:
        """Submit a new template for review."""
        answer = self.ask("POST", waba_id, "message_templates", body=document)
        template_id = identifier(answer.get("id"), limit=40)
        if template_id is None:
            raise GraphUnreachable("The answer does not name the template.")
        return Submitted(template_id, text(answer.get("status")) or "PENDING", text(answer.get("category")) or "")

    def edit(self, template_id: str, changes: Mapping[str, Any]) -> None:
        """Submit a changed template; its components are replaced as a whole."""
        self.ask("POST", template_id, body=changes)

    def find(self, waba_id: str, *, name: str, language: str) -> dict[str, Any] | None:
        """A template by name and language, as the platform lists it."""
        answer = self.ask(
            "GET", waba_id, "message_templates", params={"name": name, "fields": TEMPLATE_FIELDS, "limit": "100"}
        )
        listed = [record(one) for one in rows(answer.get("data"))]
        wanted = (name, language.replace("-", "_"))
        return next(
            (one for one in listed if (one.get("name"), str(one.get("language")).replace("-", "_")) == wanted), None
        )

    def delete(self, waba_id: str, *, name: str, template_id: str = "") -> None:
        """Delete every language of a name, or one with its id."""
        one = {"hsm_id": template_id} if template_id else {}
        self.ask("DELETE", waba_id, "message_templates", params={"name": name, **one})

    def unpause(self, template_id: str) -> None:
        """End a pause that the platform does not end by itself."""
        self.ask("POST", template_id, "unpause")

    def archive(self, waba_id: str, template_ids: Sequence[str], *, back: bool = False) -> None:
        """Put templates away, or take them out again. At the platform this lives on a host of its own."""
        if not _ID.match(waba_id):
            raise BadCredentials("An id for the platform has characters that no id has.")
        own = self.access.graph_url.rstrip("/")
        base = ARCHIVE_HOST if own == GRAPH_HOST else own
        url = f"{base}/{waba_id}/message_templates/{'unarchive' if back else 'archive'}"
        request = requests.Request(
            "POST",
            url,
            params=self.access.proof(),
            json={"hsm_ids": ",".join(template_ids)},
            headers=self.access.headers(),
        )
        answer = send(self._session, request, base=self.access.graph_url, seconds=self._seconds)
        failed = record(answer.get("failed_templates"))
        if failed:
            details = text(next(iter(failed.values()))) or ""
            raise GraphRefused(rule_for(CHANGE_REFUSED), code=CHANGE_REFUSED, details=details, http_status=200)

    def upload(self, app_id: str, file: IO[bytes], *, size: int, mime_type: str, filename: str) -> str:
        """Bring a sample to the platform; gives the handle that a template names it by."""
        facts = {"file_name": filename or "sample", "file_length": str(size), "file_type": mime_type}
        session = text(self.ask("POST", app_id, "uploads", params=facts).get("id")) or ""
        if not _SESSION.match(session):
            raise GraphUnreachable("The answer does not name the upload.")
        base = f"{self.access.graph_url.rstrip('/')}/{self.access.version.strip('/')}"
        headers = {"Authorization": f"OAuth {self.access.token}", "file_offset": "0"}
        request = requests.Request("POST", f"{base}/{session}", params=self.access.proof(), data=file, headers=headers)
        answer = send(self._session, request, base=self.access.graph_url, seconds=(self._seconds[0], UPLOAD_SECONDS))
        handle = text(answer.get("h"))
        if not handle or len(handle) > MAX_HANDLE_CHARS:
            raise GraphUnreachable("The answer does not name the file.")
        return handle


def templates_for(number: Credentials) -> TemplateManagement:
    """Calls about templates with the token of a number."""
    return TemplateManagement(number)
