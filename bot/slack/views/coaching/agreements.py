"""What was agreed, as the rep reads it; and the check-in's rows that ask what became of it."""

from __future__ import annotations

from bot.domain.shown.agreements import AgreementMessage, AgreementShown
from bot.domain.shown.reader import Reader
from bot.rules.acts import Act
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    input_block,
    message,
    modal,
    quote,
    section,
    text_input,
)
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, literal, mention

OTHERWISE = "agreement.otherwise"
OTHERWISE_MODAL = "agreement.otherwise_modal"
OTHERWISE_FIELD = "agreement.words"
OTHERWISE_INPUT = "words"

ANSWER = "agreement.answer."
"""Followed by what is asked (`talked`, `helped`, `kept`) and the answer: `agreement.answer.kept.yes`."""

_DID = {
    Act.HOLD_ACCOUNTABLE: literal("held you to your numbers"),
    Act.MOTIVATE: literal("talked with you"),
    Act.COACH: literal("coached you"),
    Act.MENTOR: literal("advised you"),
}


def agreement_message(shown: AgreementMessage) -> Message:
    """What the coach noted and the step that was agreed; the rep can say that it is otherwise."""
    agreed, reader = shown.agreement, shown.reader
    week = words.week(agreed.week, reader)
    opening = fill(
        "{coach} {did} about the week {week}, and noted:",
        coach=mention(agreed.coach),
        did=_DID[Act(agreed.act)],
        week=week,
    )
    blocks: list[Block] = [section(opening), quote(agreed.note or " ")]
    if agreed.step is not None and agreed.due_on is not None:
        blocks.append(section(_step(agreed, reader)))
    if agreed.otherwise is not None:
        blocks += [section(literal("*You say that it is otherwise:*")), quote(agreed.otherwise)]
    if shown.is_open:
        again = agreed.otherwise is not None
        blocks.append(
            actions(
                button(
                    "Change what I said" if again else "It was otherwise",
                    action_id=OTHERWISE,
                    value=str(agreed.agreement_id),
                )
            )
        )
    fallback = fill("What you and {coach} agreed on.", coach=mention(agreed.coach))
    return message(fallback, blocks)


def _step(agreed: AgreementShown, reader: Reader) -> Mrkdwn:
    assert agreed.step is not None  # noqa: S101 - checked by the callers
    assert agreed.due_on is not None  # noqa: S101 - a step has its day
    step, day = escape(agreed.step), words.day(agreed.due_on, reader)
    if agreed.kept is not None:
        done = literal("done") if agreed.kept == "yes" else literal("not done")
        return fill(
            ":small_orange_diamond: *{step}*, by {day}: {done}.", step=step, day=day, done=done
        )
    return fill(
        ":small_orange_diamond: *{step}*, by {day}. You are asked about it with the check-in after that.",
        step=step,
        day=day,
    )


def otherwise_modal(agreement_id: int, said: str | None) -> View:
    """Asks the rep how it was agreed."""
    return modal(
        "It was otherwise",
        [
            input_block(
                "How was it agreed?",
                text_input(
                    action_id=OTHERWISE_INPUT,
                    initial=said,
                    multiline=True,
                    max_length=500,
                    focus=True,
                ),
                block_id=OTHERWISE_FIELD,
                hint="Your coaches read it beside what was noted.",
            )
        ],
        callback_id=OTHERWISE_MODAL,
        submit="Send",
        metadata={"agreement": agreement_id},
    )


def asked_blocks(agreed: AgreementShown, reader: Reader, *, is_closed: bool) -> list[Block]:
    """The rows of a check-in about one agreement: the step, whether they talked, whether it helped."""
    blocks: list[Block] = []
    coach = mention(agreed.coach)
    if agreed.asks_step and agreed.step is not None and agreed.due_on is not None:
        step = fill(
            "*Your step:* {step}, by {day}.",
            step=escape(agreed.step),
            day=words.day(agreed.due_on, reader),
        )
        blocks += _row(
            agreed,
            "kept",
            fill("{step} Was it done?", step=step),
            step,
            agreed.kept,
            is_closed=is_closed,
        )
    if agreed.asks_talk:
        about = fill(
            "{coach} noted a talk with you about the week {week}.",
            coach=coach,
            week=words.week(agreed.week, reader),
        )
        blocks += _row(
            agreed,
            "talked",
            fill("{about} *Did you two talk?*", about=about),
            fill("You two talked, about the week {week}.", week=words.week(agreed.week, reader)),
            agreed.talked,
            is_closed=is_closed,
        )
        if agreed.talked == "yes":
            blocks += _row(
                agreed,
                "helped",
                literal("*Did it help?*"),
                literal("It helped."),
                agreed.helped,
                is_closed=is_closed,
            )
        if blocks and not is_closed:
            small = fill(
                ":eyes: Only you and {coach} see whether you talked and whether it helped.",
                coach=coach,
            )
            blocks.append(context(small))
    return blocks


def _row(
    agreed: AgreementShown,
    about: str,
    question: Mrkdwn,
    said: Mrkdwn,
    answer: str | None,
    *,
    is_closed: bool,
) -> list[Block]:
    """A question with Yes and No, or its answer with a button that changes it."""
    if answer is None:
        if is_closed:
            return [section(fill(":white_circle: {said} No answer.", said=said))]
        buttons = [_button(agreed, about, "yes"), _button(agreed, about, "no")]
        row = actions(*buttons, block_id=f"agreement.{about}.{agreed.agreement_id}")
        return [section(question), row]
    met = answer == "yes"
    mark = literal(":white_check_mark:") if met else literal(":x:")
    verdict = literal("Yes") if met else literal("No")
    text = fill("{mark} {said} *{verdict}.*", mark=mark, said=said, verdict=verdict)
    other = _button(agreed, about, "no" if met else "yes", change=True)
    return [section(text, accessory=None if is_closed else other)]


def _button(agreed: AgreementShown, about: str, answer: str, *, change: bool = False) -> Element:
    word = answer.capitalize()
    asked = {"kept": "the step was done", "talked": "we talked", "helped": "it helped"}[about]
    return button(
        f"Change to {word}" if change else word,
        action_id=f"{ANSWER}{about}.{answer}",
        value=str(agreed.agreement_id),
        style="primary" if answer == "yes" and not change else None,
        label=f"{word}, {asked}",
    )
