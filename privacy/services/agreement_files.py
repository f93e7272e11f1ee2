"""The signed file of an agreement: a PDF under ``<schema>/agreements/``, known by its SHA-256."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from conversations.whatsapp import magic
from privacy.errors import AgreementFileDamaged, AgreementFileOdd, AgreementFileTooBig
from privacy.models import DataProcessingAgreement
from tenants.context import current_schema
from tenants.ids import uuid7

MAX_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
TAIL_BYTES = 2048
MAX_NAME_CHARS = 120


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that was looked at: its bytes are a whole PDF."""

    data: bytes
    name: str
    sha256: str


def check(file: File, *, name: str) -> SignedFile:  # type: ignore[type-arg]
    """Look at the bytes, not at the name or the type the browser told.

    Raises  AgreementFileOdd, AgreementFileTooBig
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise AgreementFileTooBig
    if magic.sniff(data) != PDF or b"%%EOF" not in data[-TAIL_BYTES:]:
        raise AgreementFileOdd
    return SignedFile(data, _shown_name(name), hashlib.sha256(data).hexdigest())


def store(signed: SignedFile) -> str:
    """Keep the bytes; gives the key. Nothing of the name that somebody chose is in it."""
    return default_storage.save(f"{current_schema()}/agreements/{uuid7().hex}.pdf", ContentFile(signed.data))


def discard(key: str) -> None:
    """Delete bytes whose agreement never came to be, or is over and out of time."""
    default_storage.delete(key)


def read(agreement: DataProcessingAgreement) -> bytes:
    """The signed bytes; raises AgreementFileDamaged unless they are exactly those that were recorded."""
    try:
        with default_storage.open(agreement.file_key) as stored:
            data = bytes(stored.read())
    except (OSError, ValueError) as error:
        raise AgreementFileDamaged from error
    if hashlib.sha256(data).hexdigest() != agreement.file_sha256:
        raise AgreementFileDamaged
    return data


def headers_of(agreement: DataProcessingAgreement) -> dict[str, str]:
    """What a browser is told with the file: to save it, to run nothing of it, to keep no copy."""
    plain = agreement.file_name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(agreement.file_name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def _shown_name(name: str) -> str:
    plain = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())
    stem = PurePath(plain).stem[:MAX_NAME_CHARS].strip(" .") or "agreement"
    return f"{stem}.pdf"
