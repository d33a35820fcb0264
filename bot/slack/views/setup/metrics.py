"""The forms about a team's own metrics."""

from __future__ import annotations

from bot.domain.shown.setup import (
    METRIC_NAME_LIMIT,
    NAME,
    QUESTION,
    QUESTION_LIMIT,
    SOURCE,
    UNIT,
    UNIT_LIMIT,
    MetricForm,
    MetricShown,
    OwnMetric,
)
from bot.slack.views.blocks import (
    Block,
    View,
    divider,
    input_block,
    modal,
    option,
    radio_buttons,
    section,
    text_input,
)
from bot.slack.views.mrkdwn import escape, fill, literal
from bot.slack.views.setup.inputs import Filled, action_of, overflow, team_block
from bot.slack.views.setup.menu import ARCHIVE, MORE, RENAME

METRIC_MODAL = "setup.metric"
RENAME_MODAL = "setup.rename"
ARCHIVE_MODAL = "setup.archive"

HAND, ASKED = "hand", "asked"


def metric_view(shown: MetricShown) -> View:
    """Adds a metric to a team, and lists those it has."""
    action = action_of(shown.team_id)
    blocks = [
        *team_block(shown.teams, shown.team_id, "metric"),
        *_metric_words(MetricForm(), action),
        input_block(
            "Unit",
            text_input(action_id=action, placeholder="hours", max_length=UNIT_LIMIT),
            block_id=UNIT,
            hint="Empty for a whole number, “money” for amounts, or a word of your own.",
            optional=True,
        ),
        input_block(
            "Where the number comes from",
            radio_buttons(
                [
                    option("Reps log it during the week", HAND),
                    option("Reps are asked for it at the check-in", ASKED),
                ],
                action_id=action,
                initial=HAND,
            ),
            block_id=SOURCE,
        ),
    ]
    if shown.own:
        blocks.append(divider())
        blocks += [_own(metric) for metric in shown.own]
    return modal(
        "Add a metric",
        blocks,
        callback_id=METRIC_MODAL,
        submit="Add",
        metadata={"team": shown.team_id},
    )


def rename_view(metric: OwnMetric) -> View:
    """Gives a team's own metric other words."""
    form = MetricForm(metric.name, metric.unit, metric.question, metric.source)
    return modal(
        "Change a metric",
        _metric_words(form, action_of(metric.id)),
        callback_id=RENAME_MODAL,
        submit="Save",
        metadata={"metric": metric.id},
    )


def archive_view(metric: OwnMetric) -> View:
    """Asks once more before a metric is archived."""
    return modal(
        "Archive a metric",
        [
            section(
                fill(
                    "*{name}* will not be asked any more in {team}. "
                    "What was answered stays in the record.",
                    name=escape(metric.name),
                    team=escape(metric.team),
                )
            )
        ],
        callback_id=ARCHIVE_MODAL,
        submit="Archive",
        metadata={"metric": metric.id},
    )


def read_metric(view: View) -> MetricForm:
    filled = Filled(view)
    return MetricForm(
        name=filled.text(NAME),
        unit=filled.text(UNIT),
        question=filled.text(QUESTION),
        source=filled.choice(SOURCE) or "",
    )


def _metric_words(form: MetricForm, action: str) -> list[Block]:
    return [
        input_block(
            "Name",
            text_input(
                action_id=action,
                initial=form.name,
                placeholder="Demos",
                max_length=METRIC_NAME_LIMIT,
            ),
            block_id=NAME,
        ),
        input_block(
            "Question at the check-in",
            text_input(
                action_id=action,
                initial=form.question,
                placeholder="Did you meet your goal for demos?",
                max_length=QUESTION_LIMIT,
            ),
            block_id=QUESTION,
            hint="Answered with Yes or No. Empty for the usual words.",
            optional=True,
        ),
    ]


def _own(metric: OwnMetric) -> Block:
    how = (
        literal("logged during the week")
        if metric.source == HAND
        else literal("asked at the check-in")
    )
    unit = {"count": literal(""), "money": literal(", in money")}.get(
        metric.unit, fill(", in {unit}", unit=escape(metric.unit))
    )
    menu = overflow(
        [
            option("Change the words", f"{RENAME}:{metric.id}"),
            option("Archive", f"{ARCHIVE}:{metric.id}"),
        ],
        action_id=MORE,
    )
    return section(
        fill("*{name}*\n{how}{unit}", name=escape(metric.name), how=how, unit=unit), accessory=menu
    )
