"""Refusals of the start and test commands, as one sentence for the person at the terminal."""


class CannotStart(SystemExit):
    """Ends the command with a sentence that says what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"balie: {sentence}")
