"""The base of every task: a task of a company takes its schema's name first and refuses to run without it."""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task
from django.db import connection

from tenants import wake, work
from tenants.context import in_public, inside, schema_exists
from tenants.errors import WrongSchema

_queues: dict[str, str] = {}


def _renew_connection() -> None:
    """Drop a connection that broke or lived long enough; inside somebody's transaction it is theirs."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


class CompanyTask(Task[..., Any]):
    """Enters the schema named by the first argument; there is no falling back to public."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not args:
            raise TypeError(f"{self.name}: the first argument is the schema's name")
        schema_name = str(args[0])
        _renew_connection()
        with inside(schema_name):
            if not schema_exists(schema_name):  # its accounts would be looked for on the agency's side
                raise WrongSchema(f"{self.name}: there is no schema {schema_name}")
            return self.run(*args, **kwargs)


class PublicTask(Task[..., Any]):
    """Runs on the agency's side."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        _renew_connection()
        with in_public():
            return self.run(*args, **kwargs)


def company_task(*, name: str, queue: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    _queues[name] = queue
    return shared_task(name=name, base=CompanyTask, ignore_result=True, **options)


def public_task(*, name: str, queue: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    _queues[name] = queue
    return shared_task(name=name, base=PublicTask, ignore_result=True, **options)


def route(name: str, *_args: Any, **_options: Any) -> dict[str, str] | None:
    """The queue that a task of ours belongs to, for senders that name none (Celery's ``task_routes``)."""
    return {"queue": _queues[name]} if name in _queues else None


@public_task(name="tenants.sweep", queue="inbound")
def sweep() -> None:
    """Wake a drain for everything that is due: what a lost hint or a dead worker left behind."""
    for due in work.due():
        wake.worker(due.schema_name, due.kind, due.key)
