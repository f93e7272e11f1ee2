"""The path of a connecting: its steps in order, in words, each with the function that looks whether it is done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Connecting
from conversations.services.connecting import checks_access, checks_going, checks_number
from conversations.services.connecting.attempt import Attempt, Result

Check = Callable[[Attempt], Result]
Method = Connecting.Method


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``needed``: those after it wait for it, and the number is not connected without it."""

    name: str
    title: str | Promise
    why: str | Promise
    check: Check
    needed: bool = True


SIGNUP = [
    Step(
        "signup",
        _("Sign up at Meta"),
        _(
            "In a window of Meta's the business chooses or makes its WhatsApp account and lets this service work with "
            "it. The account stays the business's own."
        ),
        checks_access.signup,
    ),
    Step(
        "exchange_code",
        _("Access"),
        _("The window gives a code, which becomes the access token. It is kept encrypted and never shown."),
        checks_access.exchange_code,
    ),
]
ACCESS = [
    Step(
        "token",
        _("Access token"),
        _("With the token this service may speak for the number. It has to be alive and made for our app."),
        checks_access.token,
    ),
    Step(
        "permissions",
        _("Permissions"),
        _("One permission lets messages in and out, the other lets templates and settings be managed."),
        checks_access.permissions,
    ),
    Step(
        "account",
        _("WhatsApp account"),
        _("Templates, payment and events belong to the account that the number is in."),
        checks_access.account,
    ),
    Step(
        "number",
        _("Number"),
        _("One number of the account is connected here. It can be connected in one place only."),
        checks_access.number,
    ),
    Step(
        "subscription",
        _("Events"),
        _("Only when the account's events flow to our app does anything that people write come in."),
        checks_number.subscription,
    ),
]
REGISTERING = [
    Step(
        "verification",
        _("Proof of the number"),
        _("WhatsApp wants to see once that the number is the business's, by a code that is sent to it."),
        checks_number.verification,
    ),
    Step(
        "storage",
        _("Where data lie"),
        _("WhatsApp keeps messages for up to thirty days. Where, is chosen before the number is registered."),
        checks_number.storage,
        needed=False,
    ),
    Step(
        "registration",
        _("Registration"),
        _("Registering switches the number on for sending and sets its two-step PIN."),
        checks_number.registration,
    ),
    Step(
        "pin",
        _("Two-step PIN"),
        _("Six digits protect the number from being registered elsewhere. They are kept here, encrypted."),
        checks_number.pin,
        needed=False,
    ),
]
HANDOVER = Step(
    "handover",
    _("From the phone"),
    _(
        "The phone app can hand over its contacts and up to 180 days of messages, once. These are personal data of "
        "other people, so the ground for it is recorded before anything is asked for."
    ),
    checks_going.handover,
    needed=False,
)
FUNDING = Step(
    "funding",
    _("Payment"),
    _("WhatsApp charges the account per message. Without a payment method sending stops when the free ones are used."),
    checks_number.funding,
    needed=False,
)
NAME = Step(
    "name",
    _("Display name"),
    _("The name that people see above the chat. WhatsApp looks at it before it is shown."),
    checks_number.name,
    needed=False,
)
WEBHOOKS = Step(
    "webhooks",
    _("Something comes in"),
    _("The proof that events find their way here is one that came."),
    checks_going.webhooks,
    needed=False,
)
AGREEMENT = Step(
    "agreement",
    _("Agreement and going live"),
    _("Whoever answers for a business processes its customers' data, and needs a signed agreement for that first."),
    checks_going.agreement,
    needed=False,
)
TEST = Step(
    "test_message",
    _("Test message"),
    _("One message in and one out show that all of it works."),
    checks_going.test_message,
    needed=False,
)
EVERY = (*SIGNUP, *ACCESS, *REGISTERING, HANDOVER, FUNDING, NAME, WEBHOOKS, AGREEMENT, TEST)
LOOKED_AT = ("webhooks", "agreement", "test_message", "handover")  # steps that pages look at themselves


def of(connecting: Connecting) -> list[Step]:
    """The steps of this connecting. A number that stays on the phone app is never registered from here."""
    begins = SIGNUP if by_signup(connecting) else []
    if stays_on_phone(connecting):
        return [*begins, *ACCESS, HANDOVER, FUNDING, NAME, WEBHOOKS, AGREEMENT, TEST]
    return [*begins, *ACCESS, *REGISTERING, FUNDING, NAME, WEBHOOKS, AGREEMENT, TEST]


def step_of(connecting: Connecting, name: str) -> Step | None:
    return next((step for step in of(connecting) if step.name == name), None)


def by_signup(connecting: Connecting) -> bool:
    """Whether the token comes from Meta's window rather than from a person's hand."""
    return connecting.method in (Method.SIGNUP, Method.COEXISTENCE, Method.SANDBOX)


def takes_window(connecting: Connecting) -> bool:
    """Whether Meta's window may give a token here: also a number that is connected again may get one from it."""
    return by_signup(connecting) or connecting.method == Method.RECONNECT


def step_of_window(connecting: Connecting, name: str) -> str:
    """Where what comes of the window is written: on a path that does not begin with it, at the token."""
    return name if by_signup(connecting) else "token"


def stays_on_phone(connecting: Connecting) -> bool:
    """What the platform says of the number; before it is known, what was chosen."""
    return bool(connecting.data.get("on_phone_app", connecting.method == Method.COEXISTENCE))


def is_connected(connecting: Connecting) -> bool:
    """Whether every step is done that the number cannot work without."""
    return all(connecting.steps.get(step.name, {}).get("state") == "done" for step in of(connecting) if step.needed)
