"""The form of one metric's targets for a whole team, and what follows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Choice
from bot.domain.shown.team_targets import (
    EVERYBODY,
    FROM_WEEK,
    REP,
    RepTarget,
    TeamTargetsForm,
    TeamTargetsSaved,
    rep_field,
)
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    option,
    section,
    sections,
    shorten,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, literal, mention
from bot.slack.views.setup.done import done_view
from bot.slack.views.setup.inputs import OPEN_TEAM_TARGETS, Filled, options_of, picker

TEAM_TARGETS_MODAL = "setup.team_targets"
PICK_TEAM = "team_targets.team"
PICK_METRIC = "team_targets.metric"
PICK_PAGE = "team_targets.page"
LABEL_LIMIT = 150
NAMES_SHOWN = 40


def team_targets_view(form: TeamTargetsForm) -> View:
    """One input for each rep, and one for everybody."""
    action = f"setup.input.{form.team_id}.{form.metric_id}"
    blocks: list[Block] = []
    if len(form.teams) > 1:
        blocks.append(picker(literal("Team"), options_of(form.teams), PICK_TEAM, str(form.team_id)))
    else:
        blocks.append(section(fill("*{name}*", name=escape(form.teams[0].name))))
    blocks.append(
        picker(literal("Metric"), options_of(form.metrics), PICK_METRIC, str(form.metric_id))
    )
    if form.pages > 1:
        pages = [
            Choice(number, f"Page {number + 1} of {form.pages}") for number in range(form.pages)
        ]
        blocks.append(picker(literal("Reps"), options_of(pages), PICK_PAGE, str(form.page)))
        blocks.append(
            context(literal("Save a page before you turn to another: each is saved alone."))
        )
    weeks = [option(words.week(week, form.reader), week.isoformat()) for week in form.weeks]
    blocks += [
        divider(),
        input_block(
            "They count from the week",
            static_select(weeks, action_id=action, initial=form.weeks[0].isoformat()),
            block_id=FROM_WEEK,
        ),
        input_block(
            "The same for everybody",
            text_input(action_id=action, max_length=40),
            block_id=EVERYBODY,
            hint="If this is filled in, it counts for all reps of the team, and the numbers below don’t.",
            optional=True,
        ),
        *(_rep(rep, form, action) for rep in form.reps),
    ]
    return modal(
        "Targets of a team",
        blocks,
        callback_id=TEAM_TARGETS_MODAL,
        submit="Save",
        metadata={"team": form.team_id, "metric": form.metric_id, "page": form.page},
    )


def read_team_targets(view: View) -> tuple[str, dict[str, str], date | None]:
    """The number for everybody, the texts by rep, and the Monday."""
    filled = Filled(view)
    week = filled.choice(FROM_WEEK)
    try:
        monday = date.fromisoformat(week) if week else None
    except ValueError:
        monday = None
    return filled.text(EVERYBODY), filled.starting_with(REP), monday


def team_targets_done(saved: TeamTargetsSaved) -> View:
    """After a team's targets were set: each number that changed."""
    blocks: list[Block] = []
    if saved.changed:
        lines = [_changed(rep, saved) for rep in saved.changed[:NAMES_SHOWN]]
        more = len(saved.changed) - NAMES_SHOWN
        if more > 0:
            lines.append(fill("• and {more} more", more=more))
        blocks += sections(lines)
    if saved.planned:
        who = words.listed([mention(one) for one in saved.planned[:NAMES_SHOWN]])
        blocks.append(
            context(
                fill("Left as it is, because their signed plan sets it: {who}.", who=cut(who, 2000))
            )
        )
    blocks += [context(escape(note)) for note in saved.notes]
    blocks.append(
        actions(button("Set another metric", action_id=OPEN_TEAM_TARGETS, value=str(saved.team_id)))
    )
    metric, team = escape(saved.metric), escape(saved.team)
    if not saved.changed:
        return done_view(
            fill("Nothing changed: *{team}* has these targets already.", team=team), blocks
        )
    week = words.week(saved.from_week, saved.reader)
    said = fill(
        "*{metric}* of {team} from the week {week} on:", metric=metric, team=team, week=week
    )
    return done_view(said, blocks)


def _rep(rep: RepTarget, form: TeamTargetsForm, action: str) -> Block:
    return input_block(
        shorten(rep.name, LABEL_LIMIT),
        text_input(
            action_id=f"{action}.{rep.member_id}",
            initial=_typed(rep.amount, form.unit, form.reader),
            placeholder="No target" if rep.amount is None else None,
            max_length=40,
        ),
        block_id=rep_field(rep.member_id),
        hint="The signed plan sets it; suggest other numbers from there." if rep.planned else None,
        optional=True,
    )


def _typed(amount: Decimal | None, unit: str, reader: Reader) -> str | None:
    return None if amount is None else words.number(amount, unit, reader)


def _changed(rep: RepTarget, saved: TeamTargetsSaved) -> Mrkdwn:
    amount = (
        escape(words.number(rep.amount, saved.unit, saved.reader))
        if rep.amount is not None
        else literal("no target")
    )
    return fill("• {rep}: {amount}", rep=mention(rep.slack_user_id), amount=amount)
