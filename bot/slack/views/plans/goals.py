"""The goals beside the sales goal: as they stand in the third step, and the form for one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.shown.plans import (
    AMOUNT,
    COMMISSION,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    METRIC,
    UNIT,
    WORDS,
    GoalShown,
    OtherGoalForm,
    OtherGoalStep,
    PlanShown,
)
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    datepicker,
    input_block,
    modal,
    option,
    section,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import literal
from bot.slack.views.plans import goal_words
from bot.slack.views.plans import words as plan_words
from bot.slack.views.setup.inputs import Filled, overflow

GOAL_FORM = "plan.goal_form"

ADD = "plan.add_goal."
"""Followed by the kind of goal; the button's value is the plan."""
MORE = "plan.goal_more"
"""The ⋯ menu of a goal; its options' values are `change:kind:plan:goal` and `remove::plan:goal`."""

INPUT = "value"

INCOME, PERSONAL, LEAVE, WEEKLY = "income", "personal", "leave", "metric"

_ADDS = {
    INCOME: ("Income", "Add an income goal"),
    PERSONAL: ("Personal", "Add a personal goal"),
    LEAVE: ("Leave", "Add a leave"),
    WEEKLY: ("A weekly number", "Add a goal for a weekly number"),
}
_TITLES = {
    INCOME: "Income goal",
    PERSONAL: "Personal goal",
    LEAVE: "Leave",
    WEEKLY: "A weekly number",
}
_TEXT = 60
_IDENTITY = re.compile("[0-9]{1,9}")


def goal_blocks(shown: PlanShown) -> list[Block]:
    """Each goal with its menu, and a button for each kind that can be added."""
    if shown.goals:
        blocks = [_goal(goal, shown) for goal in shown.goals]
    else:
        blocks = [
            context(
                literal(
                    "What else do you want from this time? It is written down beside the sales goal, "
                    "and checked against it."
                )
            )
        ]
    value = str(shown.plan_id)
    adds = [
        button(f"+ {text}", action_id=ADD + kind, value=value, label=label)
        for kind, (text, label) in _ADDS.items()
    ]
    return [*blocks, actions(*adds)]


def _goal(goal: GoalShown, shown: PlanShown) -> Block:
    about = f"{shown.plan_id}:{goal.goal_id}"
    menu = overflow(
        [option("Change", f"change:{goal.kind}:{about}"), option("Remove", f"remove::{about}")],
        action_id=MORE,
    )
    return section(goal_words.goal_line(goal, shown.reader), accessory=menu)


def goal_modal(step: OtherGoalStep) -> View:
    """The form for one goal, with what stands in it."""
    blocks = {
        INCOME: _income,
        PERSONAL: _personal,
        LEAVE: _leave,
        WEEKLY: _weekly,
    }[step.kind](step)
    return modal(
        _TITLES[step.kind],
        blocks,
        callback_id=GOAL_FORM,
        submit="Save" if any(block["type"] == "input" for block in blocks) else None,
        metadata={
            "plan": step.plan_id,
            "goal": step.goal.goal_id if step.goal is not None else None,
            "kind": step.kind,
        },
    )


def _income(step: OtherGoalStep) -> list[Block]:
    return [
        _text(
            "How much do you want to earn in this time?",
            AMOUNT,
            initial=_amount(step),
            placeholder="90,000 or 90k",
        ),
        _text(
            "Your commission, in % of what you sell",
            COMMISSION,
            initial=_number(step, "commission"),
            placeholder="15",
            hint="Leave it empty if you have none. With it, I check that the sales goal earns this much.",
            optional=True,
        ),
    ]


def _personal(step: OtherGoalStep) -> list[Block]:
    goal = step.goal
    return [
        _words(step, "What is the goal?", "Run a half marathon"),
        _text(
            "A number, if it has one",
            AMOUNT,
            initial=_amount(step),
            placeholder="21",
            optional=True,
        ),
        _text(
            "Of what?",
            UNIT,
            initial=goal.unit if goal is not None else None,
            placeholder="km, books, evenings at home",
            optional=True,
        ),
        _hours(step),
        *_days(step),
    ]


def _leave(step: OtherGoalStep) -> list[Block]:
    return [
        *_days(step, optional=False),
        _words(step, "What for?", "Family in Lisbon", optional=True),
    ]


def _weekly(step: OtherGoalStep) -> list[Block]:
    metrics = [
        option(name if unit in {"count", "money"} else f"{name} ({unit})", str(identity))
        for identity, name, unit in step.metrics
    ]
    if not metrics:
        return [
            section(literal("Your team counts nothing that a goal could be about. Ask your coach."))
        ]
    return [
        input_block(
            "What is counted?",
            static_select(
                metrics,
                action_id=INPUT,
                initial=str(step.metric_id) if step.metric_id is not None else None,
                placeholder="Choose one",
            ),
            block_id=METRIC,
        ),
        _text("How much a week?", AMOUNT, initial=_amount(step), placeholder="5"),
        _hours(step),
        *_days(step),
    ]


def _words(step: OtherGoalStep, label: str, placeholder: str, *, optional: bool = False) -> Block:
    return input_block(
        label,
        text_input(
            action_id=INPUT,
            initial=step.goal.words if step.goal is not None else None,
            placeholder=placeholder,
            max_length=200,
        ),
        block_id=WORDS,
        optional=optional,
    )


def _hours(step: OtherGoalStep) -> Block:
    return _text(
        "Hours a week that it takes",
        HOURS,
        initial=_number(step, "hours"),
        placeholder="3",
        hint="With them, I check that the week holds it beside the conversations.",
        optional=True,
    )


def _days(step: OtherGoalStep, *, optional: bool = True) -> list[Block]:
    goal = step.goal
    return [
        input_block(
            label,
            datepicker(action_id=INPUT, initial=initial),
            block_id=block_id,
            optional=optional,
        )
        for label, block_id, initial in (
            ("First day", FIRST_DAY, goal.begins_on if goal else None),
            ("Last day", LAST_DAY, goal.ends_on if goal else None),
        )
    ]


def _text(
    label: str,
    block_id: str,
    *,
    initial: str | None,
    placeholder: str,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    return input_block(
        label,
        text_input(action_id=INPUT, initial=initial, placeholder=placeholder, max_length=_TEXT),
        block_id=block_id,
        hint=hint,
        optional=optional,
    )


def _amount(step: OtherGoalStep) -> str | None:
    goal = step.goal
    if goal is None or goal.amount is None:
        return None
    unit = (goal.unit or "count") if step.kind != PERSONAL else "count"
    return words.bare_number(goal.amount, unit, step.reader)


def _number(step: OtherGoalStep, name: str) -> str | None:
    amount = getattr(step.goal, name) if step.goal is not None else None
    return plan_words.count(amount, step.reader) if amount is not None else None


def read_goal(view: Mapping[str, Any], kind: str) -> OtherGoalForm:
    """What a submitted form says; an id that is no number reads as none."""
    filled = Filled(view)
    metric = filled.choice(METRIC)
    return OtherGoalForm(
        kind=kind,
        words=filled.text(WORDS),
        amount=filled.text(AMOUNT),
        unit=filled.text(UNIT),
        metric_id=int(metric) if metric and _IDENTITY.fullmatch(metric) else None,
        commission=filled.text(COMMISSION),
        hours=filled.text(HOURS),
        begins_on=filled.day(FIRST_DAY),
        ends_on=filled.day(LAST_DAY),
    )
