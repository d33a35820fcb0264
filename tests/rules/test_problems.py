"""What is wrong with something that was typed: one sentence, and where it belongs."""

from __future__ import annotations

import pytest

from bot.rules.problems import (
    AbsenceProblem,
    CompanyProblem,
    DayProblem,
    InputProblem,
    NotUnderstood,
    NumberProblem,
    PlanProblems,
)


@pytest.mark.parametrize("kind", [AbsenceProblem, CompanyProblem, NumberProblem])
def test_a_problem_is_the_sentence_that_says_what_to_type(kind: type[InputProblem]) -> None:
    problem = kind("Type a number.")
    assert str(problem) == "Type a number."
    assert isinstance(problem, InputProblem)
    assert isinstance(problem, ValueError)


def test_a_days_problem_counts_the_words_at_fault() -> None:
    problem = DayProblem("is not in the calendar.", length=3)
    assert (str(problem), problem.length) == ("is not in the calendar.", 3)


def test_the_problems_of_a_plan_are_said_together_and_field_by_field() -> None:
    sentences = {"goal": "Type a goal.", "closed": "Type what is closed."}
    problems = PlanProblems(sentences)
    assert str(problems) == "Type a goal. Type what is closed."
    assert problems.sentences == sentences
    sentences.clear()
    assert set(problems.sentences) == {"goal", "closed"}


def test_what_was_not_understood_is_named() -> None:
    problem = NotUnderstood("I don't understand “x”.", text="Acme x", what="x")
    assert str(problem) == problem.sentence == "I don't understand “x”."
    assert (problem.text, problem.what) == ("Acme x", "x")
