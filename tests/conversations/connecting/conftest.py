"""A business at the platform that nobody has connected yet, and a hand on the pages of connecting."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.models import Connecting, PhoneNumber
from conversations.services import connecting as service
from tenants.context import inside
from tenants.models import ClientCompany, MetaApp
from tests.fixtures.simulator import Simulator

WABA, NUMBER, TOKEN, DISPLAY = "300000000000001", "400000000000001", "EAAnewbusiness", "+31 20 555 0101"


@pytest.fixture
def business(simulator: Simulator, meta_app: MetaApp) -> Simulator:
    """An account with one verified number that is not registered, under our app."""
    add_account(simulator, meta_app)
    add_number(simulator)
    return simulator


def add_account(simulator: Simulator, app: MetaApp, *, waba: str = WABA, token: str = TOKEN, **more: Any) -> None:
    account = {"id": waba, "name": "Bakkerij Smit", "app_id": app.app_id, "token": token, "subscribed": False, **more}
    simulator.post("world", wabas=[account])


def add_number(simulator: Simulator, number: str = NUMBER, *, waba: str = WABA, **more: Any) -> None:
    fields = {"display_phone_number": DISPLAY, "verified_name": "Bakkerij Smit", "status": "PENDING", **more}
    simulator.post("world", numbers=[{"id": number, "waba_id": waba, **fields}])


@pytest.fixture
def real(meta_app: MetaApp) -> MetaApp:
    """The company's app as one that is no sandbox, at the same address."""
    MetaApp.objects.filter(pk=meta_app.pk).update(sandbox=False)
    meta_app.refresh_from_db()
    return meta_app


class Hand:
    """What an admin does on the pages of connecting, and the worker behind them."""

    def __init__(self, browser: Client, company: ClientCompany, app: MetaApp) -> None:
        self.browser, self.company, self.app = browser, company, app

    def by_hand(self, **given: str) -> Connecting:
        fields = {"phone_number_id": NUMBER, "waba_id": WABA, "app": str(self.app.pk), "token": TOKEN, "region": "DE"}
        answer = self.browser.post("/connecting/by-hand/", {**fields, **given})
        assert answer.status_code == 302, answer.content.decode()
        return self.worked()

    def begin(self, method: str = "signup") -> Connecting:
        answer = self.browser.post(f"/connecting/start/{method}/")
        assert answer.status_code == 302, answer.content.decode()
        return self.last()

    def worked(self) -> Connecting:
        """After the worker went along the path of the last attempt."""
        with inside(self.company.schema_name):
            service.run(self.last().pk)
        return self.last()

    def last(self) -> Connecting:
        with inside(self.company.schema_name):
            return Connecting.objects.select_related("number").order_by("-started_at", "-id")[0]

    def tell(self, event: str, **data: Any) -> int:
        told = {"event": event, "version": 4, "data": data}
        url = f"/connecting/{self.last().pk}/session/"
        return self.browser.post(url, told, content_type="application/json").status_code

    def code(self, code: str) -> Any:
        url = f"/connecting/{self.last().pk}/code/"
        return self.browser.post(url, {"code": code}, content_type="application/json").json()

    def answer(self, kind: str, **given: Any) -> Any:
        return self.browser.post(f"/connecting/{self.last().pk}/answer/{kind}/", given)

    def page(self, step: str = "") -> str:
        answer = self.browser.get(f"/connecting/{self.last().pk}/", {"step": step} if step else {})
        assert answer.status_code == 200
        return str(answer.content.decode())

    def steps(self) -> dict[str, str]:
        """Every step with its problem, or its state where it has none."""
        with inside(self.company.schema_name):
            progress = service.progress_of(self.last())
        return {one.step.name: one.code or one.state for one in progress.steps}

    def number(self) -> PhoneNumber:
        with inside(self.company.schema_name):
            return PhoneNumber.objects.get(phone_number_id=self.last().phone_number_id)


@pytest.fixture
def hand(as_admin: Client, company: ClientCompany, meta_app: MetaApp) -> Hand:
    return Hand(as_admin, company, meta_app)


Finish = Callable[..., dict[str, Any]]


@pytest.fixture
def finish(business: Simulator, meta_app: MetaApp) -> Finish:
    """``finish("FINISH", …)`` ends the platform's window; gives what it tells the page."""

    def ended(event: str = "FINISH", **given: Any) -> dict[str, Any]:
        wish = {"app_id": meta_app.app_id, "event": event, "name": "Bakkerij Smit", **given}
        told: dict[str, Any] = business.post("signup", **wish)
        return told

    return ended
