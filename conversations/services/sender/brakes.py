"""Makes whoever has to wait: the pair, the number, its marketing, the account's management calls, or one message."""

import asyncio

from conversations.services.numbers import account_calls
from conversations.services.sender import turns
from conversations.services.sender.budgets import Budget
from conversations.services.sender.claims import Claimed
from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.services.sender.news import News
from conversations.whatsapp.error_rules import Effect
from conversations.whatsapp.outcomes import Accepted, NotSent, Outcome, Scope, Throttled

NUMBER_PAUSE_SECONDS = 1.0
OFFLINE_PAUSE_SECONDS = 2.0
ACCOUNT_PAUSE_SECONDS = 60.0
REPLY_WAIT_SECONDS = 300.0  # a reply that met a limit meant for marketing is tried again much sooner
MARKETING_PASS_SECONDS = 5.0  # how long what was claimed already stays away, until the pause is written down
LONG_WAIT_SECONDS = 1.0  # a longer pause of the number is kept for whoever sends for it next


class Brakes:
    """The brakes of one turn; ``group`` carries what has to be told to others."""

    def __init__(self, database: Database, lease: Lease, *, budget: Budget, group: asyncio.TaskGroup) -> None:
        self._database = database
        self._lease = lease
        self._budget = budget
        self._group = group
        self.marketing_rests = False  # the platform said so in this turn

    def apply(self, claimed: Claimed, outcome: Outcome, told: News, *, now: float) -> None:
        """What an outcome says about the pace of what comes next."""
        match outcome:
            case Accepted():
                self._budget.pairs.accepted(claimed.channel_id)
            case Throttled():
                self._throttled(claimed, outcome, told, now=now)
            case NotSent():  # the platform cannot be reached at all
                self._budget.number.slow_down(OFFLINE_PAUSE_SECONDS, now=now)

    def _throttled(self, claimed: Claimed, outcome: Throttled, told: News, *, now: float) -> None:
        """The platform said that something is too fast; ``told`` gets the message's own waiting time."""
        seconds = outcome.retry_after
        match outcome.scope:
            case Scope.PAIR:
                told.wait = max(seconds or 0.0, self._budget.pairs.refused(claimed.channel_id, now=now))
            case Scope.NUMBER:
                self._hold(NUMBER_PAUSE_SECONDS if seconds is None else seconds, now=now)
            case Scope.ACCOUNT:
                seconds = ACCOUNT_PAUSE_SECONDS if seconds is None else seconds
                self._group.create_task(asyncio.to_thread(account_calls.rest, self._lease.waba_id, seconds=seconds))
                self._hold(seconds, now=now)
            case Scope.MESSAGE if outcome.rule.effect is Effect.NUMBER_PAUSES and seconds:
                self._hold(seconds, now=now)
            case Scope.MESSAGE if outcome.rule.effect is Effect.MARKETING_SLOWS:
                self.marketing_rests = True
                if claimed.purpose != "marketing":
                    told.wait = REPLY_WAIT_SECONDS

    def _hold(self, seconds: float, *, now: float) -> None:
        self._budget.number.slow_down(seconds, now=now)
        if seconds > LONG_WAIT_SECONDS:
            self._group.create_task(turns.hold_number(self._database, self._lease, seconds=seconds))
