"""Whatever can be in the way has words: the cause, who acts, and what to do next."""

import re
from pathlib import Path

import pytest

from conversations.services import connecting
from conversations.services.connecting import problems
from conversations.whatsapp.errors import CATALOGUE

STUCK = re.compile(r'stuck\(\s*"([a-z_]+)"')


def _codes() -> list[str]:
    files = Path(connecting.__file__).parent.glob("*.py")
    found = {code for file in files for code in STUCK.findall(file.read_text("utf-8"))}
    return sorted(found | set(problems.BY_CODE.values()))


@pytest.mark.parametrize("code", _codes())
def test_every_problem_of_a_step_has_words_of_its_own(code: str) -> None:
    words = problems.PROBLEMS[code]

    assert str(words.cause).endswith(".")
    assert str(words.next_step).endswith(".")
    assert str(words.who.words)


def test_what_only_the_platforms_own_table_knows_is_said_in_its_words() -> None:
    told = problems.of(problems.code_of(131031))

    assert told is not None
    assert told.cause == CATALOGUE[131031].cause


@pytest.mark.parametrize("code", ["platform_99999999", "platform_http_503", "something_new"])
def test_what_nobody_has_seen_before_still_says_what_to_do(code: str) -> None:
    told = problems.of(code)

    assert told is not None
    assert str(told.next_step)
