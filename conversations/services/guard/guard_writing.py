"""What our own people and the client write beside the messages: notes and reasons hold nothing that is hidden there.

A message is hidden and shown for a reason that is kept; a note is read by everybody, searched and kept as it is. So
nothing of it is hidden afterwards: it is refused while whoever writes can still take it out.
"""

from conversations import guard_words
from conversations.detectors import SURE, Hit, scan
from conversations.errors import SensitiveNote
from conversations.services.guard import guarding
from conversations.shown import shown_text


def check_note(body: str) -> None:
    """Raises SensitiveNote where somebody would write down what messages hide; the company's own may stand there."""
    if found := _found(body):
        raise SensitiveNote(guard_words.listed(list(dict.fromkeys(hit.detector for hit in found))))


def reason(text: str) -> str:
    """A reason as a trail may keep it: what somebody copied from a hidden text is not in it."""
    return shown_text(text, [[hit.hide_start, hit.hide_end] for hit in _found(text)])


def _found(text: str) -> list[Hit]:
    hits = [hit for hit in scan(text, with_terms=False) if hit.confidence >= SURE]
    return guarding.own().without(text, hits) if hits else []
