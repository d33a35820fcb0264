"""Several things wrong with one form, said all at once."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.refusals import Refusal


class FieldProblems(Refusal):
    """Nothing was changed. `sentences` has one for each input that needs another value.

    As a plain Refusal it is the first of them.
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        field, sentence = next(iter(sentences.items()))
        super().__init__(sentence, field=field)
        self.sentences = dict(sentences)
