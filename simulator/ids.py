"""Ids that look like the platform's. With a seed they repeat from one fresh start to the next."""

import base64
import random
import string


class Ids:
    """Chance, one stream per purpose: with a seed each stream repeats, however the others are timed."""

    def __init__(self, *, seed: int | None, boot: int) -> None:
        """boot  how many starts the record has seen: a restart never hands out an id again"""
        self._boot = boot
        self._streams: dict[str, random.Random] = {}
        self.begin(seed)

    def begin(self, seed: int | None) -> None:
        """Start over with this seed. Streams that somebody holds start over too."""
        self._seed = seed
        for purpose, stream in self._streams.items():
            stream.seed(self._start(purpose))

    def stream(self, purpose: str) -> random.Random:
        """The chances of one purpose."""
        found = self._streams.get(purpose)
        if found is None:
            found = self._streams[purpose] = random.Random(self._start(purpose))  # noqa: S311 - ids, not secrets
        return found

    @property
    def random(self) -> random.Random:
        """The chances of faults."""
        return self.stream("chance")

    def _start(self, purpose: str) -> str | None:
        return None if self._seed is None else f"{self._seed}:{self._boot}:{purpose}"

    def wamid(self, address: str, *, inbound: bool) -> str:
        """A message id; as on the platform it holds the other side's address and the direction."""
        person = address.encode("ascii", "replace")[:40]
        chance = self.stream("inbound" if inbound else "outbound")
        token = f"{chance.getrandbits(80 if inbound else 72):0{20 if inbound else 18}X}".encode()
        raw = b"\x1c\x18" + bytes([len(person)]) + person
        raw += b"\x15\x02\x00" + (b"\x12" if inbound else b"\x11") + b"\x18" + bytes([len(token)]) + token + b"\x00"
        return "wamid." + base64.b64encode(raw).decode()

    def digits(self, length: int, purpose: str = "ids") -> str:
        """A number of `length` digits that does not start with zero."""
        return str(self.stream(purpose).randrange(10 ** (length - 1), 10**length))

    def letters(self, length: int, purpose: str) -> str:
        """Letters and digits, as in tokens and handles."""
        return "".join(self.stream(purpose).choices(string.ascii_letters + string.digits, k=length))

    def bsuid(self, country: str) -> str:
        """A business-scoped user id such as NL.13491208655302741918."""
        return f"{country}.{self.digits(20, 'people')}"

    def trace(self) -> str:
        """The fbtrace_id of an error."""
        return "A" + self.letters(22, "traces")
