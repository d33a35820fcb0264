"""What the domain says to a person instead of doing what was asked."""

from __future__ import annotations

from bot.domain.refusals import FieldProblems, Refusal


def test_a_refusal_is_its_sentence_and_may_name_an_input() -> None:
    refusal = Refusal("Choose a day.", field="day")
    assert (str(refusal), refusal.sentence, refusal.field) == (
        "Choose a day.",
        "Choose a day.",
        "day",
    )
    assert Refusal("No.").field is None


def test_problems_with_several_inputs_are_as_a_refusal_the_first_of_them() -> None:
    sentences = {"name": "Type a name.", "coach": "Choose a coach."}
    problems = FieldProblems(sentences)
    assert (problems.sentence, problems.field) == ("Type a name.", "name")
    assert problems.sentences == sentences
    sentences.clear()  # what was handed in is not what is kept
    assert len(problems.sentences) == 2
