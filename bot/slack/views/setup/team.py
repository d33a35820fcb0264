"""The forms about a team itself: who coaches it, where misses go, when it is asked."""

from __future__ import annotations

from bot.domain.shown.setup import (
    CHANNEL,
    CHECK_IN_AT,
    CHECK_IN_DAY,
    COACH,
    CURRENCY,
    DEADLINE_AT,
    DEADLINE_DAY,
    NAME,
    SECOND_COACH,
    TEAM_NAME_LIMIT,
    WORKING_FROM,
    WORKING_UNTIL,
    Channel,
    ScheduleForm,
    ScheduleShown,
    TeamForm,
    TeamShown,
    public_field,
)
from bot.rules.weeks import weekday_name
from bot.slack.views.blocks import (
    Block,
    View,
    divider,
    input_block,
    modal,
    option,
    section,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import escape, fill, literal
from bot.slack.views.setup.inputs import (
    PICK,
    Filled,
    action_of,
    checkbox,
    conversations_select,
    options_of,
    picker,
    team_block,
    timepicker,
    users_select,
)

TEAM_MODAL = "setup.team"
SCHEDULE_MODAL = "setup.schedule"

NEW = "new"
"""The choice of a team that is still to be created."""


def team_view(shown: TeamShown) -> View:
    """Creates a team, or changes one; a public channel that was chosen asks to be confirmed."""
    form, action = shown.form, action_of(shown.team_id)
    blocks: list[Block] = []
    if shown.teams:
        choices = [option("A new team", NEW), *options_of(shown.teams)]
        current = str(shown.team_id) if shown.team_id is not None else NEW
        blocks += [picker(literal("Team"), choices, PICK + "team", current), divider()]
    blocks += [
        input_block(
            "Name",
            text_input(
                action_id=action,
                initial=form.name,
                placeholder="Field sales north",
                max_length=TEAM_NAME_LIMIT,
            ),
            block_id=NAME,
        ),
        input_block(
            "Coach",
            users_select(action_id=action, initial=form.coach),
            block_id=COACH,
            hint="Sees the reps’ numbers and takes their misses.",
        ),
        input_block(
            "Second coach",
            users_select(action_id=action, initial=form.second_coach),
            block_id=SECOND_COACH,
            hint="Sees and may do the same as the coach.",
            optional=True,
        ),
        input_block(
            "Coach channel",
            conversations_select(action_id=action, initial=form.channel),
            block_id=CHANNEL,
            hint="Where misses are posted. A private channel with Basecoach in it is best: type "
            "/invite @basecoach there first. Without a channel, misses go to the coach in a DM.",
            optional=True,
        ),
    ]
    if shown.public_channel is not None:
        blocks += _public(shown.public_channel, shown.workspace)
    if shown.team_id is None:
        blocks += _check_in(form.schedule or ScheduleForm(), action)
    blocks.append(
        input_block(
            "Currency of sales",
            text_input(action_id=action, initial=form.currency, max_length=3),
            block_id=CURRENCY,
            hint="Three letters, like USD, EUR or GBP.",
        )
    )
    return modal(
        "Create a team" if shown.team_id is None else "Change a team",
        blocks,
        callback_id=TEAM_MODAL,
        submit="Create" if shown.team_id is None else "Save",
        metadata={"team": shown.team_id},
    )


def _public(channel: Channel, workspace: str) -> list[Block]:
    return [
        section(
            fill(
                ":warning: *#{name} is public.* Everybody in {workspace} can "
                "read it, so everybody could read which rep missed what.",
                name=escape(channel.name),
                workspace=escape(workspace),
            )
        ),
        input_block(
            "Who can read it",
            checkbox(
                "Post misses there all the same",
                "yes",
                action_id="setup.public",
            ),
            block_id=public_field(channel.id),
            hint="Or choose a private channel above.",
            optional=True,
        ),
    ]


def read_team(view: View) -> tuple[TeamForm, bool]:
    """What was filled in, and whether the chosen channel was confirmed as public."""
    filled = Filled(view)
    channel = filled.conversation(CHANNEL)
    form = TeamForm(
        name=filled.text(NAME),
        coach=filled.user(COACH),
        second_coach=filled.user(SECOND_COACH),
        channel=channel,
        schedule=read_schedule(view) if filled.choice(CHECK_IN_DAY) is not None else None,
        currency=filled.text(CURRENCY),
    )
    return form, channel is not None and filled.ticked(public_field(channel))


def schedule_view(shown: ScheduleShown) -> View:
    """Changes when a team is asked."""
    action = action_of(shown.team_id)
    return modal(
        "Change the schedule",
        [
            *team_block(shown.teams, shown.team_id, "schedule"),
            *_check_in(shown.form, action),
            input_block(
                "Reminders from",
                timepicker(action_id=action, initial=shown.form.working_from),
                block_id=WORKING_FROM,
            ),
            input_block(
                "Reminders until",
                timepicker(action_id=action, initial=shown.form.working_until),
                block_id=WORKING_UNTIL,
                hint="Outside of these hours nobody is reminded.",
            ),
        ],
        callback_id=SCHEDULE_MODAL,
        submit="Save",
        metadata={"team": shown.team_id},
    )


def _check_in(form: ScheduleForm, action: str) -> list[Block]:
    days = [option(weekday_name(day), str(day)) for day in range(7)]
    return [
        input_block(
            "Check-in on",
            static_select(days, action_id=action, initial=str(form.check_in_day)),
            block_id=CHECK_IN_DAY,
        ),
        input_block(
            "Check-in at",
            timepicker(action_id=action, initial=form.check_in_at),
            block_id=CHECK_IN_AT,
            hint="In each rep’s own time zone. It asks about the week before.",
        ),
        input_block(
            "Deadline on",
            static_select(days, action_id=action, initial=str(form.deadline_day)),
            block_id=DEADLINE_DAY,
        ),
        input_block(
            "Deadline at",
            timepicker(action_id=action, initial=form.deadline_at),
            block_id=DEADLINE_AT,
            hint="The coach hears of whoever has not answered by then.",
        ),
    ]


def read_schedule(view: View) -> ScheduleForm:
    """What was filled in; a time that is not asked for keeps its usual value."""
    filled, usual = Filled(view), ScheduleForm()
    asks_hours = any(block.get("block_id") == WORKING_FROM for block in view.get("blocks", []))
    return ScheduleForm(
        check_in_day=_day(filled.choice(CHECK_IN_DAY)),
        check_in_at=filled.at(CHECK_IN_AT),
        deadline_day=_day(filled.choice(DEADLINE_DAY)),
        deadline_at=filled.at(DEADLINE_AT),
        working_from=filled.at(WORKING_FROM) if asks_hours else usual.working_from,
        working_until=filled.at(WORKING_UNTIL) if asks_hours else usual.working_until,
    )


def _day(value: str | None) -> int:
    return int(value) if value is not None and value in set("0123456") else -1
