"""Verified changes for numbers nobody has yet: encrypted, shown to nobody, driven again when the number is known."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from tenants import wake, work
from tenants.context import company_id_of, in_public, schema_of
from tenants.models import AccountRoute, NumberRoute, QuarantinedCall, WorkMark

KEPT = timedelta(days=14)
BATCH = 200
MAX_BATCHES = 1000


def release_number(phone_number_id: str) -> int:
    """Move what waits for a number to its company's journal; tells how many changes."""
    with in_public():
        route = NumberRoute.objects.filter(pk=phone_number_id).first()
        if route is None:
            return 0
        return _release({"phone_number_id": phone_number_id, "app_id": route.app_id}, [route.company_id])


def release_account(waba_id: str) -> int:
    """Move what waits for an account to the journals of its companies; tells how many changes."""
    with in_public():
        routes = list(AccountRoute.objects.filter(waba_id=waba_id))
        apps = {route.app_id for route in routes}
        return sum(
            _release(
                {"phone_number_id": "", "waba_id": waba_id, "app_id": app_id},
                [route.company_id for route in routes if route.app_id == app_id],
            )
            for app_id in apps
        )


def empty() -> int:
    """Delete what nobody claimed within its time; tells how many changes."""
    with in_public():
        deleted = 0
        for _ in range(MAX_BATCHES):
            old = QuarantinedCall.objects.filter(received_at__lt=timezone.now() - KEPT).order_by("received_at")
            ids = list(old.values_list("id", flat=True)[:BATCH])
            if not ids:
                break
            deleted += QuarantinedCall.objects.filter(id__in=ids).delete()[0]
    return deleted


def _release(chosen: dict[str, object], companies: list[UUID]) -> int:
    moved = 0
    for _ in range(MAX_BATCHES):
        with transaction.atomic():
            waiting = QuarantinedCall.objects.filter(**chosen).order_by("id")
            calls = list(waiting.select_for_update(skip_locked=True)[:BATCH])
            if not calls:
                break
            for company_id in companies:
                _journal(calls, schema_of(company_id))
            QuarantinedCall.objects.filter(id__in=[call.pk for call in calls]).delete()
        moved += len(calls)
    return moved


def _journal(calls: list[QuarantinedCall], schema_name: str) -> None:
    company_id_of(schema_name)  # refuses whatever is no company's schema, since a name cannot be a parameter
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {schema_name}.conversations_webhookcall"  # noqa: S608  checked above
            " (phone_number_id, waba_id, field, entry_id, entry_time, body, received_at, error)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, '')",
            [(c.phone_number_id, c.waba_id, c.field, c.entry_id, c.entry_time, c.body, c.received_at) for c in calls],
        )
    WorkMark.objects.create(schema_name=schema_name, kind=work.Kind.INBOUND, due_at=timezone.now())
    transaction.on_commit(lambda: wake.worker(schema_name, work.Kind.INBOUND))
