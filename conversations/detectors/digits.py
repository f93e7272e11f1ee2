"""Runs of digits with the gaps people write between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

RUN = re.compile(r"(?<!\w)[0-9](?:[ .-]{0,2}[0-9])*+")


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
