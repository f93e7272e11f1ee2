"""Intents: what people want. Each may promise an answer sooner or later than the company does."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Intent
from conversations.services.promise import promise_marks
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

MOST_INTENTS = 100
MAX_NAME_CHARS = 60
MAX_SKILL_CHARS = 40
MAX_MINUTES = 30 * 24 * 60


class IntentNameTaken(DomainError):
    code = "intent_name_taken"
    user_message = _("There is an intent of this name already.")


class TooManyIntents(DomainError):
    code = "too_many_intents"
    user_message = _("A company has 100 intents at most. Retire some that nobody uses.")


def offered() -> list[Intent]:
    """The intents that may be chosen, in their order."""
    return list(Intent.objects.filter(retired_at=None).order_by("position", "name")[:MOST_INTENTS])


def all_of_them() -> Sequence[Intent]:
    """Every intent with ``open_count`` of open conversations, those in use first."""
    rows = list(Intent.objects.order_by(F("retired_at").asc(nulls_first=True), "position", "name")[:MOST_INTENTS])
    counts = dict(
        Conversation.objects.open()
        .exclude(intent=None)
        .values_list("intent")
        .annotate(count=Count("pk"))
        .values_list("intent", "count")
    )
    for row in rows:
        row.open_count = counts.get(row.pk, 0)  # type: ignore[attr-defined]
    return rows


@transaction.atomic
def create(*, name: str, response_minutes: int | None, skill: str, by: User) -> Intent:
    """A new intent, last in the order. Raises IntentNameTaken, TooManyIntents."""
    if Intent.objects.count() >= MOST_INTENTS:
        raise TooManyIntents
    last = Intent.objects.aggregate(last=Max("position"))["last"] or 0
    row = Intent.objects.create(
        name=_free(name), response_minutes=response_minutes, skill=_plain(skill), position=last + 1
    )
    audit.record("intent.created", actor=by, subject=row, name=row.name)
    return row


@transaction.atomic
def change(intent: Intent, *, name: str, response_minutes: int | None, skill: str, by: User) -> None:
    """Another name, promise or skill. A changed promise counts for everybody who waits now. Raises IntentNameTaken."""
    row = Intent.objects.select_for_update().get(pk=intent.pk)
    before = {"name": row.name, "response_minutes": row.response_minutes, "skill": row.skill}
    after = {"name": _free(name, but=row), "response_minutes": response_minutes, "skill": _plain(skill)}
    changed = sorted(key for key in after if after[key] != before[key])
    if not changed:
        return
    Intent.objects.filter(pk=row.pk).update(**after)
    audit.record("intent.changed", actor=by, subject=row, name=after["name"], fields=changed)
    if "response_minutes" in changed:
        promise_marks.reckon_anew()


@transaction.atomic
def move(intent: Intent, *, by: int) -> None:
    """Up (negative) or down in the order in which intents are offered."""
    rows = list(Intent.objects.select_for_update().filter(retired_at=None).order_by("position", "name"))
    here = next((order for order, row in enumerate(rows) if row.pk == intent.pk), None)
    if here is None:
        return
    rows.insert(min(max(here + by, 0), len(rows) - 1), rows.pop(here))
    for position, row in enumerate(rows):
        row.position = position
    Intent.objects.bulk_update(rows, ["position"])


@transaction.atomic
def retire(intent: Intent, *, by: User) -> None:
    """No longer offered; conversations keep it, and its promise. Twice is once."""
    if Intent.objects.filter(pk=intent.pk, retired_at=None).update(retired_at=timezone.now()):
        audit.record("intent.retired", actor=by, subject=intent, name=intent.name)


@transaction.atomic
def restore(intent: Intent, *, by: User) -> None:
    """Offered again."""
    if Intent.objects.filter(pk=intent.pk).exclude(retired_at=None).update(retired_at=None):
        audit.record("intent.restored", actor=by, subject=intent, name=intent.name)


def _free(name: str, *, but: Intent | None = None) -> str:
    name = _plain(name)[:MAX_NAME_CHARS]
    others = Intent.objects.filter(name__iexact=name)
    if not name or (others.exclude(pk=but.pk) if but else others).exists():
        raise IntentNameTaken
    return name


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
