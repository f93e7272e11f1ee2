"""One run over a connecting: what it knows, whom it asks, and where it writes down what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.models import Connecting, PhoneNumber
from conversations.services.connecting import problems
from conversations.whatsapp.credentials import Access
from conversations.whatsapp.management import GraphManagement
from conversations.whatsapp.management_signup import app_access
from tenants.context import in_public
from tenants.models import ClientCompany, MetaApp
from tenants.services import companies

DONE, FAILED, WAITING = "done", "failed", "waiting"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a step; ``problem`` is a stable code, ``details`` are small facts without secrets."""

    state: str
    problem: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def done(**details: Any) -> Result:
    return Result(DONE, "", details)


def stuck(problem: str, **details: Any) -> Result:
    """Not done: waiting where it is merely somebody's turn, else failed."""
    words = problems.of(problem)
    return Result(WAITING if words and words.waits else FAILED, problem, details)


class Attempt:
    """Use as ``with Attempt(connecting_id) as attempt``: steps ask through it, and it asks each thing once."""

    def __init__(self, connecting_id: UUID) -> None:
        self.connecting = Connecting.objects.select_related("number").get(pk=connecting_id)
        self._graphs: list[GraphManagement] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for graph in self._graphs:
            graph.__exit__(None, None, None)

    @cached_property
    def app(self) -> MetaApp:
        with in_public():
            return MetaApp.objects.get(pk=str(self.connecting.meta_app_id))

    @cached_property
    def company(self) -> ClientCompany:
        return companies.entered()

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.connecting.data)

    @cached_property
    def graph(self) -> GraphManagement:
        """Calls with the token that was given."""
        app = self.app
        return self._open(
            Access(graph_url=app.graph_url, version=app.graph_version, token=self.token, app_secret=app.secret)
        )

    @cached_property
    def app_graph(self) -> GraphManagement:
        """Calls as the app itself."""
        return self._open(self.app_access)

    @property
    def app_access(self) -> Access:
        app = self.app
        return app_access(graph_url=app.graph_url, version=app.graph_version, app_id=app.app_id, secret=app.secret)

    @property
    def token(self) -> str:
        """The token of this connecting, else the number's own."""
        number = self.connecting.number
        return self.connecting.token or (number.token if number else "")

    @cached_property
    def granted(self) -> dict[str, Any]:
        """What the platform says of the token."""
        return self.app_graph.debug_token(self.token)

    @cached_property
    def account(self) -> dict[str, Any]:
        return self.graph.waba(self.connecting.waba_id)

    @cached_property
    def phone(self) -> dict[str, Any]:
        return self.graph.phone_number(self.connecting.phone_number_id)

    def ask_phone_again(self) -> dict[str, Any]:
        """After something about the number was changed."""
        self.__dict__.pop("phone", None)
        return self.phone

    @property
    def number(self) -> PhoneNumber | None:
        """The number's row as it is now, once the number step has made it."""
        if self.connecting.number_id is None:
            return None
        return PhoneNumber.objects.filter(pk=self.connecting.number_id).first()

    @transaction.atomic
    def keep(self, *, step: str = "", result: Result | None = None, data: Any = None, **fields: Any) -> None:
        """Write down what came of a step, what later ones need, and fields of the row; others may write beside."""
        row = Connecting.objects.select_for_update(of=("self",)).get(pk=self.connecting.pk)
        if result is not None:
            row.steps = {**row.steps, step: _written(result, at=timezone.now())}
        if data:
            row.data = {**row.data, **data}
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=["steps", "data", "changed_at", *fields])
        self.connecting = row

    def _open(self, access: Access) -> GraphManagement:
        graph = GraphManagement(access)
        self._graphs.append(graph)
        return graph


def _written(result: Result, *, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"state": result.state, "at": at.isoformat()}
    if result.problem:
        row["problem"] = result.problem
    if result.details:
        row["details"] = result.details
    return row
