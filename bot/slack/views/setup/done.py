"""What follows a form of setting up: what is so now, when people are asked, what is still missing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import (
    Enrolled,
    EnrolSaved,
    OwnMetric,
    TargetsSaved,
    TeamSaved,
)
from bot.rules.weeks import Schedule, weekday_name
from bot.slack.views import words
from bot.slack.views.blocks import Block, View, actions, button, context, modal, section, sections
from bot.slack.views.mrkdwn import Mrkdwn, channel_link, escape, fill, literal, mention
from bot.slack.views.setup.menu import OPEN_ENROL, OPEN_TARGETS, OPEN_ZONE, place, when

DONE_MODAL = "setup.done"

_MEND_CHANNEL = {
    "is_archived": literal("is archived: unarchive it or choose another channel"),
    "channel_not_found": literal(
        "can’t be found: invite me there with `/invite @basecoach`, or choose another channel"
    ),
    "not_in_channel": literal("does not have me in it: invite me there with `/invite @basecoach`"),
}


def done_view(text: Mrkdwn, blocks: list[Block]) -> View:
    """What takes the place of a form that was sent: that it is done, and what follows."""
    first = section(fill(":white_check_mark: {text}", text=text))
    return modal("Done", [first, *blocks], callback_id=DONE_MODAL, close="Close")


def team_done(saved: TeamSaved) -> View:
    """After a team was created or changed."""
    where = (
        fill("in {channel}", channel=channel_link(saved.channel))
        if saved.channel
        else literal("in a DM, because the team has no coach channel yet")
    )
    blocks = [
        section(fill("{coach} hears of misses {where}.", coach=mention(saved.coach), where=where)),
        section(_schedule(saved.schedule, saved.reader)),
    ]
    if saved.reps == 0:
        blocks.append(
            section(
                literal("Next, choose who is asked."),
                accessory=button(
                    "Enrol reps", action_id=OPEN_ENROL, value=str(saved.team_id), style="primary"
                ),
            )
        )
    what = literal("was created") if saved.is_new else literal("was saved")
    return done_view(fill("*{name}* {what}.", name=escape(saved.name), what=what), blocks)


def schedule_done(saved: TeamSaved) -> View:
    """After a team's schedule was changed."""
    blocks = [section(_schedule(saved.schedule, saved.reader))]
    if saved.reps:
        said = fill(
            "The next check-in of {reps} moved with it.", reps=words.count(saved.reps, "rep")
        )
        blocks.append(
            context(fill("{said} One that is open already keeps its deadline.", said=said))
        )
    return done_view(fill("The schedule of *{name}* was saved.", name=escape(saved.name)), blocks)


def enrol_done(saved: EnrolSaved) -> View:
    """After people were made reps: when each is asked first, and what is missing."""
    blocks = [_rep(rep, saved) for rep in saved.reps]
    zoneless = [rep for rep in saved.reps if rep.timezone_missing]
    for rep in zoneless:
        blocks.append(
            section(
                fill(
                    "Slack gives no time zone for {rep}, so {place} time is used.",
                    rep=mention(rep.slack_user_id),
                    place=place(rep.timezone),
                ),
                accessory=button("Set time zone", action_id=OPEN_ZONE, value=str(rep.member_id)),
            )
        )
    if saved.channel is None:
        blocks.append(
            section(
                fill(
                    "*{team}* has no coach channel, so misses go to the coach in a DM. "
                    "A workspace admin can choose one with `/coach team`.",
                    team=escape(saved.team),
                )
            )
        )
    elif saved.channel_problem is not None:
        mend = _MEND_CHANNEL.get(
            saved.channel_problem, literal("can’t be posted to: choose another one")
        )
        blocks.append(
            section(
                fill(
                    "The coach channel {channel} {mend}.",
                    channel=channel_link(saved.channel),
                    mend=mend,
                )
            )
        )
    new = [rep for rep in saved.reps if rep.change != "unchanged"]
    if not new:
        return done_view(
            fill("Nothing changed: all of them are reps of *{team}*.", team=escape(saved.team)),
            blocks,
        )
    what = literal("is a rep") if len(new) == 1 else literal("are reps")
    people = words.listed([mention(rep.slack_user_id) for rep in new])
    return done_view(
        fill("{people} {what} of *{team}* now.", people=people, what=what, team=escape(saved.team)),
        blocks,
    )


def _rep(rep: Enrolled, saved: EnrolSaved) -> Block:
    if rep.next_due_at is None or rep.next_week is None:
        asked = literal("nothing is planned")
    else:
        reader = replace(saved.reader, timezone=rep.timezone)
        asked = fill(
            "first asked {when}, about the week {week}{share}",
            when=when(rep.next_due_at, rep.timezone, saved.reader),
            week=words.week(rep.next_week, reader),
            share=(
                fill(" ({joined}, goals in proportion)", joined=words.days_off(rep.work, reader))
                if rep.work is not None
                else literal("")
            ),
        )
    text = fill("{rep}: {asked}.", rep=mention(rep.slack_user_id), asked=asked)
    if rep.has_targets:
        return section(text)
    return section(
        fill("{text}\nThere are *no targets* yet, and without them nothing is asked.", text=text),
        accessory=button(
            "Set targets", action_id=OPEN_TARGETS, value=str(rep.member_id), style="primary"
        ),
    )


def targets_done(saved: TargetsSaved) -> View:
    """After a rep's targets were set, with how doubtful numbers were read."""
    goals = [
        fill(
            "• {name}: {next_week}",
            name=escape(row.name),
            next_week=escape(words.number(row.next_week, row.unit, saved.reader)),
        )
        for row in saved.rows
        if row.next_week is not None
    ]
    if not goals:
        goals = [literal("No targets, so nothing is asked.")]
    blocks = sections(goals)
    blocks += [context(escape(note)) for note in saved.notes]
    if saved.next_due_at is not None:
        due = when(saved.next_due_at, saved.timezone, saved.reader)
        blocks.append(context(fill("Next check-in {due}.", due=due)))
    blocks.append(actions(button("Set another rep’s targets", action_id=OPEN_TARGETS)))
    rep = mention(saved.slack_user_id)
    if not saved.changed:
        return done_view(
            fill("Nothing changed: these are the targets of {rep} already.", rep=rep), blocks
        )
    week = words.week(saved.from_week, saved.reader)
    return done_view(
        fill("The targets of {rep} from the week {week} on:", rep=rep, week=week), blocks
    )


def metric_done(metric: OwnMetric, *, what: str) -> View:
    """After a metric was added, changed or archived."""
    blocks: list[Block] = []
    if what == "added":
        blocks.append(
            section(
                literal("It is asked of each rep who has a target for it."),
                accessory=button("Set targets", action_id=OPEN_TARGETS, style="primary"),
            )
        )
        if metric.source == "hand":
            blocks.append(
                context(literal("Reps log it during the week from Basecoach’s Home tab."))
            )
    return done_view(
        fill(
            "*{name}* of {team} was {what}.",
            name=escape(metric.name),
            team=escape(metric.team),
            what=escape(what),
        ),
        blocks,
    )


def zone_done(slack_user_id: str, timezone: str) -> View:
    """After a rep's time zone was chosen."""
    return done_view(
        fill(
            "{rep} is asked by the clock of *{timezone}* now.",
            rep=mention(slack_user_id),
            timezone=escape(timezone),
        ),
        [],
    )


def removed(slack_user_id: str) -> View:
    """After a rep was taken out of a team."""
    return done_view(
        fill(
            "{rep} is no rep any more and will not be asked.",
            rep=mention(slack_user_id),
        ),
        [],
    )


def _schedule(schedule: Schedule, reader: Reader) -> Mrkdwn:
    return fill(
        "Reps are asked on *{day}* at *{at}* and can answer until *{deadline_day}* at *{deadline_at}*, "
        "each in their own time zone.",
        day=escape(weekday_name(schedule.day)),
        at=words.time_of_day(schedule.at, reader),
        deadline_day=escape(weekday_name(schedule.deadline_day)),
        deadline_at=words.time_of_day(schedule.deadline_at, reader),
    )
