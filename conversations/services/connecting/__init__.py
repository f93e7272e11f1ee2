"""Connecting a number to the platform, step by step: each asks the platform, keeps the answer, and can be repeated.

``starting`` begins an attempt, ``running`` goes along its ``path``, ``answering`` takes what only a person knows, and
``progress`` is what a page shows of it.
"""

from conversations.services.connecting.answering import (
    CodeMissing,
    add_number,
    check_again,
    choose_account,
    choose_number,
    choose_region,
    give_pin,
    give_token,
    register_anew,
    request_code,
    verify_code,
)
from conversations.services.connecting.progress import Progress, progress_of
from conversations.services.connecting.running import Ran, is_running, keep_running, run
from conversations.services.connecting.starting import NotOpen, abandon, apps_of, begin, note_session, take_code

__all__ = [
    "CodeMissing",
    "NotOpen",
    "Progress",
    "Ran",
    "abandon",
    "add_number",
    "apps_of",
    "begin",
    "check_again",
    "choose_account",
    "choose_number",
    "choose_region",
    "give_pin",
    "give_token",
    "is_running",
    "keep_running",
    "note_session",
    "progress_of",
    "register_anew",
    "request_code",
    "run",
    "take_code",
    "verify_code",
]
