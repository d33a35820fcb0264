"""The modals that ask for the numbers behind a check-in's answers."""

from __future__ import annotations

from bot.domain.shown.checkins import CheckInShown, NumberQuestion, QuestionShown
from bot.slack.views import words
from bot.slack.views.blocks import Block, View, context, input_block, modal, section, text_input
from bot.slack.views.checkins.messages import share, so_far
from bot.slack.views.mrkdwn import escape, fill, join, literal

NUMBER_MODAL = "check_in.number"
FORM_MODAL = "check_in.form"
NUMBER_INPUT = "number"

FIELD = "answer."
"""Followed by the answer's id: the block_id of its number in a modal."""


def number_modal(
    question: NumberQuestion, *, closed_meanwhile: bool = False, reply: str | None = None
) -> View:
    """The modal that asks for the number behind a yes or no; the number decides.

    `reply` is the response_url of the press, through which the message is redrawn.
    """
    reader = question.reader
    target = words.number(question.target, question.unit, reader)
    part = share(question, question.work, reader)
    lines = []
    if closed_meanwhile and question.deadline_at is not None:
        closed = words.day_and_time(question.deadline_at, reader)
        lines.append(
            fill(
                ":warning: This check-in closed {closed}. Send it once more and it is taken as late.",
                closed=closed,
            )
        )
    elif question.late:
        lines.append(literal("This check-in has closed; your answer is taken and marked late."))
    if question.pressed is not None and question.logged is not None:
        logged = words.bare_number(question.logged, question.unit, reader)
        pressed = literal("Yes") if question.pressed == "yes" else literal("No")
        lines.append(
            fill(
                "You pressed *{pressed}*, and the log says {logged} of {target}{part}. "
                "Which number is right? It decides.",
                pressed=pressed,
                logged=escape(logged),
                target=escape(target),
                part=part,
            )
        )
    else:
        lines.append(
            fill(
                "The goal for the week {week} was {target}{part}. "
                "The number decides between Yes and No.",
                week=words.week(question.week, reader),
                target=escape(target),
                part=part,
            )
        )
    return modal(
        "Your number",
        [section(join(lines, "\n")), number_input(question, focus=True)],
        callback_id=NUMBER_MODAL,
        submit="Save",
        metadata={
            "answer": question.answer_id,
            "pressed": question.pressed,
            "late": question.late or closed_meanwhile,
            "reply": reply,
        },
    )


def number_input(question: NumberQuestion, *, focus: bool = False, optional: bool = False) -> Block:
    """The input for one question's number, with what is known filled in."""
    initial = (
        words.bare_number(question.initial, question.unit, question.reader)
        if question.initial is not None
        else None
    )
    hints = {
        "money": "For example 12,500 or 12.5k",
        "count": "A whole number, such as 17",
    }
    return input_block(
        question.name,
        text_input(
            action_id=NUMBER_INPUT,
            initial=initial,
            placeholder="How much?" if question.unit == "money" else "How many?",
            focus=focus,
            max_length=60,
        ),
        block_id=f"{FIELD}{question.answer_id}",
        hint=hints.get(question.unit, f"In {question.unit}, such as 3.5"),
        optional=optional,
    )


def form_modal(shown: CheckInShown, *, closed_meanwhile: bool = False) -> View:
    """All questions of a check-in in one modal, each with its number: what `/checkin` opens."""
    reader = shown.reader
    lines = [
        fill(
            "*Your week {week}.* The numbers decide between Yes and No.",
            week=words.week(shown.week, reader),
        )
    ]
    if closed_meanwhile and shown.deadline_at is not None:
        closed = words.day_and_time(shown.deadline_at, reader)
        lines.append(
            fill(
                ":warning: This check-in closed {closed}. Send it once more and it is taken as late.",
                closed=closed,
            )
        )
    elif shown.closed:
        lines.append(literal("It has closed; changes are taken and marked late."))
    elif shown.deadline_at is not None:
        lines.append(
            fill(
                "It closes {when}, your time.",
                when=words.day_and_time(shown.deadline_at, reader),
            )
        )
    blocks: list[Block] = [section(join(lines, "\n"))]
    for question in shown.questions:
        blocks += _asked(question, shown)
    return modal(
        "Your check-in",
        blocks,
        callback_id=FORM_MODAL,
        submit="Save",
        metadata={"check_in": shown.check_in_id, "late": shown.closed},
    )


def _asked(question: QuestionShown, shown: CheckInShown) -> list[Block]:
    """The input of one question, and in small print what is known of its number."""
    reader, answered = shown.reader, question.verdict is not None
    said = so_far(question, reader, shown.work)
    if answered:
        said = fill(
            "answered {verdict}, goal {target}{part}.",
            verdict=literal("Yes") if question.verdict == "yes" else literal("No"),
            target=escape(words.number(question.target, question.unit, reader)),
            part=share(question, shown.work, reader),
        )
    asked = NumberQuestion(
        answer_id=question.answer_id,
        name=question.name,
        unit=question.unit,
        question=question.question,
        target=question.target,
        initial=question.number if answered else question.logged,
        pressed=None,
        logged=question.logged,
        reader=reader,
        week=shown.week,
        late=shown.closed,
        deadline_at=shown.deadline_at,
    )
    small = fill("{name}: {said}", name=escape(question.name), said=said)
    return [number_input(asked, optional=True), context(small)]
