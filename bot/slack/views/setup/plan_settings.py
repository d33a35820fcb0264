"""The form of a team's plan settings, and what follows it."""

from __future__ import annotations

from bot.domain.shown.plan_settings import (
    HOURS,
    MINUTES,
    RAISE_AFTER,
    SALES_CYCLE,
    PlanSettingsForm,
    PlanSettingsSaved,
    PlanSettingsShown,
)
from bot.slack.views import words
from bot.slack.views.blocks import Block, View, context, input_block, modal, section, text_input
from bot.slack.views.mrkdwn import escape, fill, join, literal
from bot.slack.views.setup.done import done_view
from bot.slack.views.setup.inputs import Filled, action_of, team_block
from bot.slack.views.setup.menu import PLAN

PLAN_MODAL = "setup.plan"

LONGEST = 20
"""Characters that a number may have."""


def plan_settings_view(shown: PlanSettingsShown) -> View:
    """Changes what a team's plans are made with."""
    form, action = shown.form, action_of(shown.team_id)

    def number(label: str, value: str, block_id: str, hint: str) -> Block:
        element = text_input(action_id=action, initial=value, max_length=LONGEST)
        return input_block(label, element, block_id=block_id, hint=hint)

    return modal(
        "Plan settings",
        [
            *team_block(shown.teams, shown.team_id, PLAN),
            number(
                "Sales cycle, in days",
                form.sales_cycle_days,
                SALES_CYCLE,
                "From the first conversation to home, as it usually is. It counts for reps with fewer than "
                "five sales in the last year; for the others, what their log says.",
            ),
            number(
                "Minutes for a conversation",
                form.conversation_minutes,
                MINUTES,
                "With getting ready before and notes after it.",
            ),
            number(
                "Hours a week",
                form.weekly_hours,
                HOURS,
                "What a rep has for conversations and their other goals. A plan that needs more is pointed out.",
            ),
            number(
                "Weeks until higher goals",
                form.raise_after_weeks,
                RAISE_AFTER,
                "After so many weeks in a row with everything met they are proposed to rep and coach.",
            ),
        ],
        callback_id=PLAN_MODAL,
        submit="Save",
        metadata={"team": shown.team_id},
    )


def read_plan_settings(view: View) -> PlanSettingsForm:
    """What was filled in."""
    filled = Filled(view)
    return PlanSettingsForm(
        sales_cycle_days=filled.text(SALES_CYCLE),
        conversation_minutes=filled.text(MINUTES),
        weekly_hours=filled.text(HOURS),
        raise_after_weeks=filled.text(RAISE_AFTER),
    )


def plan_settings_done(saved: PlanSettingsSaved) -> View:
    """After a team's plan settings were changed."""
    lines = [
        fill(
            "A sale takes {days} where a rep’s log does not say.",
            days=words.count(saved.sales_cycle_days, "day"),
        ),
        fill(
            "A conversation takes {minutes}, and a rep has {hours} a week.",
            minutes=words.count(saved.conversation_minutes, "minute"),
            hours=words.count(saved.weekly_hours, "hour"),
        ),
        fill(
            "Higher goals are proposed after {weeks} with everything met.",
            weeks=words.count(saved.raise_after_weeks, "week"),
        ),
    ]
    return done_view(
        fill("The plan settings of *{name}* were saved.", name=escape(saved.name)),
        [
            section(join(lines, "\n")),
            context(literal("They count from now on. A plan that is signed stays as it is.")),
        ],
    )
