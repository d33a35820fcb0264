"""What the domain says to a person instead of doing what was asked."""

from __future__ import annotations


class Refusal(Exception):
    """Nothing was changed. The text is one sentence that says what to do next, fit to be shown as it is.

    `field` names the input it is about (a Block Kit block_id), so that a modal can show it there.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
