"""The forms about reps: enrolling, targets, time zone, taking out."""

from __future__ import annotations

from datetime import date

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import (
    FROM_WEEK,
    NEXT_WEEK,
    REPS,
    REPS_AT_ONCE,
    THIS_WEEK,
    ZONE,
    EnrolShown,
    RepCard,
    TargetRow,
    TargetsShown,
    amount_field,
)
from bot.rules.weeks import WEEK
from bot.slack.views import words
from bot.slack.views.blocks import (
    MENU_OPTIONS,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    option,
    plain,
    radio_buttons,
    section,
    text_input,
)
from bot.slack.views.mrkdwn import escape, fill, literal, mention
from bot.slack.views.setup.inputs import (
    OPEN_TEAM_TARGETS,
    PICK,
    Filled,
    action_of,
    multi_users_select,
    options_of,
    team_block,
    users_select,
)

ENROL_MODAL = "setup.enrol"
TARGETS_MODAL = "setup.targets"
ZONE_MODAL = "setup.zone"
REMOVE_MODAL = "setup.remove"


def enrol_view(shown: EnrolShown) -> View:
    """Makes people reps of a team."""
    return modal(
        "Enrol reps",
        [
            *team_block(shown.teams, shown.team_id, "enrol"),
            input_block(
                "Who",
                multi_users_select(action_id=action_of(shown.team_id), most=REPS_AT_ONCE),
                block_id=REPS,
                hint=f"Up to {REPS_AT_ONCE} at once. Each gets a short welcome in a DM.",
            ),
            context(literal("A rep of another team moves to this one and keeps the past.")),
        ],
        callback_id=ENROL_MODAL,
        submit="Enrol",
        metadata={"team": shown.team_id},
    )


def read_reps(view: View) -> list[str]:
    """The Slack ids that were chosen."""
    return Filled(view).users(REPS)


def targets_view(shown: TargetsShown) -> View:
    """Sets the targets of one rep; without one, only asks whose."""
    blocks: list[Block] = [_rep_picker(shown)]
    if len([rep for _, reps in shown.reps for rep in reps]) > 1:
        blocks.append(actions(button("All reps of a team at once", action_id=OPEN_TEAM_TARGETS)))
    if shown.member_id is None or shown.this_week is None:
        return modal("Set targets", blocks, callback_id=TARGETS_MODAL, close="Close")
    blocks.append(divider())
    for row in shown.rows:
        current = row.next_week
        blocks.append(
            input_block(
                _goal_label(row),
                text_input(
                    action_id=action_of(shown.member_id),
                    initial=_typed(row, shown.reader),
                    placeholder="No target" if current is None else None,
                    max_length=40,
                ),
                block_id=amount_field(row.metric_id),
                hint=_goal_hint(row, shown.reader),
                optional=True,
            )
        )
    following = shown.this_week + WEEK
    blocks.append(
        input_block(
            "They count",
            radio_buttons(
                [
                    option(
                        _week_option("From this week on", shown.this_week, shown.reader), THIS_WEEK
                    ),
                    option(_week_option("From next week on", following, shown.reader), NEXT_WEEK),
                ],
                action_id=action_of(shown.member_id),
                initial=THIS_WEEK,
            ),
            block_id=FROM_WEEK,
            hint="Past weeks stay as they were. An empty target is not asked about.",
        )
    )
    return modal(
        "Set targets",
        blocks,
        callback_id=TARGETS_MODAL,
        submit="Save",
        metadata={"member": shown.member_id},
    )


def read_targets(view: View) -> tuple[dict[str, str], str]:
    """The typed texts by metric, and from which week they count."""
    filled = Filled(view)
    return filled.starting_with(amount_field(0).removesuffix("0")), filled.choice(FROM_WEEK) or ""


def zone_view(rep: RepCard) -> View:
    """Chooses the time zone of a rep."""
    return modal(
        "Set time zone",
        [
            section(
                fill(
                    "{rep} is asked by the clock of *{timezone}* now. "
                    "A zone chosen here counts instead of the one in their Slack profile.",
                    rep=mention(rep.slack_user_id),
                    timezone=escape(rep.timezone),
                )
            ),
            input_block(
                "Time zone",
                text_input(
                    action_id=action_of(rep.member_id), placeholder="Europe/London", max_length=64
                ),
                block_id=ZONE,
                hint="Region and city, like Europe/London or America/New_York.",
            ),
        ],
        callback_id=ZONE_MODAL,
        submit="Save",
        metadata={"member": rep.member_id},
    )


def read_zone(view: View) -> str:
    return Filled(view).text(ZONE)


def remove_view(rep: RepCard) -> View:
    """Asks once more before a rep is taken out of a team."""
    return modal(
        "Take out a rep",
        [
            section(
                fill(
                    "{rep} will not be a rep of {team} any more: no further "
                    "check-ins, and the coach no longer sees their numbers. The past stays in the "
                    "record, and enrolling again brings them back.",
                    rep=mention(rep.slack_user_id),
                    team=escape(rep.team),
                )
            )
        ],
        callback_id=REMOVE_MODAL,
        submit="Take out",
        metadata={"member": rep.member_id},
    )


def _rep_picker(shown: TargetsShown) -> Block:
    """Reps by team while they fit into a select; anybody of the workspace where they don't."""
    everybody = [rep for _, reps in shown.reps for rep in reps]
    if len(everybody) > MENU_OPTIONS:
        select = users_select(action_id=PICK + "targets")
    else:
        select = {
            "type": "static_select",
            "action_id": PICK + "targets",
            "placeholder": plain("Choose a rep"),
            "option_groups": [
                {"label": plain(team.name, 75), "options": options_of(reps)}
                for team, reps in shown.reps
            ],
        }
        current = next((rep for rep in everybody if rep.id == shown.member_id), None)
        if current is not None:
            select["initial_option"] = option(current.name, str(current.id))
    return section(
        fill("*Whose targets*\n{name}", name=escape(shown.name))
        if shown.name
        else literal("*Whose targets?*"),
        accessory=select,
    )


def _goal_label(row: TargetRow) -> str:
    unit = "" if row.unit in {"count", "money"} else f" ({row.unit})"
    return f"{row.name} a week{unit}"


def _goal_hint(row: TargetRow, reader: Reader) -> str | None:
    said = []
    if row.planned:
        said.append("The signed plan sets it; suggest other numbers from there.")
    if row.this_week != row.next_week:
        this = (
            words.number(row.this_week, row.unit, reader) if row.this_week is not None else "none"
        )
        said.append(f"This week it is still {this}.")
    return " ".join(said) or None


def _typed(row: TargetRow, reader: Reader) -> str | None:
    """The target as somebody would type it, in a form that reads back the same."""
    if row.next_week is None:
        return None
    return words.number(row.next_week, row.unit, reader)


def _week_option(text: str, week: date, reader: Reader) -> str:
    return f"{text} ({words.week(week, reader)})"
