"""How commands say no: the sentence people see, and a code for programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.errors import DomainError


class AnsweringCommand(BaseCommand):
    """A command that answers in words, or in one JSON object with ``--json``; refusals end it with code 1 in both."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.answer(**options)
        except DomainError as refusal:
            self.refuse(refusal, as_json=options["json"])
        else:
            self.stdout.write(json.dumps(answer) if options["json"] else self.in_words(answer))

    def answer(self, **options: Any) -> dict[str, Any]:
        raise NotImplementedError

    def in_words(self, answer: dict[str, Any]) -> str:
        return "\n".join(f"{key.replace('_', ' ')}: {value}" for key, value in answer.items())

    def refuse(self, refusal: DomainError, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"code": refusal.code, "detail": str(refusal.user_message)}))
        raise CommandError(str(refusal.user_message))
