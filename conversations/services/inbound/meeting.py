"""Finds or makes contacts outside the hot path; two that turn out to be one are merged first."""

from collections.abc import Sequence

from conversations.services.inbound.merging import merge
from conversations.services.inbound.people import People, Person, Seen, TwoFound

MERGES = 100


def meet(seen: Seen) -> Person:
    """The contact with these identities, written."""
    return meet_all([seen])[0]


def meet_all(seen: Sequence[Seen]) -> list[Person]:
    """The contacts with these identities, in the same order, written."""
    for _ in range(MERGES):
        people = People(seen)
        try:
            found = [people.resolve(one) for one in seen]
        except TwoFound as two:
            merge(two.keep, two.other, at=max(one.at for one in seen))
            continue
        people.write()
        return found
    raise RuntimeError("merging contacts did not end")


def find_all(seen: Sequence[Seen]) -> list[Person | None]:
    """The contacts with these identities as far as they are known, in the same order; nobody is made."""
    people = People(seen)
    found: list[Person | None] = []
    for one in seen:
        try:
            found.append(people.find(one))
        except TwoFound as two:
            found.append(people[two.keep])
    return found
