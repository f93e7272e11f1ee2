"""Names of what entries of the audit trail are about, and where it stands, for whoever reads them.

The trail keeps ids only. Each app says, when it is loaded, how its things are found: many at once, in one query a kind,
and only those that this reader may see.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from tenants.accounts.models import User


@dataclass(frozen=True, slots=True)
class Thing:
    """What something is called, and the path of its page where this reader may open it."""

    name: str
    path: str = ""


Find = Callable[[Collection[str], User], Mapping[str, Thing]]
Key = tuple[str, str]  # kind and id of a subject


@dataclass(frozen=True, slots=True)
class Kind:
    find: Find
    of_contacts: bool


_kinds: dict[str, Kind] = {}


def register(kind: str, find: Find, *, of_contacts: bool = False) -> None:
    """Say how things of this kind are found by their ids.

    kind         as ``AuditEntry.subject_kind`` has it: the model's name in small letters
    of_contacts  its name is one of a person who writes to the company: shown on pages, never put into a file, where it
                 would outlive that person's erasure
    """
    if kind in _kinds:
        raise ValueError(f"{kind} is registered already")
    _kinds[kind] = Kind(find, of_contacts)


def find(keys: Iterable[Key], *, reader: User, with_contacts: bool) -> dict[Key, Thing]:
    """Those of these things that have a name for the reader; one query for each kind among them."""
    wanted: dict[str, set[str]] = {}
    for kind, pk in keys:
        if kind in _kinds and pk and (with_contacts or not _kinds[kind].of_contacts):
            wanted.setdefault(kind, set()).add(pk)
    found: dict[Key, Thing] = {}
    for kind, ids in wanted.items():
        found |= {(kind, pk): thing for pk, thing in _kinds[kind].find(ids, reader).items()}
    return found
