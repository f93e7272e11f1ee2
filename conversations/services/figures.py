"""Today's figures of a company. Every figure has a definition that people can read beside it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q

from conversations.models import Conversation, Direction, Message
from conversations.status import MessageStatus
from tenants.models import ClientCompany

FIRST_ANSWERS = """
SELECT extract(epoch FROM answered.at - asked.at)
FROM (
    SELECT conversation_id, min(at) AS at FROM conversations_message
    WHERE direction = 'in' AND type <> 'reaction' AND at >= %s AND at < %s GROUP BY conversation_id
) AS asked
JOIN LATERAL (
    SELECT at FROM conversations_message AS answer
    WHERE answer.conversation_id = asked.conversation_id AND answer.direction = 'out' AND answer.type <> 'reaction'
      AND answer.at > asked.at ORDER BY answer.at LIMIT 1
) AS answered ON true
LIMIT 20000
"""
MOST_AGENTS = 100


@dataclass(frozen=True, slots=True)
class AgentDay:
    name: str
    messages: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a company, by its own clock.

    received, sent         messages that came in, and that left or wait to leave; reactions are not counted
    failed                 messages of that day that WhatsApp refused
    begun                  conversations that began
    waiting, oldest        conversations in which a person waits now, and since when the first of them
    first_answer           median time from a person's first message of the day to our next message, None without any
    """

    starts_at: datetime
    received: int
    sent: int
    failed: int
    begun: int
    waiting: int
    oldest: datetime | None
    first_answer: timedelta | None
    answered: int
    agents: list[AgentDay]


def day_of(company: ClientCompany, *, at: datetime) -> Day:
    """The day that ``at`` falls in; seven queries whatever happened."""
    zone = ZoneInfo(company.time_zone)
    start = datetime.combine(at.astimezone(zone).date(), time(), tzinfo=zone)
    end = start + timedelta(days=1)
    messages = Message.objects.in_thread().filter(at__gte=start, at__lt=end)
    counts = messages.aggregate(
        received=Count("id", filter=Q(direction=Direction.INBOUND)),
        sent=Count("id", filter=Q(direction=Direction.OUTBOUND)),
        failed=Count("id", filter=Q(direction=Direction.OUTBOUND, status=MessageStatus.FAILED)),
    )
    waits = _first_answers(start, end)
    oldest = Conversation.objects.waiting().order_by("waiting_since").values_list("waiting_since", flat=True).first()
    return Day(
        starts_at=start,
        **counts,
        begun=Conversation.objects.filter(opened_at__gte=start, opened_at__lt=end).count(),
        waiting=Conversation.objects.waiting().count(),
        oldest=oldest,
        first_answer=timedelta(seconds=median(waits)) if waits else None,
        answered=len(waits),
        agents=_agents(start, end),
    )


def _first_answers(start: datetime, end: datetime) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ANSWERS, [start, end])
        return [float(row[0]) for row in cursor.fetchall()]


def _agents(start: datetime, end: datetime) -> list[AgentDay]:
    rows = (
        Message.objects.in_thread()
        .filter(at__gte=start, at__lt=end, direction=Direction.OUTBOUND, author__isnull=False)
        .values("author__name")
        .annotate(messages=Count("id"), conversations=Count("conversation", distinct=True))
        .order_by("-messages")[:MOST_AGENTS]
    )
    return [AgentDay(row["author__name"], row["messages"], row["conversations"]) for row in rows]
