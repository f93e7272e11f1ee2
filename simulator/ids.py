"""Ids that look like the platform's. With a seed they repeat from one fresh start to the next."""

import base64
import random
import string


class Ids:
    """One source of chance for the whole process, so that a seed makes a run repeatable."""

    def __init__(self, *, seed: int | None, boot: int) -> None:
        """boot  how many starts the record has seen: a restart never hands out an id again"""
        self.random = random.Random(None if seed is None else f"{seed}:{boot}")  # noqa: S311 - ids, not secrets

    def wamid(self, address: str, *, inbound: bool) -> str:
        """A message id; as on the platform it holds the other side's address and the direction."""
        person = address.encode("ascii", "replace")[:40]
        token = f"{self.random.getrandbits(80 if inbound else 72):0{20 if inbound else 18}X}".encode()
        raw = b"\x1c\x18" + bytes([len(person)]) + person
        raw += b"\x15\x02\x00" + (b"\x12" if inbound else b"\x11") + b"\x18" + bytes([len(token)]) + token + b"\x00"
        return "wamid." + base64.b64encode(raw).decode()

    def digits(self, length: int) -> str:
        """A number of `length` digits that does not start with zero."""
        return str(self.random.randrange(10 ** (length - 1), 10**length))

    def bsuid(self, country: str) -> str:
        """A business-scoped user id such as NL.13491208655302741918."""
        return f"{country}.{self.digits(20)}"

    def trace(self) -> str:
        """The fbtrace_id of an error."""
        return "A" + "".join(self.random.choices(string.ascii_letters + string.digits + "_-", k=22))
