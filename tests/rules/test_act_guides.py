"""How each act is done, in three lines that a workspace may replace."""

from __future__ import annotations

import pytest

from bot.rules.act_guides import GUIDES, LONGEST_LINE, read_lines
from bot.rules.acts import Act
from bot.rules.problems import InputProblem


def test_every_act_has_three_lines_that_could_have_been_typed() -> None:
    assert set(GUIDES) == set(Act)
    for lines in GUIDES.values():
        assert read_lines("\n".join(lines)) == lines


@pytest.mark.parametrize(
    ("typed", "lines"),
    [("one\n\n  two   words \r\n", ("one", "two words")), (" \n", ()), ("a" * 200, ("a" * 200,))],
)
def test_typed_lines(typed: str, lines: tuple[str, ...]) -> None:
    assert read_lines(typed) == lines


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("a\nb\nc\nd", "These are 4 lines. Keep to 3."),
        ("a\n" + "b" * (LONGEST_LINE + 1), "Line 2 has 201 characters. Shorten it to 200."),
    ],
)
def test_what_does_not_fit_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(InputProblem) as problem:
        read_lines(typed)
    assert str(problem.value) == sentence
