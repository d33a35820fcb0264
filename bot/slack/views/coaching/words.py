"""The rep's own words: what was in the way of a missed week, and a wish for advice."""

from __future__ import annotations

from bot.domain.shown.agreements import AdviceShown, PassedOnShown
from bot.domain.shown.checkins import CauseForm, CheckInShown
from bot.rules.acts import Cause
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
    option,
    quote,
    section,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import escape, fill, literal, mention

CAUSE = "cause.choose"
CAUSE_BLOCK = "cause."
"""Followed by the check-in's id."""
CAUSE_LINE = "cause.line"
CAUSE_MODAL = "cause.modal"
CAUSE_FIELD = "cause.cause"
CAUSE_INPUT = "cause"
LINE_FIELD = "cause.words"
LINE_INPUT = "words"

ADVICE = "advice.open"
ADVICE_BACK = "advice.take_back"
ADVICE_DONE = "advice.done"
ADVICE_MODAL = "advice.modal"
ADVICE_FIELD = "advice.words"
ADVICE_INPUT = "words"


def advice_button() -> Element:
    """The button with which a rep asks for advice."""
    return button("I’d like advice", action_id=ADVICE)


def advice_back_button() -> Element:
    """The button with which a rep takes the wish back."""
    return button(
        "Take it back", action_id=ADVICE_BACK, label="I don’t need advice any more; take it back"
    )


def cause_blocks(shown: CheckInShown) -> list[Block]:
    """What was in the way of a week with a No, and the wish for advice."""
    if shown.closed_for_good:
        return []
    blocks: list[Block] = []
    if shown.missed:
        blocks += _cause(shown)
    elif shown.state == "answered" and not shown.asked_advice:
        blocks.append(actions(advice_button()))
    if shown.asked_advice:
        said = literal(":raised_hand: You would like advice. Your coaches know.")
        blocks.append(section(said, accessory=advice_back_button()))
    return blocks


def _cause(shown: CheckInShown) -> list[Block]:
    more = [] if shown.asked_advice else [advice_button()]
    if shown.cause is None:
        menu = static_select(
            [option(cause.label.capitalize(), cause.value) for cause in Cause],
            action_id=CAUSE,
            placeholder="What was in the way?",
        )
        return [actions(menu, *more, block_id=f"{CAUSE_BLOCK}{shown.check_in_id}")]
    said = escape(Cause(shown.cause).label)
    line = button(
        "Change" if shown.cause_words else "Add a line",
        action_id=CAUSE_LINE,
        value=str(shown.check_in_id),
        label="Say more about what was in the way",
    )
    blocks = [section(fill("In the way: *{said}*.", said=said), accessory=line)]
    if shown.cause_words:
        blocks.append(quote(shown.cause_words))
    if more:
        blocks.append(actions(*more))
    return blocks


def cause_modal(form: CauseForm, *, chosen: str | None = None, reply: str | None = None) -> View:
    """Asks what was in the way, with a line in the rep's own words."""
    cause = chosen or form.cause
    return modal(
        "What was in the way?",
        [
            input_block(
                "In the way",
                static_select(
                    [option(one.label.capitalize(), one.value) for one in Cause],
                    action_id=CAUSE_INPUT,
                    initial=cause,
                    placeholder="Choose",
                ),
                block_id=CAUSE_FIELD,
            ),
            input_block(
                "In your words",
                text_input(
                    action_id=LINE_INPUT,
                    initial=form.words,
                    max_length=500,
                    focus=True,
                ),
                block_id=LINE_FIELD,
                hint="Your coaches read it, and so does everybody in the coach channel.",
                optional=cause != Cause.SOMETHING_ELSE,
            ),
        ],
        callback_id=CAUSE_MODAL,
        submit="Send",
        metadata={"check_in": form.check_in_id, "reply": reply},
    )


def advice_modal() -> View:
    """Asks what the advice should be about."""
    return modal(
        "I’d like advice",
        [
            input_block(
                "About what?",
                text_input(
                    action_id=ADVICE_INPUT,
                    max_length=500,
                    focus=True,
                    placeholder="How to open the second conversation",
                ),
                block_id=ADVICE_FIELD,
                hint="Your coaches read it, and so does everybody in the coach channel.",
                optional=True,
            )
        ],
        callback_id=ADVICE_MODAL,
        submit="Ask for it",
    )


def advice_message(shown: AdviceShown) -> Message:
    """A rep's wish for advice, as the coaches read it."""
    rep = mention(shown.rep)
    if shown.closed_at is not None:
        when = words.day_and_time(shown.closed_at, shown.reader)
        if shown.closed_by == shown.rep:
            said = fill("{rep} took the wish for advice back, {when}.", rep=rep, when=when)
        else:
            by = mention(shown.closed_by or shown.coach)
            said = fill(
                ":white_check_mark: {rep} wanted advice. {by} took care of it, {when}.",
                rep=rep,
                by=by,
                when=when,
            )
        return message(said, [section(said)])
    said = fill(
        ":raised_hand: {coach}: {rep} *would like advice.*", coach=mention(shown.coach), rep=rep
    )
    blocks = [section(said)]
    if shown.words:
        blocks.append(quote(shown.words))
    talked = button(
        "We talked",
        action_id=ADVICE_DONE,
        value=str(shown.advice_id),
        label=f"I talked with {shown.rep_name}",
    )
    blocks.append(actions(talked))
    name = escape(shown.rep_name)
    return message(fill("{name} would like advice.", name=name), blocks)


def passed_on_message(shown: PassedOnShown, buttons: list[Element]) -> Message:
    """The line to the second coach about an alert that nobody took."""
    rep, week = mention(shown.rep), words.week(shown.week, shown.reader)
    if shown.done_by is not None:
        said = fill("{by} took care of {rep}.", by=mention(shown.done_by), rep=rep)
        return message(said, [context(fill(":white_check_mark: {said}", said=said))])
    if shown.taken_by is not None:
        said = fill("{by} took the alert about {rep}.", by=mention(shown.taken_by), rep=rep)
        return message(said, [context(fill(":raised_hand: {said}", said=said))])
    if not shown.is_needed:
        said = fill("The week {week} of {rep} is no miss any more.", week=week, rep=rep)
        return message(said, [context(said)])
    since = words.day_and_time(shown.created_at, shown.reader)
    said = fill(
        ":clock5: Nobody has taken the alert about {rep} and the week {week} since {since}. "
        "{coach} is not at it; can you?",
        rep=rep,
        week=week,
        since=since,
        coach=mention(shown.coach),
    )
    fallback = fill("Nobody has taken the alert about {rep}.", rep=escape(shown.rep_name))
    return message(fallback, [section(said), actions(*buttons)])
