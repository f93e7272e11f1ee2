"""Alarms in words: what happened, what it means, and what to do with it. One table for pages, mails and the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations import way_in_words, wording
from conversations.models import Alarm

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """``title`` is what happened, ``means`` what follows from it, ``todo`` who has to do what."""

    title: Text
    means: Text
    todo: Text


APPEAL = _(
    "Whoever manages the business at Meta opens Business Support Home, reads the reason there and asks for a review. "
    "Meta answers within a day or two. Until then, call people back and tell everybody with a stop notice: the "
    "number's page has both."
)
ALARMS: dict[str, Words] = {
    "banned": Words(
        _("WhatsApp has banned this number."),
        _("Nothing leaves and nobody can reach you through it. What waits is kept."),
        APPEAL,
    ),
    "restricted": Words(
        _("WhatsApp restricts what this number may send."),
        _("Messages that it forbids are not sent. What waits is kept and leaves when the restriction ends."),
        _("Read the reason in Business Support Home at Meta; a review can be asked for there. Send no campaigns now."),
    ),
    "disconnected": Words(
        _("This number is no longer connected to WhatsApp's platform."),
        _("Nothing comes in and nothing leaves. What waits is kept."),
        _("An admin connects the number again. If it is also used in the phone app, open the app there first."),
    ),
    "app_uninstalled": Words(
        _("The WhatsApp account no longer lets us in."),
        _("Somebody removed the app at Meta, so the access ended. Nothing comes in and nothing leaves."),
        _("An admin connects the number again. What waits leaves then."),
    ),
    "deleted": Words(
        _("WhatsApp no longer knows this number here."),
        _("It was deleted or moved to another account. Nothing comes in and nothing leaves."),
        _("If that was not meant, whoever manages the business at Meta looks where it went. Then connect it anew."),
    ),
    "token_dead": Words(
        _("WhatsApp no longer accepts the access token of this number."),
        _("Nothing leaves, and files do not arrive. What waits is kept and leaves in order afterwards."),
        _("An admin connects the number again, which takes a minute."),
    ),
    "no_funding": Words(
        _("WhatsApp has no payment method for this number's account."),
        _("Messages that cost money are not sent. What waits is kept."),
        _("Whoever pays Meta adds a payment method in the WhatsApp account's billing settings at Meta."),
    ),
    "number_stopped": Words(
        _("This number has stopped sending."),
        _("WhatsApp refused it: %(reason)s What waits is kept."),
        _("An admin opens the number's page and follows what stands there."),
    ),
    "sending_blocked": Words(
        _("WhatsApp says that this number may not send."),
        _("What it says: %(details)s"),
        _("An admin puts right what WhatsApp names, at Meta. The number is asked again every half hour."),
    ),
    "quality_red": Words(
        _("People complain about this number: its quality is low."),
        _("The limit no longer grows, and templates may be paused. If it goes on, WhatsApp restricts the number."),
        _("Send only what people asked for. Stop campaigns, and look at the templates with low quality."),
    ),
    "quality_yellow": Words(
        _("The quality of this number has fallen to medium."),
        _("Some people blocked or reported it. Low quality leads to restrictions."),
        _("Send less that nobody asked for, and make leaving easy."),
    ),
    "limit_lowered": Words(
        _("WhatsApp lets this number write to fewer people."),
        _("The limit went from %(before)s to %(after)s people a day who did not write first. Answers are not limited."),
        _("Spread what has to be sent over more days. The limit grows again with good quality."),
    ),
    "name_rejected": Words(
        _("WhatsApp refused the display name."),
        _("People see the number instead of the name, or the earlier name."),
        _("An admin asks for another name on the number's page: the company's own name, as its website shows it."),
    ),
    "token_expires_soon": Words(
        _("The access token of this number ends soon."),
        _("On %(until)s sending stops unless it is renewed."),
        _("An admin connects the number again before that day."),
    ),
    "permission_missing": Words(
        _("The access token lacks a permission."),
        _("Missing: %(scopes)s. Parts of the number cannot be read or changed."),
        _("An admin connects the number again and leaves every box ticked."),
    ),
    "subscription_missing": Words(
        _("WhatsApp had stopped telling us about this account."),
        _("What people wrote meanwhile may not have arrived."),
        _("We have asked WhatsApp to tell us again and look whether it does. Look in on people who may have written."),
    ),
    "webhooks_silent": Words(
        _("WhatsApp accepts messages but tells nothing about them."),
        _("%(count)s messages have had no news for ten minutes, so incoming messages may be missing too."),
        _("The agency looks whether our address can be reached and whether the app at Meta still calls it."),
    ),
    "webhooks_unreachable": Words(
        _("WhatsApp cannot reach us."),
        _("%(problem)s What people write does not arrive. WhatsApp keeps it for seven days and brings it then."),
        _("Whoever runs this service looks at the address that our app at Meta has on record."),
    ),
    "display_delay": Words(
        _("Messages reach the screen late."),
        _("One in twenty took longer than %(seconds)s seconds from WhatsApp to here within the last hour."),
        _("The agency looks at the workers and at the connection; nothing is lost."),
    ),
    "ramp_up": Words(
        _("This number is close to its limit of people."),
        _("%(reached)s of %(limit)s people a day who did not write first, at all numbers of the business together."),
        _("Above the limit WhatsApp refuses: spread the rest over the coming days. Answers are not counted."),
    ),
    "ratio": Words(
        _("This number sends much more than it receives."),
        _("%(out)s out, %(in)s in within a day. WhatsApp takes that for a sign of unwanted messages."),
        _("Write to people who answer, and ask in each message for something they can reply to."),
    ),
    "pin_changed": Words(
        _("Somebody changed the two-step PIN of this number at WhatsApp."),
        _("Without the PIN the number cannot be registered again."),
        _("If you know who it was, type the new PIN on the number's page. If not, change it there now."),
    ),
    "pin_reset": Words(
        _("Somebody asked WhatsApp to reset the two-step PIN of this number."),
        _("Whoever does that can take the number over after some days."),
        _("If it was nobody of yours, sign in at Meta, look who has access to the business, and change the PIN."),
    ),
    "account_warning": Words(
        _("WhatsApp warns about the account."),
        _("What it says: %(type)s %(details)s"),
        _("Whoever manages the business at Meta opens Business Support Home and follows what stands there."),
    ),
    "template_paused": Words(
        _("WhatsApp has paused a message template."),
        _("%(name)s cannot be sent for now: people did not want it."),
        _("Look at its text and at whom it went to before it is used again."),
    ),
    "marketing_slowed": Words(
        _("WhatsApp lets this number send no marketing for a while."),
        _("Too many people complained. Answers and notices go on; marketing waits until %(until)s."),
        _("Send marketing only to people who asked for it."),
    ),
}
ALARMS |= {
    "no_cover": Words(
        _("The hours are open and nobody is available."),
        _("%(waiting)s people wait for an answer. Everybody is paused or away."),
        _("Somebody becomes available, or a supervisor calls in a colleague. It ends by itself."),
    ),
    "no_cleared_cover": Words(
        _("Sensitive conversations wait and nobody cleared is available."),
        _("%(waiting)s people wait. Only somebody whose clearance is noted may see what they wrote."),
        _("Somebody cleared becomes available, or an admin notes a clearance that was shown. It ends by itself."),
    ),
}
OTHER = Words(
    _("Something about this number needs a look."),
    "",
    _("An admin opens the number's page and reads what stands there."),
)
BLANK = "–"


def words_of(kind: str) -> Words:
    """The words for a kind of alarm, blanks unfilled; general ones for a kind that has none."""
    return ALARMS.get(kind, OTHER)


def title(alarm: Alarm) -> str:
    """What happened."""
    return str(words_of(alarm.kind).title)


def means(alarm: Alarm) -> str:
    """What follows from it, with its figures."""
    return (str(words_of(alarm.kind).means) % _Facts(alarm.data)).strip()


def todo(alarm: Alarm) -> str:
    """Who has to do what."""
    problem = alarm.data.get("problem") if isinstance(alarm.data, dict) else None
    if alarm.kind == "webhooks_unreachable" and problem:
        return str(way_in_words.of(str(problem)).remedy)
    return str(words_of(alarm.kind).todo)


class _Facts(dict[str, Any]):
    """The small facts of an alarm as people read them; a missing one is a dash."""

    def __init__(self, data: Any) -> None:
        super().__init__(data if isinstance(data, dict) else {})

    def __getitem__(self, name: str) -> str:
        return _fact(name, self.get(name))

    def __missing__(self, name: str) -> str:
        return BLANK


def _fact(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "" if name == "details" else BLANK
    if name == "reason":
        return str(wording.number_reason(str(value)))
    if name == "problem":
        return str(way_in_words.of(str(value)).cause)
    if name == "until":
        return day_of(str(value))
    if name in ("before", "after"):
        return wording.limit_name(str(value))
    if name == "type":
        return str(value).replace("_", " ").lower()
    if name == "seconds":
        return str(int(float(value)))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def day_of(told: str) -> str:
    """A moment of an alarm's facts, as date and time in the reader's zone."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return told
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
