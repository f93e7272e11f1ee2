r"""Reads the dialogues of ``scripts/*.txt``: what people and companies say to each other, as plain text.

A dialogue begins with ``= key | language | options`` (``live=12m``: its last line was said so long ago and it is still
open; ``ago=35m``: it is closed; ``agent=0``: who holds it; ``person=key``: one certain person; ``once``: told only
once; ``group=Name_of_it``: in a group; ``phone``: written on the company's phone before it came here). A line is who,
marks, a pause and what is said, for example::

    k Hoi, {mijn fiets|de fiets van mijn zoon} trapt {zo zwaar|ineens zwaar}.
    k [image:flat] Zo ziet hij eruit
    a>+25 Dag {naam}, dat klinkt als een aanlopende rem.
    n Klant komt {dag=dinsdag|woensdag} langs.

who     ``k`` the person (``k1``, ``k2`` …: one of a group), ``a`` an agent, ``b`` an integration, ``n`` a note,
        ``e`` an event
marks   ``>`` quotes the other side's last message, ``~`` forwarded, ``!131026`` failed with this code, ``!sent`` and
        ``!delivered`` got no further, of ``!unknown`` nobody knows whether it left
pause   ``+25`` minutes, ``+3h``, ``+2d`` since the line before
``{a|b}`` is one of several, ``{name=a|b}`` is remembered as ``{name}``; ``\n`` breaks the line.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

FOLDER = Path(__file__).resolve().parent / "scripts"
UNITS = {"": "minutes", "m": "minutes", "h": "hours", "d": "days"}
_LINE = re.compile(
    r"(?P<who>[kabne])(?P<member>[1-9]?)(?P<marks>[>~]*)(?P<fate>![a-z0-9]+)?(?P<pause>\+\d+[mhd]?)? (?P<said>.+)"
)
_KIND = re.compile(r"\[(?P<kind>[a-z_]+)(:(?P<args>[^\]]*))?\] ?")
_CHOICE = re.compile(r"\{([^{}]+)\}")


class BadScript(ValueError):
    """A line that cannot be read; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said. ``kind`` is text unless the line names another in brackets."""

    who: str
    kind: str
    args: tuple[str, ...]
    text: str
    pause: timedelta | None = None
    quotes: bool = False
    forwarded: bool = False
    fate: str = ""
    member: int = 0  # who of a group says it, counted from 1


@dataclass(slots=True)
class Dialogue:
    key: str
    language: str
    options: dict[str, str]
    lines: list[Line] = field(default_factory=list)

    @property
    def live(self) -> timedelta | None:
        """How long ago the last line of a conversation was said that is still open."""
        return span(self.options["live"]) if "live" in self.options else None

    @property
    def ago(self) -> timedelta | None:
        """How long ago the last line of one was said that was closed a moment later."""
        return span(self.options["ago"]) if "ago" in self.options else None


def read(name: str) -> list[Dialogue]:
    """All dialogues of one file, in order. Raises BadScript."""
    found: list[Dialogue] = []
    path = FOLDER / f"{name}.txt"
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not raw.strip() or raw.startswith("#"):
            continue
        try:
            if raw.startswith("="):
                found.append(_head(raw))
            else:
                found[-1].lines.append(_line(raw))
        except (ValueError, IndexError) as error:
            raise BadScript(f"{path.name}:{number}: {raw[:60]}") from error
    return found


def _head(raw: str) -> Dialogue:
    key, language, *rest = (part.strip() for part in raw.removeprefix("=").split("|"))
    options = dict(part.partition("=")[::2] for part in " ".join(rest).split())
    return Dialogue(key, language, options)


def _line(raw: str) -> Line:
    match = _LINE.fullmatch(raw)
    if match is None:
        raise ValueError(raw)
    said, kind, args = match["said"], "text", ()
    if named := _KIND.match(said):
        kind, said = named["kind"], said[named.end() :]
        args = tuple(named["args"].split(";")) if named["args"] else ()
    return Line(
        who=match["who"],
        kind=kind,
        args=args,
        text=said.replace("\\n", "\n"),
        pause=span(match["pause"].removeprefix("+")) if match["pause"] else None,
        quotes=">" in match["marks"],
        forwarded="~" in match["marks"],
        fate=(match["fate"] or "").removeprefix("!"),
        member=int(match["member"] or 0),
    )


def span(text: str) -> timedelta:
    """``25``, ``25m``, ``3h`` or ``2d``."""
    unit = text[-1] if text[-1].isalpha() else ""
    return timedelta(**{UNITS[unit]: float(text.removesuffix(unit))})


def spoken(text: str, words: dict[str, str], dice: Random) -> str:
    """The text with its choices made; named choices are remembered in ``words``."""

    def choose(match: "re.Match[str]") -> str:
        name, named, options = match[1].partition("=")
        if named and name.isidentifier():
            words[name] = dice.choice(options.split("|"))
            return words[name]
        return dice.choice(match[1].split("|")) if "|" in match[1] else words[match[1]]

    return _CHOICE.sub(choose, text)
