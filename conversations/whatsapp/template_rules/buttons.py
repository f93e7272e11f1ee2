"""The platform's rules for buttons: how many of a kind, in what order, and what each must carry."""

import re
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from conversations.whatsapp.template_rules import limits
from conversations.whatsapp.template_rules.problems import Problems
from conversations.whatsapp.template_rules.sketch import Button
from conversations.whatsapp.template_text.parts import VARIABLE

URL = re.compile(r"https?://[^\s/?#{}]+\.[^\s/?#{}]+[^\s{}]*(\{\{1\}\})?\Z", re.IGNORECASE)
PHONE = re.compile(r"\+[1-9][0-9 ]{6,18}\Z")
CHAT_LINK = re.compile(r"https?://(?:www\.)?(?:wa\.me|api\.whatsapp\.com)(?:/|\Z)", re.IGNORECASE)


def check_buttons(problems: Problems, buttons: Sequence[Button], *, prefix: str = "") -> None:
    """Each button on its own, and all of them together."""
    for index, button in enumerate(buttons):
        _check_one(problems, button, f"{prefix}button.{index}")
    _check_together(problems, buttons, f"{prefix}buttons")


def _check_together(problems: Problems, buttons: Sequence[Button], place: str) -> None:
    if len(buttons) > limits.MAX_BUTTONS:
        problems.add(place, _("At most ten buttons. Take some away."))
    counts = Counter(button.kind for button in buttons)
    for kind, most in limits.MAX_OF_A_KIND.items():
        if counts[kind] > most:
            problems.add(place, _too_many(kind, most))
    runs = [kind for at, kind in enumerate(_groups(buttons)) if at == 0 or kind != _groups(buttons)[at - 1]]
    if len(runs) > 2 or (len(runs) == 2 and len(set(runs)) == 1):
        problems.add(place, _("Keep quick replies together: all of them first, or all of them last."))
    labels = Counter(button.text.strip().casefold() for button in buttons if button.text.strip())
    if any(count > 1 for count in labels.values()):
        problems.add(place, _("Two buttons have the same words. Give each its own."))


def _groups(buttons: Sequence[Button]) -> list[bool]:
    return [button.kind == "QUICK_REPLY" for button in buttons]


def _too_many(kind: str, most: int) -> str:
    if kind == "URL":
        return _("At most two buttons can open a page.")
    if kind == "PHONE_NUMBER":
        return _("Only one button can call a number.")
    if kind == "COPY_CODE":
        return _("Only one button can copy a code.")
    if kind == "FLOW":
        return _("Only one button can open a form.")
    return _("Only one button can ask for the phone number.")


def _check_one(problems: Problems, button: Button, place: str) -> None:
    if button.kind not in ("COPY_CODE", "REQUEST_CONTACT_INFO"):
        _check_label(problems, button.text, f"{place}.text")
    if button.kind == "URL":
        _check_link(problems, button, place)
    elif button.kind == "PHONE_NUMBER" and not PHONE.match(button.phone.strip()):
        problems.add(f"{place}.phone", _("Write the number with + and country code, as in +31 20 123 4567."))
    elif button.kind == "COPY_CODE":
        _check_code(problems, button.sample, f"{place}.sample")
    elif button.kind == "FLOW" and not button.flow_id.strip().isdecimal():
        problems.add(f"{place}.flow_id", _("Give the id of the published form: WhatsApp Manager shows it."))


def _check_label(problems: Problems, label: str, place: str) -> None:
    if problems.missing(place, label) or problems.too_long(place, label.strip(), limits.MAX_LABEL_CHARS):
        return
    if "{{" in label or "\n" in label:
        problems.add(place, _("The words on a button are one line without variables."))


def _check_code(problems: Problems, code: str, place: str) -> None:
    if problems.missing(place, code) or problems.too_long(place, code.strip(), limits.MAX_CODE_CHARS):
        return
    if not code.strip().isascii() or not code.strip().isalnum():
        problems.add(place, _("A code has letters and digits only."))


def _check_link(problems: Problems, button: Button, place: str) -> None:
    url, spot = button.url.strip(), f"{place}.url"
    if problems.missing(spot, url) or problems.too_long(spot, url, limits.MAX_URL_CHARS):
        return
    if CHAT_LINK.match(url):
        problems.add(spot, _("WhatsApp refuses links to a chat. Use a quick reply instead."))
    elif VARIABLE.search(url) and not url.endswith("{{1}}"):
        problems.add(spot, _("A link can have one variable, {{1}}, as its very end."))
    elif not URL.match(url):
        problems.add(spot, _("Write the whole address, beginning with https://."))
    elif url.endswith("{{1}}"):
        start, sample = url.removesuffix("{{1}}"), button.sample.strip()
        if not sample.startswith(start) or len(sample) == len(start):
            words = _("Give a whole address as sample. It begins with %(start)s.")
            problems.add(f"{place}.sample", words % {"start": start}, empty=not sample)
