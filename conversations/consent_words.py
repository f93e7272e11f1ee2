"""Where a consent or its withdrawal came from, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SOURCES: dict[str, Promise] = {
    "inbound_message": gettext_lazy("said in a message"),
    "stop_message": gettext_lazy("a message that says stop"),
    "user_preferences": gettext_lazy("chosen at WhatsApp"),
    "button": gettext_lazy("a button in the chat"),
    "web_form": gettext_lazy("a form on a website"),
    "form": gettext_lazy("a form"),
    "import": gettext_lazy("taken over from elsewhere"),
    "agent": gettext_lazy("noted by a colleague"),
}
BY_THE_PLATFORM = "platform_"


def source_name(code: str) -> str:
    """A code that is not known is shown as it was given."""
    if code.startswith(BY_THE_PLATFORM):
        return _("WhatsApp refused a message for it")
    return str(SOURCES.get(code, code))
