"""Keeps what the platform says of a number, word for word, with the history of what it said before."""

from datetime import datetime
from typing import Any

from django.db import transaction

from conversations import hints, number_rules
from conversations.models import Alarm, NumberNews, PhoneNumber
from conversations.services import summary
from conversations.services.alarms import alarms
from conversations.services.numbers import number_news, number_states

Kind = NumberNews.Kind
TRACKED: dict[str, Kind] = {
    "quality": Kind.QUALITY,
    "messaging_limit": Kind.LIMIT,
    "messages_per_second": Kind.THROUGHPUT,
    "verified_name": Kind.NAME,
    "name_status": Kind.NAME,
    "platform_status": Kind.STATUS,
    "can_send": Kind.HEALTH,
    "funded": Kind.FUNDING,
    "token_expires_at": Kind.TOKEN,
    "username": Kind.USERNAME,
    "username_status": Kind.USERNAME,
}


@transaction.atomic
def keep(
    number: PhoneNumber, facts: dict[str, Any], *, at: datetime, source: str, told: dict[str, Any] | None = None
) -> set[str]:
    """Keep these fields of the number; what changed becomes its history, and alarms follow. Tells which changed.

    told  small facts of an announcement that explain the changes

    What a probe hears of for the first time is no change: a history begins with what the number was found to be.
    """
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    changed = {name for name, value in facts.items() if getattr(number, name) != value}
    for name in sorted(changed & TRACKED.keys()):
        before, after = getattr(number, name), facts[name]
        if before not in ("", None) or source != "probe":
            data = {"of": name} | (told or {})
            number_news.note(
                number, TRACKED[name], before=_word(before), after=_word(after), at=at, source=source, data=data
            )
    if "messaging_limit" in changed:
        _compare_limits(number, facts["messaging_limit"])
    PhoneNumber.objects.filter(pk=number.pk).update(**{name: facts[name] for name in changed})
    number_states.settle(number, at=at)
    if changed:
        summary.refresh()
        hints.number_changed(number.pk)
    return changed


def _compare_limits(number: PhoneNumber, now: str) -> None:
    before, after = number_rules.limit_rank(number.messaging_limit), number_rules.limit_rank(now)
    if number.messaging_limit and after < before:
        data = {"before": number.messaging_limit, "after": now}
        alarms.raise_alarm("limit_lowered", number=number, severity=Alarm.Severity.WARNING, data=data)
    elif after > before:
        alarms.end_alarm("limit_lowered", number=number)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "" if value is None else str(value)
