"""What a number's owner sets at the platform: profile, block list, links, automation, name, settings."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from conversations.whatsapp.management import GraphManagement, GraphUnreachable, send
from conversations.whatsapp.payloads.clean import identifier, record, rows

PRODUCT = {"messaging_product": "whatsapp"}
PROFILE_FIELDS = "about,address,description,email,profile_picture_url,websites,vertical"
MAX_LISTED = 1000


class NumberManagement(GraphManagement):
    """Calls about one number's settings. Use as ``with NumberManagement(credentials) as graph``."""

    def profile(self, phone_number_id: str) -> dict[str, Any]:
        """The business profile as people see it."""
        answer = self.ask("GET", phone_number_id, "whatsapp_business_profile", params={"fields": PROFILE_FIELDS})
        return record(next(iter(rows(answer.get("data"))), None))

    def set_profile(self, phone_number_id: str, fields: Mapping[str, Any]) -> None:
        """Change the given parts of the profile."""
        self.ask("POST", phone_number_id, "whatsapp_business_profile", body={**PRODUCT, **fields})

    def upload_picture(self, app_id: str, data: bytes, *, mime_type: str) -> str:
        """Upload a picture in one piece of a resumable upload; gives the handle that a profile takes."""
        params = {"file_name": "profile", "file_length": str(len(data)), "file_type": mime_type}
        session = identifier(self.ask("POST", app_id, "uploads", params=params).get("id"), limit=2000)
        if not session or not session.startswith("upload:"):
            raise GraphUnreachable("The upload could not be begun.")
        request = requests.Request(
            "POST",
            f"{self.access.url()}/{session}",
            data=data,
            headers={"Authorization": f"OAuth {self.access.token}", "file_offset": "0"},
        )
        answer = send(self._session, request, base=self.access.graph_url, seconds=self._seconds)
        handle = answer.get("h")
        if not isinstance(handle, str) or not handle:
            raise GraphUnreachable("The upload gave no handle.")
        return handle

    def block(self, phone_number_id: str, users: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """Block people; the answer names who was added and who failed."""
        return self._users("POST", phone_number_id, users)

    def unblock(self, phone_number_id: str, users: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """Lift the block of people."""
        return self._users("DELETE", phone_number_id, users)

    def _users(self, method: str, phone_number_id: str, users: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        body = {**PRODUCT, "block_users": [dict(user) for user in users]}
        return record(self.ask(method, phone_number_id, "block_users", body=body).get("block_users"))

    def links(self, phone_number_id: str) -> list[dict[str, Any]]:
        """Short links with their texts, each with its QR code's address."""
        answer = self.ask("GET", phone_number_id, "message_qrdls", params={"limit": "100"})
        return [row for row in rows(answer.get("data")) if isinstance(row, dict)][:MAX_LISTED]

    def save_link(self, phone_number_id: str, *, text: str, code: str = "") -> dict[str, Any]:
        """Make a link that opens a chat with a text filled in; with ``code`` change the text of one that exists."""
        body: dict[str, Any] = {"prefilled_message": text}
        body |= {"code": code} if code else {"generate_qr_image": "SVG"}
        return self.ask("POST", phone_number_id, "message_qrdls", body=body)

    def delete_link(self, phone_number_id: str, code: str) -> None:
        """The printed code and the link stop working."""
        self.ask("DELETE", phone_number_id, "message_qrdls", code)

    def automation(self, phone_number_id: str) -> dict[str, Any]:
        """Ice breakers and commands."""
        answer = self.ask("GET", phone_number_id, params={"fields": "conversational_automation"})
        return record(answer.get("conversational_automation"))

    def set_automation(self, phone_number_id: str, *, prompts: list[str], commands: list[dict[str, str]]) -> None:
        """Replace ice breakers and commands."""
        body = {"prompts": prompts, "commands": commands}
        self.ask("POST", phone_number_id, "conversational_automation", body=body)

    def username(self, phone_number_id: str) -> dict[str, Any]:
        """The business username and whether it is reserved or approved."""
        return self.ask("GET", phone_number_id, "username")

    def username_suggestions(self, phone_number_id: str) -> list[str]:
        """Names that the platform would give."""
        answer = self.ask("GET", phone_number_id, "username_suggestions")
        found: list[str] = []
        for row in rows(answer.get("data")):
            names = rows(record(row).get("username_suggestions")) if isinstance(row, dict) else [row]
            found += [name for name in names if isinstance(name, str)]
        return found[:10]

    def set_username(self, phone_number_id: str, name: str) -> dict[str, Any]:
        """Ask for a username."""
        return self.ask("POST", phone_number_id, "username", body={**PRODUCT, "username": name})

    def delete_username(self, phone_number_id: str) -> None:
        """Give the username up."""
        self.ask("DELETE", phone_number_id, "username")

    def settings(self, phone_number_id: str) -> dict[str, Any]:
        """Calling, storage and identity check."""
        return self.ask("GET", phone_number_id, "settings")

    def set_calling(self, phone_number_id: str, *, on: bool) -> None:
        """Let people call the number, or not."""
        body = {"calling": {"status": "ENABLED" if on else "DISABLED"}}
        self.ask("POST", phone_number_id, "settings", body=body)

    def set_pin(self, phone_number_id: str, pin: str) -> None:
        """Change the PIN of two-step verification."""
        self.ask("POST", phone_number_id, body={"pin": pin})

    def ask_name(self, phone_number_id: str, name: str) -> None:
        """Ask for another display name; the platform reviews it."""
        self.ask("POST", phone_number_id, body={"new_display_name": name})
