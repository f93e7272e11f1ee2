"""Numbers that people send in parts, one message after the other: "4111", "1111", "1111", "1111"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from conversations.detectors import disguise, secret
from conversations.detectors.hit import Hit, moved
from conversations.detectors.registry import SURE, TERMS, scan

IN_PARTS_WITHIN = timedelta(minutes=10)
REMEMBERED = 10  # messages before one, of whomever: a number in five parts with words between them
TAIL = 60  # characters of a longer text, in which a number may begin or end
MAX_PART_CHARS = 40
WORD = re.compile(r"[^\W_]+")
BANK = re.compile(r"[\W_]*[A-Za-z]{4}[\W_]*")  # of an account number the group that has no digits
# How a text ends in which a number begins: with a digit, the country and bank of an account, or a single letter.
ENDS = re.compile(
    r"(?:[0-9]|(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}[ .-]{0,2}[A-Za-z]{4}|(?P<letter>(?<![A-Za-z0-9])[A-Za-z]))"
    r"[\W_]{0,4}$"
)


@dataclass(frozen=True, slots=True)
class InParts:
    """One number over several texts.

    text     the texts put together, in which ``hit`` stands
    last     its part in the newest text: where it stands, and what of it is hidden
    earlier  its parts in the others, each hidden as a whole: which of them, start and end
    """

    text: str
    hit: Hit
    last: Hit
    earlier: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What counts of one text: where it begins there, and in all of them together; ``which`` is -1 for the newest."""

    which: int
    text: str
    start: int
    at: int

    def part_of(self, hit: Hit) -> tuple[int, int]:
        """Where a finding stands in this text; nothing where it ends before it begins."""
        start, end = max(hit.start, self.at), min(hit.end, self.at + len(self.text))
        return start - self.at + self.start, end - self.at + self.start


def is_part(even: str) -> bool:
    """Whether a text, in common signs, is a part of a number and nothing else."""
    if len(even) > MAX_PART_CHARS:
        return False
    words = WORD.findall(even)
    numbers = [word for word in words if any(map(str.isdigit, word))]
    return bool(numbers) and all(len(word) == 4 for word in words if word not in numbers)


def may_begin(text: str) -> bool:
    """Whether a number may begin or go on at the end of this text."""
    return ENDS.search(disguise.seen(text[-TAIL:])[0]) is not None


def find(text: str, earlier: Sequence[str], named: Sequence[tuple[str, str]] = ()) -> list[InParts]:
    """Numbers that begin in one of the earlier texts, the newest last, and end in this one.

    named  detectors that somebody spoke of before, each with its word
    """
    chain = list(_chain(earlier))
    found: list[InParts] = []
    for which in (chain, [n for n in chain if not BANK.fullmatch(earlier[n])]):
        pieces = _pieces(text, [(n, earlier[n]) for n in which])
        if not found and len(pieces) > 1:
            found = [_in_parts(hit, pieces) for hit in _crossing(pieces, named)]
    return found


def _chain(earlier: Sequence[str]) -> Iterator[int]:
    """Which of the texts may hold parts, oldest first: back to the last that says more; what is between is passed."""
    chain: list[int] = []
    for n in reversed(range(len(earlier))):
        even = disguise.seen(earlier[n][-TAIL:])[0].strip()
        if len(earlier[n]) <= MAX_PART_CHARS and (is_part(even) or BANK.fullmatch(even)):
            chain.append(n)
        elif (ends := ENDS.search(even)) and (n == len(earlier) - 1 or not ends["letter"]):
            chain.append(n)
            break
    return reversed(chain)


def _pieces(text: str, earlier: Sequence[tuple[int, str]]) -> list[_Piece]:
    pieces, at = [], 0
    for which, whole in [*earlier, (-1, text)]:
        begins = max(len(whole) - TAIL, 0) if which >= 0 else 0
        part = whole[begins : begins + TAIL]
        even = part.rstrip(" .,;:-/\n…") if which >= 0 else part
        bare = even.lstrip(" .,;:-/\n…(")
        if not bare:
            continue
        pieces.append(_Piece(which, bare, begins + len(even) - len(bare), at))
        at += len(bare) + 1
    return pieces


def _crossing(pieces: Sequence[_Piece], named: Sequence[tuple[str, str]]) -> list[Hit]:
    """What begins before the newest text and ends in it."""
    text, edge = " ".join(piece.text for piece in pieces), pieces[-1].at
    hits = scan(text, with_terms=False)
    for name, said in named:
        hits += [moved(hit, -len(said)) for hit in scan(said + text, with_terms=False) if hit.detector == name]
    kept: list[Hit] = []
    for hit in hits:
        sure = hit.confidence >= SURE and hit.detector not in TERMS and hit.detector != secret.NAME
        if sure and 0 <= hit.start < edge < hit.end and all(hit.end <= k.start or k.end <= hit.start for k in kept):
            kept.append(hit)
    return kept


def _in_parts(hit: Hit, pieces: Sequence[_Piece]) -> InParts:
    *before, newest = pieces
    earlier = [(piece.which, *piece.part_of(hit)) for piece in before]
    start, end = newest.part_of(hit)
    hidden = hit.hide_end - newest.at + newest.start
    last = Hit(start, end, start, hidden if hidden > start else end, hit.detector, hit.confidence)
    text = " ".join(piece.text for piece in pieces)
    return InParts(text, hit, last, tuple(part for part in earlier if part[1] < part[2]))
