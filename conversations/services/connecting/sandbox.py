"""A sandbox number in one click: the simulator invents account and number; the path is the one of any other."""

from django.utils.translation import gettext_lazy as _

from conversations.models import Connecting
from conversations.services.connecting import running, starting
from conversations.whatsapp import sandbox
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from tenants.accounts.models import User
from tenants.errors import DomainError
from tenants.models import ClientCompany, MetaApp


class NoSandbox(DomainError):
    code = "no_sandbox"
    user_message = _("This service has no sandbox. Whoever runs it can start the simulator and add its app.")


class SandboxAway(DomainError):
    code = "sandbox_away"
    http_status = 503
    user_message = _("The simulator did not answer. Try again in a moment.")


def app_for(company: ClientCompany) -> MetaApp | None:
    """The sandbox app that the company may use: its agency's, else the operator's."""
    return next((app for app in starting.apps_of(company) if app.sandbox), None)


def open_number(company: ClientCompany, *, by: User | None) -> Connecting:
    """Invent a number on the simulator and connect it, live at once. Outside any transaction: it waits for answers.

    Raises  NoSandbox, SandboxAway
    """
    app = app_for(company)
    if app is None:
        raise NoSandbox
    try:
        opened = sandbox.open_account(app.graph_url, app_id=app.app_id, name=company.name)
    except (GraphRefused, GraphUnreachable) as error:
        raise SandboxAway from error
    connecting = starting.begin(Connecting.Method.SANDBOX, app=app, by=by)
    hints = {"waba_id": opened.waba_id, "phone_number_id": opened.phone_number_id}
    starting.note_session(connecting, event=opened.event, data=hints)
    connecting = starting.take_code(connecting, code=opened.code)
    running.run(connecting.pk)
    connecting.refresh_from_db()
    return connecting
