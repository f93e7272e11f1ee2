"""Connects a number of the platform to a client company."""

import os
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.management.refusals import AnsweringCommand
from conversations.models import Connecting
from conversations.services.connecting import progress, running, starting
from conversations.services.connecting.progress import StepView
from conversations.services.numbers import numbers
from tenants.context import inside
from tenants.models import ClientCompany, MetaApp

TOKEN_VARIABLE = "WHATSAPP_TOKEN"  # noqa: S105  the variable's name


class Command(AnsweringCommand):
    help = (
        "Connect a WhatsApp number to a client company; safe to run twice. The access token is read from "
        f"{TOKEN_VARIABLE} or from standard input, never from an argument."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("company", help="the company's subdomain")
        parser.add_argument("phone_number_id")
        parser.add_argument("waba_id")
        parser.add_argument("display_number", help="as people dial it, with + and country code")
        parser.add_argument("app", help="the Meta app's id")
        parser.add_argument("--offline", action="store_true", help="do not speak to the platform now")

    def answer(self, **options: Any) -> dict[str, Any]:
        company = ClientCompany.objects.filter(subdomain=options["company"]).first()
        if company is None:
            raise CommandError(f"There is no company {options['company']!r}. Open it first with create_company.")
        app = MetaApp.objects.filter(app_id=options["app"]).first()
        if app is None:
            raise CommandError(f"There is no Meta app {options['app']!r}.")
        number = numbers.connect_number(
            company,
            phone_number_id=_digits("phone_number_id", options["phone_number_id"]),
            waba_id=_digits("waba_id", options["waba_id"]),
            display_number=options["display_number"],
            app=app,
            token=_token(),
        )
        with inside(company.schema_name):
            connecting = starting.begin(
                Connecting.Method.BY_HAND,
                app=app,
                by=None,
                phone_number_id=number.phone_number_id,
                waba_id=number.waba_id,
                number=number,
            )
            if not options["offline"]:
                running.run(connecting.pk)
            number.refresh_from_db()
            connecting.refresh_from_db()
            steps = progress.progress_of(connecting).steps
        return {
            "number": str(number.pk),
            "phone_number_id": number.phone_number_id,
            "display_number": number.display_number,
            "state": number.state,
            "platform": _in_short(steps, offline=options["offline"]),
            "connecting": str(connecting.pk),
            "steps": [_told(step) for step in steps],
        }

    def in_words(self, answer: dict[str, Any]) -> str:
        steps = [
            f"  {step['state']:<8}{step['name']}" + (f": {step['cause']} {step['next']}" if step["problem"] else "")
            for step in answer.pop("steps")
        ]
        return "\n".join([super().in_words(answer), "steps:", *steps])


def _told(step: StepView) -> dict[str, str]:
    """A step for programs, with the words for people beside the stable code."""
    words = step.problem
    return {
        "name": step.step.name,
        "state": step.state,
        "problem": step.code,
        "cause": str(words.cause) if words else "",
        "who": str(words.who) if words else "",
        "next": str(words.next_step) if words else "",
    }


def _in_short(steps: list[StepView], *, offline: bool) -> str:
    """The one sentence: reached, not reached, or the first thing that somebody has to do."""
    if offline:
        return "not asked"
    blocking = next((step for step in steps if step.blocks), None)
    if blocking is None:
        return "reached: the account's events flow to the app"
    if blocking.code == running.UNREACHABLE:
        return "not reached; the worker asks again"
    return f"said no at {blocking.step.name} ({blocking.code})"


def _token() -> str:
    token = os.environ.get(TOKEN_VARIABLE) or sys.stdin.read()
    if not token.strip():
        raise CommandError(f"Give the access token in {TOKEN_VARIABLE} or on standard input.")
    return token.strip()


def _digits(name: str, value: str) -> str:
    if not (value.isascii() and value.isdecimal() and len(value) <= 40):
        raise CommandError(f"{name} has digits only, at most 40.")
    return value
