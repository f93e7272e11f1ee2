"""What a company decides about its inbox: read once a request, changed by name with a line in the trail."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from conversations.models import InboxSettings
from conversations.services import summary
from conversations.services.promise import promise_marks
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.context import current_schema

TOLD_BY = {"other_form_url", "other_phone", "other_mail"}
PROMISED = {"response_minutes", "hours", "special_days", "closed_on_holidays", "holiday_region", "warn_percent"}


def of_request(request: HttpRequest) -> InboxSettings:
    """The entered company's settings, read once in a request however many parts of a page ask for them."""
    schema_name = current_schema()
    kept: tuple[str, InboxSettings] | None = getattr(request, "_inbox_settings", None)
    if kept is None or kept[0] != schema_name:  # the desk enters several companies in one request
        kept = schema_name, InboxSettings.load()
        request._inbox_settings = kept  # type: ignore[attr-defined]
    return kept[1]


@transaction.atomic
def change(*, by: User, request: HttpRequest | None = None, **fields: Any) -> list[str]:
    """Write these settings; tells which of them are different now. What is promised is reckoned anew."""
    row, _made = InboxSettings.objects.select_for_update().get_or_create(pk=1)
    changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, fields[name])
    row.save(update_fields=[*changed, "changed_at"])
    if changed:
        audit.record("settings.changed", actor=by, request=request, fields=changed)
    if TOLD_BY & set(changed):
        summary.refresh()
    if PROMISED & set(changed):
        promise_marks.reckon_anew()
    return changed
