"""What is wrong with something that a person typed. Each error's text says what to type instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class InputProblem(ValueError):
    """What was typed can't be used; ``str()`` is one sentence that says what to type instead."""


class AbsenceProblem(InputProblem):
    """The words name no days off."""


class CompanyProblem(InputProblem):
    """The words are no company's name."""


class NumberProblem(InputProblem):
    """The text is no number, or not one that is allowed here."""


class DayProblem(InputProblem):
    """The words name no day. ``str()`` goes on from the words at fault; `length` counts those words."""

    def __init__(self, reason: str, *, length: int) -> None:
        super().__init__(reason)
        self.length = length


class PlanProblems(InputProblem):
    """No plan follows from these numbers; `sentences` says for each field what to do."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = dict(sentences)


class NotUnderstood(InputProblem):
    """A line that could not be read; ``str()`` is `sentence`, which says what to do.

    `text` is all that was typed, with Slack's escapes undone. `what` is the part that was not understood; it is
    empty if nothing was typed. `understood`, where it is set, is what could be read of the line all the same: see
    `bot.rules.quick_readings.Understood`.
    """

    understood: Any = None

    def __init__(self, sentence: str, *, text: str, what: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.text = text
        self.what = what
