"""What a company's own account, phone numbers and mail addresses look like in a text. Pure: values in, decisions out.

Whoever is told where to pay or whom to call has to be able to read it, so what identifies the company itself is neither
hidden when it comes in nor stopped when it goes out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stdnum import iban as iban_checks

from conversations.detectors import Hit, disguise, iban, secret
from conversations.detectors.plain import plain

MAX_ACCOUNTS = 20
MIN_DIGITS = 7  # shorter ones (112, 14 030) are no identifiers, and may be a PIN
MAX_COUNTRY_DIGITS = 3
AROUND = 12  # characters beside a finding that may belong to the phone number it stands in
RUN = re.compile(r"[0-9](?:[ ()./+-]{0,3}[0-9])+")
NOT_DIGITS = re.compile(r"[^0-9]+")


@dataclass(frozen=True, slots=True)
class Own:
    """accounts as ``account`` gives them, numbers as ``digits`` does, mail addresses in small letters."""

    accounts: frozenset[str]
    numbers: frozenset[str]
    mails: frozenset[str]

    @classmethod
    def of(cls, *, accounts: Iterable[str], numbers: Iterable[str], mails: Iterable[str]) -> "Own":
        dialled = {digits(number) for number in numbers}
        return cls(
            frozenset(filter(None, map(account, accounts))),
            frozenset(number for number in dialled if len(number) >= MIN_DIGITS),
            frozenset(mail.strip().lower() for mail in mails if mail.strip()),
        )

    def without(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        """The findings that are not the company's own."""
        if not hits:
            return []
        even = plain(text)
        mails = list(self._mails(even))
        return [hit for hit in hits if not self._holds(even, hit, mails)]

    def _holds(self, text: str, hit: Hit, mails: Sequence[tuple[int, int]]) -> bool:
        if hit.detector == iban.NAME:
            return _compact(text[hit.start : hit.end]) in self.accounts
        if any(start <= hit.start and hit.end <= end for start, end in mails):
            return True
        return hit.detector != secret.NAME and bool(self.numbers) and self._is_number(text, hit)

    def _mails(self, text: str) -> Iterator[tuple[int, int]]:
        for mail in self.mails:
            whole = rf"(?<![\w.+-]){re.escape(mail)}(?![\w-])"
            yield from (match.span() for match in re.finditer(whole, text, re.IGNORECASE))

    def _is_number(self, text: str, hit: Hit) -> bool:
        begin = max(hit.start - AROUND, 0)
        for run in RUN.finditer(text, begin, hit.end + AROUND):
            if run.start() <= hit.start and hit.end <= run.end():
                dialled = digits(run[0])
                return any(_same(dialled, number) for number in self.numbers)
        return False


def account(text: str) -> str:
    """An account number without gaps, in capitals; empty where it is none."""
    compact = _compact(text)
    known = iban.LENGTHS.get(compact[:2]) == len(compact)
    return compact if known and iban_checks.is_valid(compact, check_country=False) else ""


def _compact(text: str) -> str:
    looks: str = iban_checks.compact(disguise.seen(text)[0])
    return looks.replace("/", "")


def grouped(compact: str) -> str:
    """An account number as people read it."""
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4))


def ends_of(compact: str) -> str:
    """An account number as a trail may keep it."""
    return f"{compact[: iban.ENDS_SHOWN]}…{compact[-iban.ENDS_SHOWN :]}"


def digits(number: str) -> str:
    """A phone number's digits without what is dialled before them."""
    return NOT_DIGITS.sub("", plain(number)).lstrip("0")


def _same(one: str, other: str) -> bool:
    """Whether two numbers are one, with or without the code of the country."""
    short, long = sorted((one, other), key=len)
    return len(short) >= MIN_DIGITS and long.endswith(short) and len(long) - len(short) <= MAX_COUNTRY_DIGITS
