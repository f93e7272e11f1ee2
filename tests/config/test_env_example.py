""".env.example lists exactly the variables that the code reads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from config.services import dotenv, keys

ROOT = Path(__file__).resolve().parents[2]
OURS = ("config", "tenants", "conversations", "billing", "privacy", "simulator")
EVERYBODYS = {"PATH", "DJANGO_SETTINGS_MODULE"}
NAME = re.compile(r"[A-Z][A-Z0-9_]+")


def listed() -> set[str]:
    return set(re.findall(r"^# ([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))


def read_by_code() -> set[str]:
    modules = [path for package in OURS for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return {name for path in modules for name in _reads(ast.parse(path.read_text()))} - EVERYBODYS


def _reads(tree: ast.AST) -> Iterator[str]:
    """Names in env.text("NAME"), os.environ.get("NAME"), os.environ["NAME"] and helpers on SIMULATOR_ names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            where, first = ast.unparse(node.func), node.args[0]
            ours = where.startswith(("env.", "os.environ.get")) or "SIMULATOR_" in ast.unparse(first)
        elif isinstance(node, ast.Subscript):
            first, ours = node.slice, ast.unparse(node.value) == "os.environ"
        else:
            continue
        if ours and isinstance(first, ast.Constant) and NAME.fullmatch(str(first.value)):
            yield str(first.value)


def read_by_procfile() -> set[str]:
    return set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "Procfile").read_text()))


def test_every_variable_that_is_read_is_listed() -> None:
    assert (read_by_code() | read_by_procfile()) - listed() == set()


def test_every_listed_variable_is_read() -> None:
    handed_on = {*keys.fresh_sandbox(), "SANDBOX_GRAPH_URL"}
    assert listed() - read_by_code() - read_by_procfile() - handed_on == set()


def test_every_listed_variable_has_a_meaning_above_it() -> None:
    blocks = (ROOT / ".env.example").read_text().split("# --- ")[1:]
    assert blocks
    for block in blocks:
        first = block.splitlines()[1]
        assert not re.match(r"# [A-Z0-9_]+=", first), first


def test_an_env_file_takes_quotes_and_comments() -> None:
    text = "# note\nexport A=1\nB = 'two # words'\nC=three # a comment\nD=\n"

    assert dotenv.parse(text, source=".env") == {"A": "1", "B": "two # words", "C": "three", "D": ""}
