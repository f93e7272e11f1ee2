"""Lists the Meta apps and sets what an app's sign-up window opens with."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.management.refusals import AnsweringCommand
from tenants.models import MetaApp

FIELDS = ("signup_config_id", "coexistence_config_id", "sdk_url", "name", "graph_version")


class Command(AnsweringCommand):
    help = (
        "Show a Meta app, and change its sign-up configurations (made at Meta under Facebook Login for Business). "
        "Without an app id: list all. Secrets are neither shown nor set here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("app", nargs="?", help="the Meta app's id")
        for name in FIELDS:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name)

    def answer(self, **options: Any) -> dict[str, Any]:
        if not options["app"]:
            return {app.app_id: app.name or "-" for app in MetaApp.objects.order_by("app_id")}
        app = MetaApp.objects.filter(app_id=options["app"]).first()
        if app is None:
            raise CommandError(f"There is no Meta app {options['app']!r}.")
        changed = {name: options[name].strip() for name in FIELDS if options[name] is not None}
        for name, value in changed.items():
            limit = getattr(MetaApp._meta.get_field(name), "max_length", None) or 200
            if len(value) > limit:
                raise CommandError(f"--{name.replace('_', '-')}: at most {limit} characters.")
            setattr(app, name, value)
        if changed:
            app.save(update_fields=list(changed))
        shown = {"app": app.app_id, "agency": app.agency.slug if app.agency else "shared", "sandbox": app.sandbox}
        return shown | {name: getattr(app, name) for name in FIELDS} | {"sdk": app.sdk}
