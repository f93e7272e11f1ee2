"""What can keep a number from being connected: stable codes, and for each the cause, who acts, and what to do next."""

from conversations.services.connecting.problems_access import ACCESS
from conversations.services.connecting.problems_number import NUMBER
from conversations.services.connecting.wording import Problem, Who
from conversations.whatsapp.error_rules import Actor
from conversations.whatsapp.errors import rule_for

__all__ = ["Problem", "Who", "code_of", "of"]

PLATFORM = "platform_"
BY_CODE = {
    0: "token_dead",
    190: "token_dead",
    3: "permission_missing",
    10: "permission_missing",
    200: "permission_missing",
    131005: "permission_missing",
    133005: "pin_wrong",
    133006: "not_verified",
    133008: "pin_tries",
    133009: "pin_tries",
    133016: "registered_too_often",
    2388093: "code_wrong",
    131055: "phone_app_decides",
    2593107: "handover_asked",
    2593108: "handover_late",
    2593109: "handover_refused",
}
WHO_OF = {
    Actor.NOBODY: Who.NOBODY,
    Actor.AGENT: Who.YOU,
    Actor.COMPANY_ADMIN: Who.CLIENT,
    Actor.AGENCY: Who.YOU,
    Actor.DEVELOPER: Who.OPERATOR,
    Actor.META: Who.WHATSAPP,
}
PROBLEMS = {**ACCESS, **NUMBER}


def code_of(code: int | None, *, http_status: int = 0) -> str:
    """The stable name of a refusal of the platform; ``platform_<code>`` where nothing better is known."""
    if code is None:
        return f"{PLATFORM}http_{http_status}"
    return BY_CODE.get(code, f"{PLATFORM}{code}")


def of(problem: str) -> Problem | None:
    """The words for a problem; what the platform's own table says where connecting has none of its own."""
    if not problem:
        return None
    if known := PROBLEMS.get(problem):
        return known
    kind, _underscore, told = problem.removeprefix(PLATFORM).partition("_")
    code = int(kind) if kind.isdecimal() else None
    rule = rule_for(code, int(told) if told.isdecimal() else None)
    return Problem(rule.cause, WHO_OF[rule.actor], rule.next_step, title=rule.title)
