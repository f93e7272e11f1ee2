"""What conversion may cost, and why it may fail."""

import time

MAX_SECONDS = 240.0  # of work for one file


class Unfit(Exception):
    """This file cannot be made into what WhatsApp takes; ``code`` says why (words: ``wording.media_problem``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


UNREADABLE, TOO_LONG, TOO_BIG, SILENT = "unreadable", "too_long", "too_big_after", "no_sound"


class Clock:
    """Ends work that takes longer than a file is worth."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._until = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self._until:
            raise Unfit(TOO_LONG)
