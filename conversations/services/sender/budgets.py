"""The speed limits of the numbers that this process sends for. They outlive a turn; a new holder begins careful."""

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.whatsapp.budget import NumberBudget, PairBudget

MAX_KEPT = 2000
PAIR_MEMORY_SECONDS = 270  # after so long without a message, a pair's budget is whole again
FEW = 5  # pairs with fewer messages than this are far from their limit

RECENT = """
SELECT channel_id, count(*) FROM conversations_message
WHERE created_at > now() - interval '15 minutes' AND phone_number_id = %(number)s AND direction = 'out'
  AND sending_at > now() - make_interval(secs => %(seconds)s)
GROUP BY channel_id HAVING count(*) > %(few)s
"""


@dataclass(slots=True)
class Budget:
    number: NumberBudget
    pairs: PairBudget


class Budgets:
    """Budgets by number, those unused for longest forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, UUID], Budget] = OrderedDict()

    async def of(self, database: Database, lease: Lease, *, now: float) -> Budget:
        """The number's budget; fresh without a burst, and with the pairs' last minutes, when another process sent."""
        key = (lease.schema_name, lease.number_id)
        known = self._kept.get(key) if lease.continued else None
        if known is None:
            known = Budget(NumberBudget(lease.messages_per_second, now=now), PairBudget())
            if not lease.continued:
                known.number.slow_down(0, now=now)
            await _recall(database, lease, known.pairs, now=now)
        known.number.rate = float(max(lease.messages_per_second, 1))
        self._kept[key] = known
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return known


async def _recall(database: Database, lease: Lease, pairs: PairBudget, *, now: float) -> None:
    params = lease.params | {"seconds": PAIR_MEMORY_SECONDS, "few": FEW}
    for channel_id, count in await database.run(lease.schema_name, RECENT, params):
        for _ in range(count):
            pairs.take(channel_id, now=now)
