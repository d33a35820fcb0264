"""The forms of a decision: from which week, why it goes back, other numbers, why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.shown.plans import FROM_WEEK, REASON, Approval, NumbersStep, PlanShown, SuggestForm
from bot.rules.plan import AVERAGE_SALE, GOAL, RATIO, WORKING_WEEKS
from bot.rules.ratios import Step
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    context,
    input_block,
    modal,
    option,
    section,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import escape, fill, literal, mention
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.buttons import in_each_others_way
from bot.slack.views.plans.wizard import average_input, ratio_input, weeks_input
from bot.slack.views.setup.inputs import Filled

APPROVAL_MODAL = "plan.approval"
SEND_BACK_MODAL = "plan.sending_back"
SUGGEST_MODAL = "plan.suggestion"
DECLINE_MODAL = "plan.declining"

INPUT = "value"
REASON_LIMIT = 1000


def approval_modal(shown: Approval) -> View:
    """From which Monday the plan is to count."""
    weeks = [
        option(f"The week {words.week(week, shown.reader)}", week.isoformat())
        for week in shown.weeks
    ]
    warning = [
        context(
            fill(
                ":warning: {conflicts} *How it comes about* has the arithmetic.",
                conflicts=escape(in_each_others_way(shown.conflicts)),
            )
        )
    ]
    return modal(
        "Approve the plan",
        [
            *(warning if shown.conflicts else []),
            input_block(
                f"From when are {shown.rep_name}’s new targets to count?",
                static_select(weeks, action_id=INPUT, initial=shown.weeks[0].isoformat()),
                block_id=FROM_WEEK,
                hint="The targets of the weeks before it stay as they are.",
            ),
        ],
        callback_id=APPROVAL_MODAL,
        submit="Approve",
        metadata={"plan": shown.plan_id},
    )


def send_back_modal(shown: PlanShown) -> View:
    """Why the plan goes back to the rep."""
    return modal(
        "Send the plan back",
        [
            _reason(
                f"What should {shown.rep_name} change, and why?",
                "Half your wins came from two old customers. Take 15 % and let us look again.",
                hint=f"{shown.rep_name} reads it, and so does whoever is in the coach channel.",
            )
        ],
        callback_id=SEND_BACK_MODAL,
        submit="Send back",
        metadata={"plan": shown.plan_id},
    )


def decline_modal(shown: PlanShown) -> View:
    """Why the rep does not take the suggested numbers, if they want to say."""
    return modal(
        "No, thanks",
        [
            section(
                fill(
                    "{coach} hears of it. Your targets stay as they are.",
                    coach=mention(shown.coach),
                )
            ),
            _reason("Why not?", "I am away for half of May.", optional=True),
        ],
        callback_id=DECLINE_MODAL,
        submit="Decline",
        metadata={"plan": shown.plan_id},
    )


def suggest_modal(step: NumbersStep) -> View:
    """The numbers of a version, for the coach to type over."""
    reader, year = step.reader, step.span.first.year
    blocks: list[Block] = [
        context(literal("Nothing changes unless the rep accepts these numbers and you sign them.")),
        input_block(
            "Goal",
            text_input(action_id=INPUT, initial=plan_words.money(step.goal, reader), max_length=60),
            block_id=GOAL,
            hint=f"For {plan_words.span(step.span, reader)}.",
        ),
        average_input(step, typed=plan_words.BY_HAND),
        *(ratio_input(ratio, reader, year, typed=plan_words.BY_HAND) for ratio in step.ratios),
        weeks_input(step),
        _reason("A word to the rep", "Your 1st → 2nd is better than you think.", optional=True),
    ]
    return modal(
        "Suggest numbers",
        blocks,
        callback_id=SUGGEST_MODAL,
        submit="Suggest",
        metadata={"plan": step.plan_id},
    )


def _reason(
    label: str, placeholder: str, *, hint: str | None = None, optional: bool = False
) -> Block:
    return input_block(
        label,
        text_input(
            action_id=INPUT, placeholder=placeholder, multiline=True, max_length=REASON_LIMIT
        ),
        block_id=REASON,
        hint=hint,
        optional=optional,
    )


def read_week(view: Mapping[str, Any]) -> str:
    """The chosen week as its option has it; empty where none was chosen."""
    return Filled(view).choice(FROM_WEEK) or ""


def read_reason(view: Mapping[str, Any]) -> str:
    return Filled(view).text(REASON)


def read_suggestion(view: Mapping[str, Any]) -> SuggestForm:
    """What the coach typed."""
    filled = Filled(view)
    return SuggestForm(
        goal=filled.text(GOAL),
        average_sale=filled.text(AVERAGE_SALE),
        ratios={step: filled.text(RATIO + step) for step in Step},
        working_weeks=filled.text(WORKING_WEEKS),
        reason=filled.text(REASON),
    )
