"""The act that an alert asks for: what is suggested and why, what was chosen, and how it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.shown.agreements import DoneForm
from bot.domain.shown.alerts import AlertShown
from bot.rules.acts import Act, Cause
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Element,
    View,
    button,
    datepicker,
    input_block,
    modal,
    option,
    plain_section,
    quote,
    section,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import capitalized, escape, fill, literal

CHOOSE = "alert.choose"
HOW = "alert.how"
HOW_MODAL = "alert.how_modal"
GUIDES_MODAL = "acts.guides"
GUIDE_FIELD = "acts.guide."
"""Followed by the act."""
GUIDE_INPUT = "lines"

DONE_MODAL = "alert.done_modal"
ACT_FIELD = "alert.act"
ACT_INPUT = "act"
NOTE_FIELD = "alert.note"
NOTE_INPUT = "note"
STEP_FIELD = "alert.step"
STEP_INPUT = "step"
DUE_FIELD = "alert.due"
DUE_INPUT = "due"

MARK = literal(":dart:")


def act_block(shown: AlertShown) -> Block | None:
    """The act with its reason, and what was suggested where the coach chose another one."""
    if shown.act is not None:
        act = Act(shown.act)
        text = fill("{mark} *{act}*", mark=MARK, act=escape(act.label))
        if shown.suggested_act is not None and shown.suggested_act != shown.act:
            text = fill(
                "{text} (suggested was: {suggested}, {because})",
                text=text,
                suggested=escape(Act(shown.suggested_act).label.lower()),
                because=escape(shown.suggested_because or ""),
            )
        elif shown.suggested_because:
            text = fill("{text}: {because}", text=text, because=escape(shown.suggested_because))
        return section(text)
    if shown.suggested_act is None:
        return None
    act = Act(shown.suggested_act)
    return section(
        fill(
            "{mark} *Suggested: {act}.* {because}.",
            mark=MARK,
            act=escape(act.label.lower()),
            because=capitalized(escape(shown.suggested_because or "")),
        )
    )


def words_of_rep(shown: AlertShown) -> list[Block]:
    """What the rep says was in the way, and that the rep would like advice."""
    blocks: list[Block] = []
    if shown.cause is not None and shown.cause in set(Cause):
        said = escape(Cause(shown.cause).label)
        blocks.append(section(fill("In the way: *{said}*", said=said)))
        if shown.cause_words:
            blocks.append(quote(shown.cause_words))
    if shown.asked_advice:
        rep = escape(words.first_name(shown.rep_name) or shown.rep_name)
        blocks.append(section(fill(":raised_hand: {rep} *would like advice.*", rep=rep)))
        if shown.advice_words:
            blocks.append(quote(shown.advice_words))
    return blocks


def act_buttons(shown: AlertShown) -> list[Element]:
    """The menu with which a coach picks another act, and the button that says how the act is done."""
    current = shown.act or shown.suggested_act
    if current is None:
        return []
    acts = [option(act.label, f"{shown.alert_id}:{act.value}") for act in Act if act != current]
    return [
        static_select(acts, action_id=CHOOSE, placeholder="Another act"),
        button(
            "How",
            action_id=HOW,
            value=str(shown.alert_id),
            label=f"How to do it: {Act(current).label}",
        ),
    ]


def how_modal(act: Act, lines: Sequence[str]) -> View:
    """The lines on how an act is done."""
    return modal(
        act.label,
        [plain_section(f"{number}. {line}") for number, line in enumerate(lines, start=1)],
        callback_id=HOW_MODAL,
        close="Close",
    )


def guides_modal(lines: Mapping[Act, Sequence[str]], *, may_write: bool) -> View:
    """How all acts are done; an admin can write other lines."""
    if not may_write:
        blocks = [
            block
            for act in Act
            for block in (
                section(fill("{mark} *{act}*", mark=MARK, act=escape(act.label))),
                plain_section("\n".join(lines[act])),
            )
        ]
        return modal("How acts are done", blocks, callback_id=GUIDES_MODAL, close="Close")
    return modal(
        "How acts are done",
        [
            input_block(
                act.label,
                text_input(
                    action_id=GUIDE_INPUT,
                    initial="\n".join(lines[act]),
                    multiline=True,
                    max_length=1000,
                ),
                block_id=f"{GUIDE_FIELD}{act.value}",
                hint="Three lines at most. Empty brings the built-in ones back.",
                optional=True,
            )
            for act in Act
        ],
        callback_id=GUIDES_MODAL,
        submit="Save",
    )


def done_modal(form: DoneForm) -> View:
    """Asks the coach what was done, and for a step with its day if one was agreed."""
    name = words.first_name(form.rep_name) or form.rep_name
    return modal(
        "What did you do?",
        [
            input_block(
                "What was it?",
                static_select(
                    [option(act.label, act.value) for act in Act],
                    action_id=ACT_INPUT,
                    initial=form.act,
                    placeholder="Choose",
                ),
                block_id=ACT_FIELD,
            ),
            input_block(
                f"What did you and {name} agree on?",
                text_input(
                    action_id=NOTE_INPUT,
                    multiline=True,
                    max_length=1000,
                    focus=True,
                    placeholder="Called on Tuesday; two first meetings a day until Friday.",
                ),
                block_id=NOTE_FIELD,
                hint=f"{name} reads it, and so does everybody in the coach channel.",
            ),
            input_block(
                "One step",
                text_input(
                    action_id=STEP_INPUT, max_length=200, placeholder="Three pre-call plans"
                ),
                block_id=STEP_FIELD,
                hint=f"{name} is asked about it with the check-in after its day.",
                optional=True,
            ),
            input_block(
                "By when", datepicker(action_id=DUE_INPUT), block_id=DUE_FIELD, optional=True
            ),
        ],
        callback_id=DONE_MODAL,
        submit="Done",
        metadata={"alert": form.alert_id},
    )
