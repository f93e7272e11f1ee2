"""Runs of digits with the gaps people write between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

RUN = re.compile(r"(?<!\w)[0-9](?:[ .-]{0,2}[0-9])*+")

# Letters that stand for digits in a group of digits: "4111 11ll O000".
LETTERS = str.maketrans("OolI", "0011")
WITH_LETTERS = re.compile(r"(?<![A-Za-z0-9])(?=[OolI]*[0-9])(?=[0-9]*[OolI])[0-9OolI]{2,}(?![A-Za-z0-9])")
# A number of which every group has a line of its own.
LINES = re.compile(
    r"(?<![A-Za-z0-9])(?:[0-9]{2,6}|[A-Za-z]{2}[0-9]{2})[ .-]{0,2}"
    r"(?:\n[ ]{0,2}(?:[0-9]{1,6}|[A-Za-z]{4})(?![A-Za-z0-9])[ .-]{0,2})+"
)


def as_digits(text: str) -> str:
    """The same text with letters that stand for digits as these; places do not move."""
    return WITH_LETTERS.sub(lambda found: found[0].translate(LETTERS), text)


def in_one_line(text: str) -> str:
    """The same text with numbers that go on from line to line in one; places do not move."""
    return LINES.sub(lambda found: found[0].replace("\n", " "), text) if "\n" in text else text


@dataclass(frozen=True, slots=True)
class Run:
    """``places[n]`` is where the n-th digit stands; ``cuts`` are the positions at which a group begins, and the end."""

    digits: str
    places: tuple[int, ...]
    cuts: tuple[int, ...]

    def pieces(self, lengths: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        """Every stretch of whole groups that has one of these lengths, as positions of digits."""
        ends = frozenset(self.cuts)
        for start in self.cuts:
            for length in lengths:
                if start + length in ends:
                    yield start, start + length


def runs(text: str, *, least: int, form: re.Pattern[str] = RUN) -> Iterator[Run]:
    """The runs of at least so many digits."""
    for match in form.finditer(text):
        if match.end() - match.start() < least:
            continue
        places = tuple(at for at in range(match.start(), match.end()) if text[at] in "0123456789")
        cuts = [0, *(n for n in range(1, len(places)) if places[n] != places[n - 1] + 1), len(places)]
        if text[match.end() : match.end() + 1].isalpha():  # the last group belongs to a word
            cuts.pop()
            places = places[: cuts[-1]]
        if len(places) >= least:
            yield Run("".join(text[at] for at in places), places, tuple(cuts))
