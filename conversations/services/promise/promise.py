"""The response promise: until when an answer was promised to somebody who wrote, in the company's business time.

``Conversation.due_at`` always belongs to its ``waiting_since`` and ``intent``: whoever changes one of these calls
``renew`` (inbound messages do it in bulk). Changed hours mark the work that does it for everybody who waits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from conversations import business_hours
from conversations.business_hours import BusinessHours
from conversations.models import Conversation, InboxSettings, PromiseRecord
from conversations.services.promise import promise_marks
from tenants.context import company_id_of, current_schema

Wait = tuple[UUID, datetime, datetime | None, UUID | None]  # conversation, waiting since, due at, intent

# The company stands on the agency's side, its intents here: one round trip for both.
COMPANY = """
SELECT company.country, company.time_zone, (
    SELECT coalesce(json_object_agg(id, response_minutes), '{}') FROM conversations_intent
    WHERE response_minutes IS NOT NULL)
FROM public.tenants_clientcompany AS company WHERE company.id = %s
"""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the entered company promises.

    minutes       business minutes until an answer, unless the intent says otherwise
    by_intent     what intents say
    warn_percent  of the time gone by, when its people are warned
    """

    minutes: int
    hours: BusinessHours
    by_intent: Mapping[UUID, int] = field(default_factory=dict)
    warn_percent: int = 75

    @classmethod
    def of(cls, settings: InboxSettings) -> "Promise":
        """The promise under these settings of the entered company. One query."""
        with connection.cursor() as cursor:
            cursor.execute(COMPANY, [company_id_of(current_schema())])
            country, zone, intents = cursor.fetchone()
        rules = business_hours.rules(
            zone=zone,
            hours=settings.hours,
            special_days=settings.special_days,
            country=country if settings.closed_on_holidays else "",
            region=settings.holiday_region,
        )
        by_intent = {UUID(pk): minutes for pk, minutes in intents.items()}
        return cls(settings.response_minutes, business_hours.of(rules), by_intent, settings.warn_percent)

    @classmethod
    def current(cls) -> "Promise":
        """What the entered company promises now. Two queries."""
        return cls.of(InboxSettings.load())

    def minutes_for(self, intent: UUID | None) -> int:
        return self.by_intent.get(intent, self.minutes) if intent else self.minutes

    def due(self, waiting_since: datetime, *, intent: UUID | None = None) -> datetime | None:
        """When the promise to somebody waiting since then breaks; None where the company never opens."""
        return self.hours.add_minutes(waiting_since, self.minutes_for(intent))

    def warn(self, waiting_since: datetime, *, intent: UUID | None = None) -> datetime | None:
        """When most of the time is gone, so that somebody has to hear of it."""
        return self.hours.add_minutes(waiting_since, self.minutes_for(intent) * self.warn_percent / 100)

    def left(self, waiting_since: datetime, due_at: datetime, *, at: datetime) -> float:
        """How much of the time is left, 0 to 1."""
        whole = self.hours.minutes_between(waiting_since, due_at)
        return min(self.hours.minutes_between(at, due_at) / whole, 1.0) if whole else 0.0


def renew(conversations: Iterable[UUID]) -> None:
    """Make the time of these conversations agree with who waits in them and what for; in the caller's transaction.

    The caller tells desk and pages (``summary.refresh``, ``hints``), as for what else it changed.
    """
    waiting = Conversation.objects.waiting().filter(pk__in=list(conversations))
    if rows := waits_of(waiting):
        settle(rows, promise=Promise.current())


def waits_of(waiting: QuerySet[Conversation]) -> list[Wait]:
    """Those of these conversations in which somebody waits, as reckoning takes them. One query."""
    rows = waiting.values_list("pk", "waiting_since", "due_at", "intent_id")
    return [(pk, since, due_at, intent) for pk, since, due_at, intent in rows if since is not None]


def settle(rows: Sequence[Wait], *, promise: Promise) -> list[UUID]:
    """Correct the times of these waiting conversations; tells which changed."""
    due = {pk: promise.due(since, intent=intent) for pk, since, _old, intent in rows}
    wrong = [pk for pk, _since, old, _intent in rows if due[pk] != old]
    if wrong:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE conversations_conversation AS c SET due_at = news.due_at"
                " FROM unnest(%s::uuid[], %s::timestamptz[]) AS news (id, due_at) WHERE c.id = news.id",
                [wrong, [due[pk] for pk in wrong]],
            )
        forgive({pk: due[pk] for pk in wrong})
    look(rows, promise=promise)
    return wrong


def look(rows: Iterable[Wait], *, promise: Promise) -> None:
    """Have somebody look when the first of these is about to break."""
    moments = [promise.warn(since, intent=intent) for _pk, since, _due, intent in rows]
    promise_marks.look_at(min((moment for moment in moments if moment), default=None))


def forgive(due: Mapping[UUID, datetime | None]) -> None:
    """A promise that ends later than it was thought to is not broken yet, nor about to be.

    One that would have broken by now all the same stays broken, at the later moment.
    """
    now = timezone.now()
    later = PromiseRecord.objects.filter(conversation__in=due, answered_at=None).select_related("conversation")
    for record in later:
        ends = due[record.conversation_id]
        current = record.conversation.waiting_since == record.waiting_since
        if not current or ends is None or ends <= record.due_at:
            continue
        if record.broken_at is None or ends > now:
            record.delete()
            continue
        record.due_at = record.broken_at = ends
        record.save(update_fields=["due_at", "broken_at"])
