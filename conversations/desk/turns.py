"""Whose turn it is, at the desk and inside a client."""

from collections.abc import Mapping
from uuid import UUID


def behind(waiting: Mapping[UUID, object], *, after: UUID) -> UUID | None:
    """Whose turn it is after one of those that wait, the most urgent first: whoever goes past the last begins again.

    waiting  id to whether it is in danger and nobody's: that comes before everything that is not
    """
    ids = list(waiting)
    if after not in waiting:
        return next(iter(ids), None)
    if len(ids) > 1 and waiting[ids[0]] and not waiting[after]:
        return ids[0]
    place = ids.index(after)
    return next(iter(ids[place + 1 :] + ids[:place]), None)
