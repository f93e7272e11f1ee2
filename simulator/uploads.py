"""Files of an app that templates and profiles name by a handle."""

import re
from dataclasses import dataclass

from simulator.media import Media, MediaShelf


@dataclass
class Session:
    """A file on its way, perhaps in several parts."""

    id: str
    app_id: str
    name: str
    length: int
    type: str
    data: bytes = b""


def owner_of(app_id: str) -> str:
    """What files of an app belong to."""
    return f"app:{app_id}"


def at_handle(shelf: MediaShelf, handle: object, *, app_id: str) -> Media | None:
    """The file that a handle names, if this app uploaded it."""
    found = re.fullmatch(r"4::[A-Za-z0-9]+:([0-9]+)", str(handle))
    media = shelf.get(found.group(1)) if found else None
    return media if media and media.owner == owner_of(app_id) else None
