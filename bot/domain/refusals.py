"""The errors with which the domain tells a person that it did not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """A use case did not do what was asked, and changed nothing."""


class Refusal(DomainError):
    """Nothing was changed. The text is one sentence that says what to do next and can be shown as it is.

    `field` names the input it is about (a Block Kit block_id), so that a modal can show it there.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class FieldProblems(Refusal):
    """Nothing was changed. `sentences` has one for each input that needs another value.

    Its text as a plain Refusal is the first of them.
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        field, sentence = next(iter(sentences.items()))
        super().__init__(sentence, field=field)
        self.sentences = dict(sentences)


class TooLate(DomainError):
    """The check-in closed while its form was open: if it is sent again, the answer is accepted as late."""

    def __init__(self, check_in_id: int) -> None:
        super().__init__("the check-in closed meanwhile")
        self.check_in_id = check_in_id


class FileProblem(DomainError):
    """The file can't be read at all; `sentences` say what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class PlaceProblem(DomainError):
    """The text names no country or region; ``str()`` is one sentence that says what to type instead."""

    def __init__(self, sentence: str, *, is_region: bool = False) -> None:
        super().__init__(sentence)
        self.is_region = is_region
