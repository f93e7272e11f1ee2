"""Nothing that is recorded stands in the trail as a code: every action, fact, field and value has words."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from conversations.alarm_words import ALARMS
from conversations.errors import AsksFirst
from conversations.guard_words import NAMES
from conversations.models import Connecting, InboxSettings, NumberSync
from conversations.services.connecting.handing_over import Ground
from conversations.services.connecting.path import EVERY
from conversations.services.people.person_facts import Answers
from conversations.services.people.teams import TeamFacts
from conversations.views.public.forms import ContactPageForm
from privacy.data_classes import CLASSES
from tenants.accounts import audit_facts
from tenants.accounts.audit_words import ACTIONS, SUBJECTS
from tenants.accounts.roles import Role, Scope
from tenants.accounts.services.conditions import MISSING_WORDS
from tenants.accounts.services.profile import OWN_FIELDS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("tenants", "conversations", "billing", "privacy", "config")
HERE = {"actor", "subject", "request", "reason", "ground"}  # arguments of audit.record that are no facts

# Whatever may stand in ``fields`` beside an action.
FIELDS = {
    "settings.changed": {
        *(field.name for field in InboxSettings._meta.concrete_fields if field.name not in ("id", "changed_at")),
        *(f"text_{code}" for code, _name in settings.LANGUAGES),
        "require_two_factor",
    },
    "intent.changed": {"name", "response_minutes", "skill"},
    "person.duty_changed": set(Answers.__dataclass_fields__),
    "staff.answers_changed": set(Answers.__dataclass_fields__),
    "team.changed": set(TeamFacts.__dataclass_fields__),
    "number.changed": {
        *("about", "description", "address", "email", "websites", "vertical", "picture", "prompts", "commands"),
    },
    "profile.changed": set(OWN_FIELDS),
}
# Codes that may stand in a fact, or in a reason or ground that is none of a person's words.
CODES = {
    ("alarm.acknowledged", "kind"): ALARMS,
    ("api_key.created", "scopes"): Scope.values,
    ("connecting.checked", "steps"): [step.name for step in EVERY],
    ("connecting.region_chosen", "region"): ["", "DE", "CH"],
    ("connecting.started", "method"): Connecting.Method.values,
    ("consent.recorded", "purpose"): ["special_data"],
    ("grant.given", "conditions"): MISSING_WORDS,
    ("grant.given", "role"): Role.values,
    ("message.refused", "reason"): ["window_closed", "contact_opted_out", "consent_missing"],
    ("message.sent_anyway", "asked"): [one.code for one in AsksFirst.__subclasses__()],
    ("number.changed", "what"): ["profile", "automation", "calling_on", "calling_off", "marketing_apart"],
    ("number.closed", "ground"): ["no_agreement"],
    ("number.handover_decided", "ground"): Ground.values,
    ("number.handover_decided", "kinds"): NumberSync.Kind.values,
    ("person.role_changed", "after"): Role.values,
    ("retention.changed", "data_class"): [str(kind) for kind in CLASSES],
    ("sensitive.confirmed", "detector"): NAMES,
    ("sensitive.shown", "detectors"): NAMES,
    ("sensitive.stopped", "reason"): ["sensitive_content"],
    ("team_grant.given", "conditions"): MISSING_WORDS,
}
ENGLISH = {"sandbox", "health", "religion", "union", "orientation", "politics"}  # codes that are their own words


class Recording:
    """A call that writes an entry: the actions it may have, and the names of its facts."""

    def __init__(self, call: ast.Call, *, function: ast.FunctionDef, module: ast.Module, where: str) -> None:
        self.call, self.where = call, where
        self._function, self._module = function, module

    @property
    def actions(self) -> set[str]:
        return self._texts(self.call.args[0])

    @property
    def facts(self) -> dict[str | None, ast.expr]:
        """None for ``**something``, which nobody can check."""
        return {one.arg: one.value for one in self.call.keywords if one.arg not in HERE}

    @property
    def reason(self) -> ast.expr | None:
        return next((one.value for one in self.call.keywords if one.arg == "reason"), None)

    @property
    def subjects(self) -> set[str]:
        """Models that the subject may be of, where it is an argument of the function that records."""
        arguments = self._function.args.args + self._function.args.kwonlyargs
        told = {one.arg: ast.unparse(one.annotation) for one in arguments if one.annotation}
        node = next((one.value for one in self.call.keywords if one.arg == "subject"), None)
        kinds = told.get(node.id, "") if isinstance(node, ast.Name) else ""
        return {kind.lower() for kind in kinds.split(" | ")} - {"", "none", "any"}

    def _texts(self, node: ast.expr) -> set[str]:
        """The texts that an expression may be: one, either of two, a name's, or those of a table of the module."""
        if isinstance(node, ast.Constant):
            return {node.value}
        if isinstance(node, ast.IfExp):
            return self._texts(node.body) | self._texts(node.orelse)
        if isinstance(node, ast.Dict):
            return {text for value in node.values for text in self._texts(value)}
        if isinstance(node, ast.Subscript):
            return self._texts(node.value)
        if isinstance(node, ast.Name):
            return self._texts(self._assigned(node.id))
        raise AssertionError(f"{self.where}: write the action so that it can be found in the code")

    def _assigned(self, name: str) -> ast.expr:
        for scope in (self._function, self._module):
            for node in [one for one in ast.walk(scope) if isinstance(one, ast.Assign)]:
                if name in [to.id for to in node.targets if isinstance(to, ast.Name)]:
                    return node.value
        raise AssertionError(f"{self.where}: write {name} so that it can be found in the code")


@cache
def recordings() -> list[Recording]:
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return [one for path in paths for one in _in_file(path)]


def _in_file(path: Path) -> Iterator[Recording]:
    text = path.read_text()
    if "audit.record" not in text and "record_opening" not in text:
        return
    module = ast.parse(text)
    for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
        for call in [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args]:
            name = ast.unparse(call.func)
            if name == "record_opening" or (name == "audit.record" and function.name != "record_opening"):
                where = f"{path.relative_to(ROOT)}:{call.lineno}"
                yield Recording(call, function=function, module=module, where=where)


def test_every_action_has_words() -> None:
    used = {action for one in recordings() for action in one.actions}

    assert used - set(ACTIONS) == set(), "name these in tenants/accounts/audit_words.py"
    assert used > {"session.started", "conversation.opened", "agreement.recorded", "number.notice_published"}


def test_every_fact_has_a_name_and_a_way_to_read_its_value() -> None:
    missing = [
        f"{one.where}: {action} {name or '**'}"
        for one in recordings()
        if "record_opening" not in ast.unparse(one.call.func)
        for action in one.actions
        for name in one.facts
        if name is None or audit_facts.of(action, name) is None
    ]

    assert missing == [], "register these in an audit_facts module of the app that records them"


def test_what_an_entry_is_about_has_a_word() -> None:
    recorded = {kind for one in recordings() for kind in one.subjects}
    models = {model.__name__.lower() for model in apps.get_models()}

    assert recorded & models - set(SUBJECTS) == set(), "name these in tenants/accounts/audit_words.py"
    assert set(SUBJECTS) <= models, "no model is called so"
    assert recorded >= {"user", "contact", "channel", "phonenumber"}


def test_a_reason_that_is_a_code_has_words() -> None:
    coded = [one for one in recordings() if isinstance(one.reason, ast.Attribute) and one.reason.attr == "code"]

    assert len(coded) >= 3
    assert [one.where for one in coded for action in one.actions if audit_facts.of(action, "reason") is None] == []


def test_every_field_that_may_be_named_is_called_what_its_form_calls_it() -> None:
    recorded = {action for one in recordings() if "fields" in one.facts for action in one.actions}

    assert recorded - set(FIELDS) == {"contact.changed"}, "say above which names may stand in fields of these"
    assert [(action, name) for action in FIELDS for name in FIELDS[action] - audit_facts.names_in(action)] == []


def test_names_of_fields_that_stand_in_the_code_have_words() -> None:
    written = [
        (one.where, action, ast.literal_eval(node))
        for one in recordings()
        for action in one.actions
        if isinstance(node := one.facts.get("fields"), ast.List)
        if action != "contact.changed"
    ]

    assert written
    assert [one for one in written if not set(one[2]) <= audit_facts.names_in(one[1])] == []


def test_the_parts_of_the_contact_page_have_words() -> None:
    names = set(ContactPageForm(language="nl").fields)

    assert names <= audit_facts.names_in("settings.changed")


@pytest.mark.parametrize(("action", "name"), CODES)
def test_every_code_reads_as_words(action: str, name: str) -> None:
    for code in CODES[action, name]:
        _name, words = audit_facts.in_words(action, name, code)

        assert words, code
        assert "_" not in words, code
        assert words != code or code in ENGLISH, code
        assert "%(" not in words, code


def test_a_list_of_codes_is_read_one_by_one() -> None:
    found = audit_facts.in_words("sensitive.shown", "detectors", ["iban", "bsn"])

    assert found == ("what was found", "account number, citizen service number (BSN)")


def test_a_clearance_is_read_in_the_words_in_which_it_was_noted() -> None:
    told = "seen 2026-01-02, until 2027-01-02, kind 84, 85, nda 2026-01-03"

    assert audit_facts.in_words("person.clearance_changed", "after", told)[1] == (
        "Certificate of good conduct seen on: 2 Jan 2026; To be shown again by: 2 Jan 2027; "
        "Its profile: 84, 85; Confidentiality signed on: 3 Jan 2026"
    )
    assert audit_facts.in_words("person.clearance_changed", "before", "none")[1] == "nothing"


def test_an_entry_older_than_its_words_stands_as_it_was_kept() -> None:
    assert audit_facts.in_words("search.run", "found_then", 3) == ("found then", "3")
