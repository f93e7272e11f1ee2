"""Refuses uploads that are larger than anything WhatsApp takes, before a byte of them is read."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from conversations.whatsapp.media_rules import KINDS

ROOM = 1024 * 1024  # for the other fields of the form
MAX_BYTES = max(kind.max_bytes for kind in KINDS.values()) + ROOM


class BoundedUploads(FileUploadHandler):
    """Stands before the handlers that keep the bytes."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        if content_length > MAX_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
