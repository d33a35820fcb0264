"""What follows a form of setting up: what is so now, when people are asked, what is still missing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.shown.setup import (
    Enrolled,
    EnrolSaved,
    OwnMetric,
    TargetsSaved,
    TeamSaved,
)
from bot.rules.weeks import Schedule, weekday_name
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    channel_link,
    context,
    escape,
    mention,
    modal,
    section,
)
from bot.slack.views.setup.menu import OPEN_ENROL, OPEN_TARGETS, OPEN_ZONE, place, when

DONE_MODAL = "setup.done"

_MEND_CHANNEL = {
    "is_archived": "is archived: unarchive it or choose another channel",
    "channel_not_found": "can’t be found: invite me there with `/invite @basecoach`, "
    "or choose another channel",
    "not_in_channel": "does not have me in it: invite me there with `/invite @basecoach`",
}


def done_view(text: str, blocks: list[Block]) -> View:
    """What takes the place of a form that was sent: that it is done, and what follows."""
    first = section(f":white_check_mark: {text}")
    return modal("Done", [first, *blocks], callback_id=DONE_MODAL, close="Close")


def team_done(saved: TeamSaved) -> View:
    """After a team was created or changed."""
    where = (
        f"in {channel_link(saved.channel)}"
        if saved.channel
        else "in a DM, because the team has no coach channel yet"
    )
    blocks = [
        section(f"{mention(saved.coach)} hears of misses {where}."),
        section(_schedule(saved.schedule)),
    ]
    if saved.reps == 0:
        blocks.append(
            section(
                "Next, choose who is asked.",
                accessory=button(
                    "Enrol reps", action_id=OPEN_ENROL, value=str(saved.team_id), style="primary"
                ),
            )
        )
    what = "was created" if saved.is_new else "was saved"
    return done_view(f"*{escape(saved.name)}* {what}.", blocks)


def schedule_done(saved: TeamSaved) -> View:
    """After a team's schedule was changed."""
    blocks = [section(_schedule(saved.schedule))]
    if saved.reps:
        said = f"The next check-in of {words.count(saved.reps, 'rep')} moved with it."
        blocks.append(context(f"{said} One that is open already keeps its deadline."))
    return done_view(f"The schedule of *{escape(saved.name)}* was saved.", blocks)


def enrol_done(saved: EnrolSaved) -> View:
    """After people were made reps: when each is asked first, and what is missing."""
    blocks = [_rep(rep, saved) for rep in saved.reps]
    zoneless = [rep for rep in saved.reps if rep.timezone_missing]
    for rep in zoneless:
        blocks.append(
            section(
                f"Slack gives no time zone for {mention(rep.slack_user_id)}, so {place(rep.timezone)} "
                "time is used.",
                accessory=button("Set time zone", action_id=OPEN_ZONE, value=str(rep.member_id)),
            )
        )
    if saved.channel is None:
        blocks.append(
            section(
                f"*{escape(saved.team)}* has no coach channel, so misses go to the coach in a DM. "
                "A workspace admin can choose one with `/coach team`."
            )
        )
    elif saved.channel_problem is not None:
        mend = _MEND_CHANNEL.get(saved.channel_problem, "can’t be posted to: choose another one")
        blocks.append(section(f"The coach channel {channel_link(saved.channel)} {mend}."))
    new = [rep for rep in saved.reps if rep.change != "unchanged"]
    if not new:
        return done_view(
            f"Nothing changed: all of them are reps of *{escape(saved.team)}*.", blocks
        )
    what = "is a rep" if len(new) == 1 else "are reps"
    people = words.listed([mention(rep.slack_user_id) for rep in new])
    return done_view(f"{people} {what} of *{escape(saved.team)}* now.", blocks)


def _rep(rep: Enrolled, saved: EnrolSaved) -> Block:
    if rep.next_due_at is None or rep.next_week is None:
        asked = "nothing is planned"
    else:
        reader = replace(saved.reader, timezone=rep.timezone)
        asked = (
            f"first asked {when(rep.next_due_at, rep.timezone, saved.reader)}, "
            f"about the week {words.week(rep.next_week, reader)}"
        )
    text = f"{mention(rep.slack_user_id)}: {asked}."
    if rep.has_targets:
        return section(text)
    return section(
        f"{text}\nThere are *no targets* yet, and without them nothing is asked.",
        accessory=button(
            "Set targets", action_id=OPEN_TARGETS, value=str(rep.member_id), style="primary"
        ),
    )


def targets_done(saved: TargetsSaved) -> View:
    """After a rep's targets were set, with how doubtful numbers were read."""
    goals = [
        f"• {escape(row.name)}: {escape(words.number(row.next_week, row.unit, saved.reader))}"
        for row in saved.rows
        if row.next_week is not None
    ]
    if not goals:
        goals = ["No targets, so nothing is asked."]
    blocks = [section("\n".join(goals))]
    blocks += [context(escape(note)) for note in saved.notes]
    if saved.next_due_at is not None:
        due = when(saved.next_due_at, saved.timezone, saved.reader)
        blocks.append(context(f"Next check-in {due}."))
    blocks.append(actions(button("Set another rep’s targets", action_id=OPEN_TARGETS)))
    rep = mention(saved.slack_user_id)
    if not saved.changed:
        return done_view(f"Nothing changed: these are the targets of {rep} already.", blocks)
    week = words.week(saved.from_week, saved.reader)
    return done_view(f"The targets of {rep} from the week {week} on:", blocks)


def metric_done(metric: OwnMetric, *, what: str) -> View:
    """After a metric was added, changed or archived."""
    blocks: list[Block] = []
    if what == "added":
        blocks.append(
            section(
                "It is asked of each rep who has a target for it.",
                accessory=button("Set targets", action_id=OPEN_TARGETS, style="primary"),
            )
        )
        if metric.source == "hand":
            blocks.append(context("Reps log it during the week from Basecoach’s Home tab."))
    return done_view(f"*{escape(metric.name)}* of {escape(metric.team)} was {what}.", blocks)


def zone_done(slack_user_id: str, timezone: str) -> View:
    """After a rep's time zone was chosen."""
    return done_view(
        f"{mention(slack_user_id)} is asked by the clock of *{escape(timezone)}* now.", []
    )


def removed(slack_user_id: str) -> View:
    """After a rep was taken out of a team."""
    return done_view(f"{mention(slack_user_id)} is no rep any more and will not be asked.", [])


def _schedule(schedule: Schedule) -> str:
    return (
        f"Reps are asked on *{weekday_name(schedule.day)}* at *{schedule.at:%H:%M}* and can answer "
        f"until *{weekday_name(schedule.deadline_day)}* at *{schedule.deadline_at:%H:%M}*, "
        "each in their own time zone."
    )
