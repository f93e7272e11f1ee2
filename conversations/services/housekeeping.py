"""What has to be done without anybody asking: idle conversations close, templates and numbers are read again.

Who has something to do is found without looking into any company: the public summary row says how many conversations
are open, and each company with some has one mark that says when the first of them will be idle. A lost mark is
written again by ``plan``, which runs every quarter of an hour in one statement.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, Min, OuterRef
from django.utils import timezone

from conversations import hints
from conversations.integrations.services import events
from conversations.models import Conversation, ConversationEvent, InboxSettings, Note, PhoneNumber
from conversations.services import automation, connecting, message_templates, summary
from conversations.services.alarms import alarm_telling
from conversations.services.contacts import platform_erasure
from conversations.services.guard import danger_telling, guard_own, guard_purging
from conversations.services.handling import holds
from conversations.services.message_templates import template_samples
from conversations.services.numbers import number_probe, number_watch
from conversations.services.outbox import template_files
from conversations.services.people import assignment, duty, duty_marks
from conversations.services.promise import promise_marks, promise_records, promise_watch
from conversations.services.questions import question_ends, question_mail, questions
from tenants import wake, work
from tenants.context import current_schema

Status = Conversation.Status
BATCH = 200
LOOK_AGAIN = timedelta(hours=24)  # the company may have shortened its idle days meanwhile
AT_THE_EARLIEST = timedelta(minutes=15)
PLATFORM_WAIT = timedelta(minutes=15)

PLAN_CLOSING = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'housekeeping', '', now()
FROM public.desk_companysummary AS summary
JOIN public.tenants_clientcompany AS company ON company.id = summary.company_id
WHERE summary.open_conversations > 0 AND NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping' AND mark.key = ''
)
"""
PLAN_TEMPLATES = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'housekeeping', 'templates:' || route.waba_id,
       now() + interval '3 hours' + random() * interval '3 hours'
FROM public.tenants_accountroute AS route
JOIN public.tenants_clientcompany AS company ON company.id = route.company_id
WHERE NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping'
      AND mark.key = 'templates:' || route.waba_id
)
"""
PLAN_PROBES = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'housekeeping', 'number:' || route.phone_number_id,
       now() + interval '3 hours' + random() * interval '5 hours'
FROM public.tenants_numberroute AS route
JOIN public.tenants_clientcompany AS company ON company.id = route.company_id
WHERE NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping'
      AND mark.key = 'number:' || route.phone_number_id
)
"""
PLAN_WATCH = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'housekeeping', 'watch:' || route.phone_number_id,
       now() + interval '5 minutes' + random() * interval '10 minutes'
FROM public.tenants_numberroute AS route
JOIN public.tenants_clientcompany AS company ON company.id = route.company_id
JOIN public.desk_companysummary AS summary ON summary.company_id = company.id
WHERE (summary.changed_at > now() - interval '25 hours' OR summary.alarms > 0) AND NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping'
      AND mark.key = 'watch:' || route.phone_number_id
)
"""
PLAN_DUTY = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'housekeeping', 'duty', now() + random() * interval '5 minutes'
FROM public.desk_companysummary AS summary
JOIN public.tenants_clientcompany AS company ON company.id = summary.company_id
WHERE summary.open_conversations > 0 AND NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping' AND mark.key = 'duty'
)
"""


def plan() -> None:
    """Mark the companies that have something to do and no mark yet. On the agency's side."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN_CLOSING)
        cursor.execute(PLAN_TEMPLATES)
        cursor.execute(PLAN_PROBES)
        cursor.execute(PLAN_WATCH)
        cursor.execute(promise_watch.PLAN)
        cursor.execute(holds.PLAN)
        cursor.execute(PLAN_DUTY)


def keep(key: str = "") -> None:
    """Do one piece of housekeeping of the entered company; the key of its mark says which."""
    wake.started(current_schema(), work.Kind.HOUSEKEEPING, key)
    marks = work.take(work.Kind.HOUSEKEEPING, key=key)
    name, _colon, about = key.partition(":")
    with work.put_off_when_failing(marks):
        done = KEEPERS[name](about)
    with transaction.atomic():
        if not done:
            work.mark(work.Kind.HOUSEKEEPING, key=key, due_at=timezone.now() + PLATFORM_WAIT)
        work.done(marks)


def close_idle() -> int:
    """Close every conversation without a message for the company's idle days; tells how many."""
    closed = 0
    while count := _close_batch():
        closed += count
    return closed


def _close(_about: str) -> bool:
    close_idle()
    first = Conversation.objects.open().filter(danger_at=None).aggregate(at=Min("last_message_at"))["at"]
    if first is not None:
        now = timezone.now()
        idle_at = first + timedelta(days=InboxSettings.load().idle_close_days)
        due_at = max(min(idle_at, now + LOOK_AGAIN), now + AT_THE_EARLIEST)
        work.mark(work.Kind.HOUSEKEEPING, due_at=due_at)
    return True


def _sync(waba_id: str) -> bool:
    template_samples.tidy()
    try:
        message_templates.sync(waba_id)
    except message_templates.TemplatesUnavailable:
        return False
    return True


def _probe(phone_number_id: str) -> bool:
    """Ask how a number does; the first time also about the templates of its account."""
    new = PhoneNumber.objects.filter(phone_number_id=phone_number_id, probed_at=None).first()
    reached = number_probe.probe(phone_number_id)
    if reached and new is not None:
        work.mark(work.Kind.HOUSEKEEPING, key=f"templates:{new.waba_id}")
    return reached


def _watch(phone_number_id: str) -> bool:
    number_watch.measure(phone_number_id)
    return True


def _forget(_about: str) -> bool:
    return platform_erasure.carry_out()


def _connect(connecting_id: str) -> bool:
    return connecting.keep_running(UUID(connecting_id))


def _tell(_about: str) -> bool:
    return alarm_telling.tell()


def _assign(_about: str) -> bool:
    assignment.assign()
    return True


def _ask(_about: str) -> bool:
    sent = question_mail.send_due()
    question_ends.end_due()
    return sent


def _duty(_about: str) -> bool:
    duty.look()
    return True


@transaction.atomic
def _close_batch() -> int:
    """One batch; a conversation that somebody reopened, took or wrote a note in lately is not idle.

    Nor is one that waits for an answer of the client which may still come, nor one in danger: somebody has to say what
    was done.
    """
    now = timezone.now()
    since = now - timedelta(days=InboxSettings.load().idle_close_days)
    idle = Conversation.objects.open().filter(last_message_at__lt=since, danger_at=None).exclude(hold_until__gt=now)
    busy = ConversationEvent.objects.filter(at__gte=since), Note.objects.filter(at__gte=since), questions.open_ones()
    for signs in busy:
        idle = idle.exclude(Exists(signs.filter(conversation=OuterRef("pk"))))
    rows = list(idle.order_by("last_message_at").select_for_update(skip_locked=True, of=("self",))[:BATCH])
    ids = [row.pk for row in rows]
    promise_records.left(rows, at=now)
    Conversation.objects.filter(pk__in=ids).update(
        status=Status.CLOSED,
        closed_at=now,
        close_reason="idle",
        waiting_since=None,
        unread_count=0,
        version=F("version") + 1,
        **holds.NO_HOLD,
    )
    kind = ConversationEvent.Kind.CLOSED
    ConversationEvent.objects.bulk_create(
        ConversationEvent(channel_id=row.channel_id, conversation=row, kind=kind, at=now, data={"reason": "idle"})
        for row in rows
    )
    events.record(events.Fact(f"conversation.{kind}", pk, now, conversation_id=pk) for pk in ids)
    if ids:
        summary.refresh(ids)
        hints.conversations_changed(ids)
    return len(ids)


KEEPERS: dict[str, Callable[[str], bool]] = {
    "": _close,
    "templates": _sync,
    "template": message_templates.carry_out,
    template_files.CARDS: template_files.bring,
    "number": _probe,
    "watch": _watch,
    "alarms": _tell,
    platform_erasure.KEY: _forget,
    "connecting": _connect,
    guard_own.KEY: guard_own.reconcile,
    guard_purging.KEY: guard_purging.purge,
    danger_telling.KEY: danger_telling.tell,
    automation.KEY: automation.welcome,
    holds.KEY: holds.end_due,
    promise_marks.WATCH: promise_watch.watch,
    promise_marks.RECKON: promise_watch.reckon,
    duty_marks.ASSIGN: _assign,
    duty_marks.DUTY: _duty,
    questions.KEY: _ask,
}
