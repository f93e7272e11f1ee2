"""Codes of Embedded Signup: issued when somebody finishes, exchanged once for a token of the account."""

from dataclasses import dataclass, field

from simulator.errors import GraphError
from simulator.ids import Ids


@dataclass
class Code:
    """What a code opens, for which app, and until when (seconds since the epoch)."""

    code: str
    app_id: str
    waba_ids: list[str]
    until: float
    used: bool = False


@dataclass
class Codes:
    """All codes that were issued since the start."""

    ids: Ids
    issued: dict[str, Code] = field(default_factory=dict)

    def issue(self, app_id: str, *, waba_ids: list[str], until: float) -> Code:
        """A fresh code."""
        code = Code("AQ" + self.ids.letters(60, "signup codes"), app_id, waba_ids, until)
        self.issued[code.code] = code
        return code

    def redeem(self, text: str, *, app_id: str, at: float) -> Code:
        """Use a code up. Raises GraphError 100 when it is unknown, of another app, used or too old."""
        code = self.issued.get(text)
        if code is None or code.app_id != app_id:
            raise GraphError(100, message="Invalid verification code format.", subcode=36007)
        if code.used:
            raise GraphError(100, message="This authorization code has been used.", subcode=36009)
        if at > code.until:
            raise GraphError(100, message="This authorization code has expired.", subcode=36007)
        code.used = True
        return code
