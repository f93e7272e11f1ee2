"""What an app that owns rows offers, so that they can leave when their time is up.

An app says which rows are due, and lets a batch of them go; when, how many at once and with what proof is decided by
``privacy``. Files leave before their rows, outside any transaction; rows leave in the caller's transaction.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Amount:
    """So many rows, and so many bytes in storage."""

    rows: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Cleared:
    """What became of the files of a batch: bytes that left, rows whose file would not go, and why."""

    bytes: int = 0
    stuck: set[Any] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


class Keeper(ABC):
    """Knows one kind of rows of one app, and when they are due."""

    name: str

    @abstractmethod
    def due(self, cut_off: datetime) -> QuerySet[Any]:
        """The rows whose clock began before ``cut_off``."""

    def count(self, cut_off: datetime) -> Amount:
        return Amount(rows=self.due(cut_off).count())

    def find(self, cut_off: datetime, *, limit: int, without: Collection[Any] = ()) -> list[Any]:
        """Keys of a batch that is due, leaving out some that would not go before."""
        return list(self.due(cut_off).exclude(pk__in=without).values_list("pk", flat=True)[:limit])

    def clear_files(self, keys: Sequence[Any]) -> Cleared:
        """Delete what these rows keep in storage."""
        return Cleared()

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        """Delete these rows for good where they are still due; tells how many, inside the caller's transaction."""
        deleted, _by_model = self.due(cut_off).filter(pk__in=keys).delete()
        return deleted
