"""A supervisor who writes templates, and the account at the simulator that takes them in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from conversations.models import MessageTemplate, PhoneNumber
from conversations.services.message_templates import drafts
from conversations.whatsapp.template_rules import Sketch
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter

BODY = "Hoi {{1}}, je bestelling {{2}} is klaar. Tot ziens bij ons!"
TYPED = {
    "name": "order_ready",
    "language": "nl",
    "category": "UTILITY",
    "header": "none",
    "body": BODY,
    "sample.1": "Ana",
    "sample.2": "A-12",
    "footer": "Fietsland",
    "buttons": "0",
}
HX = {"HX-Request": "true"}


class Desk:
    """What a supervisor does with templates, through the pages."""

    def __init__(self, company: ClientCompany, enter: Enter, browser: Client, person: User) -> None:
        self.company, self._enter, self.browser, self.person = company, enter, browser, person

    def inside(self) -> Any:
        return self._enter(self.company)

    @property
    def account(self) -> str:
        with self.inside():
            waba_id: str = PhoneNumber.objects.get().waba_id
            return waba_id

    def begin(self, name: str = "order_ready", *, kind: str = "standard", **more: Any) -> MessageTemplate:
        with self.inside():
            sketch = Sketch(kind=kind, name=name, category=more.pop("category", "UTILITY"))
            languages = more.pop("languages", ["nl"])
            return drafts.start(self.account, languages=languages, sketch=sketch, author=self.person)[0]

    def known(self, name: str = "order_ready", *, status: str = "APPROVED", **fields: Any) -> MessageTemplate:
        """A template that the platform has."""
        given = {
            "language": "nl",
            "category": "UTILITY",
            "template_id": "990001",
            "components": [{"type": "BODY", "text": BODY, "example": {"body_text": [["Ana", "A-12"]]}}],
        }
        with self.inside():
            waba_id = PhoneNumber.objects.get().waba_id
            return MessageTemplate.objects.create(waba_id=waba_id, name=name, status=status, **given | fields)

    def type(self, template: MessageTemplate, act: str = "", **fields: Any) -> HttpResponse:
        """Type into the form; ``act`` presses one of its buttons."""
        data = TYPED | {"name": template.name} | fields | ({"act": act} if act else {})
        return self.browser.post(f"/templates/{template.pk}/edit/", data, headers=HX)  # type: ignore[return-value]

    def press(self, template: MessageTemplate, what: str, **fields: Any) -> HttpResponse:
        return self.browser.post(f"/templates/{template.pk}/{what}/", fields)  # type: ignore[return-value]

    def fresh(self, template: MessageTemplate) -> MessageTemplate:
        with self.inside():
            return MessageTemplate.objects.get(pk=template.pk)


MakeDesk = Callable[[], Desk]


@pytest.fixture
def desk(company: ClientCompany, enter: Enter, as_supervisor: Client, supervisor: User) -> Desk:
    return Desk(company, enter, as_supervisor, supervisor)
