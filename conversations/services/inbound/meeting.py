"""Finds or makes one contact, for events that come alone; two that turn out to be one are merged first."""

from conversations.services.inbound.merging import merge
from conversations.services.inbound.people import People, Person, Seen, TwoFound

MERGES = 3


def meet(seen: Seen) -> Person:
    """The contact with these identities, written."""
    for _ in range(MERGES):
        people = People([seen])
        try:
            person = people.resolve(seen)
        except TwoFound as found:
            merge(found.keep, found.other, at=seen.at)
            continue
        people.write()
        return person
    raise RuntimeError("merging two contacts did not make them one")
