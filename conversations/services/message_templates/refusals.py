"""Why something cannot be done with a message template."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.template_rules import Problem
from tenants.errors import DomainError


class TemplateIncomplete(DomainError):
    """``problems`` say what has to be put right first."""

    code = "template_incomplete"
    http_status = 422
    user_message = _("Some parts of the template do not fit yet. They are marked.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = list(problems)


class TemplateExists(DomainError):
    code = "template_exists"
    user_message = _("There is a template with this name in this language already. Choose another name.")


class TemplateNameBlocked(DomainError):
    """``until`` is when the name is free again."""

    code = "template_name_blocked"
    user_message = _("This name was deleted less than 30 days ago. WhatsApp keeps it blocked; choose another name.")

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class TemplateUnchangeable(DomainError):
    """``again_at`` says when it becomes possible, if that is known."""

    code = "template_unchangeable"
    user_message: str | Promise = _("A template in this state cannot be changed.")

    def __init__(self, reason: str | Promise = "", *, again_at: datetime | None = None) -> None:
        super().__init__()
        self.again_at = again_at
        if reason:
            self.user_message = reason


class TemplateBusy(DomainError):
    code = "template_busy"
    user_message = _("This template is on its way to WhatsApp. Wait for the answer.")


class NoAccount(DomainError):
    code = "no_account"
    user_message = _("No connected number speaks for this WhatsApp account. Connect one first.")
