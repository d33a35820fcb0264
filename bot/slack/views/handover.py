"""What stands in the old place of a message, the lines about changes of hands, and the log of such changes."""

from __future__ import annotations

from bot.domain.shown.audit import (
    AuditLog,
    Change,
    Entry,
    NoticeShown,
    WithdrawnBrief,
    WithdrawnShown,
)
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    message,
    modal,
    section,
    sections,
)
from bot.slack.views.handover_words import channel_named, entry_line, last_day, person
from bot.slack.views.mrkdwn import (
    Mrkdwn,
    capitalized,
    escape,
    fill,
    join,
    literal,
    mention,
)
from bot.slack.views.setup.inputs import BACK
from bot.slack.views.setup.menu import OPEN_ENROL, OPEN_MENU, OPEN_SCHEDULE, OPEN_TARGETS

LOG_MODAL = "handover.log"


def withdrawn_message(shown: WithdrawnShown) -> Message:
    """The line that stands in the old place of an alert or a plan. It has no numbers and no buttons."""
    rep = mention(shown.rep)
    what = (
        fill("The plan of {rep}", rep=rep)
        if shown.surface in {"plan", "plan_ended", "plan_reached"}
        else fill("The wish of {rep} for advice", rep=rep)
        if shown.surface == "advice"
        else fill("The alert about {rep}", rep=rep)
    )
    if not shown.is_rep:
        said = fill("{rep} is in no team any more, so nothing is left to do here.", rep=rep)
    elif shown.coach is None:
        said = fill("{what} waits for a new coach.", what=what)
    else:
        said = fill("{what} is now with {coach}.", what=what, coach=mention(shown.coach))
    return message(
        literal("This is no longer here."),
        [context(fill(":arrow_right: {said}", said=said))],
    )


def withdrawn_brief_message(shown: WithdrawnBrief) -> Message:
    """The line that stands in the old place of a weekly brief."""
    team = escape(shown.team)
    said = (
        fill("The brief about {team} is now with {coach}.", team=team, coach=mention(shown.coach))
        if shown.coach is not None
        else fill("The brief about {team} waits for a new coach.", team=team)
    )
    return message(
        literal("This is no longer here."),
        [context(fill(":arrow_right: {said}", said=said))],
    )


def notice_message(shown: NoticeShown) -> Message:
    """One line about a change of who coaches whom, with how much waits for a coach."""
    said = _notice(shown)
    if shown.entry.by is not None and shown.entry.by != shown.to:
        said = fill("{said} ({by} changed this.)", said=said, by=mention(shown.entry.by))
    if shown.welcomes:
        return _welcome(shown, said)
    waits = _what_waits(shown)
    blocks = [section(fill(":handshake: {said}", said=said))]
    if waits is not None:
        blocks.append(context(waits))
    if shown.channel is not None:
        blocks += _into_the_channel(shown)
    if shown.entry.what == Change.SUBSTITUTE and shown.to == shown.entry.before:
        blocks.append(actions(button("I’m back", action_id=BACK)))
    return message(said, blocks)


def _into_the_channel(shown: NoticeShown) -> list[Block]:
    """What people have to do about the coach channel themselves: Basecoach invites and removes nobody."""
    entry = shown.entry
    substitutes = entry.what == Change.SUBSTITUTE
    if not substitutes and entry.what not in {Change.COACH, Change.SECOND_COACH}:
        return []
    channel = channel_named(shown.channel, shown.channel_name)
    if shown.to == entry.whom:
        inviter = person(entry.before) if substitutes else literal("somebody who is")
        text = fill(
            "Alerts are posted in {channel}: if you are not in it, have {inviter} invite you. My *Home* tab shows "
            "all of them as well.",
            channel=channel,
            inviter=inviter,
        )
    elif shown.to == entry.before and substitutes:
        text = fill(
            "Alerts are posted in {channel}: invite {whom} there, if they are not in it.",
            channel=channel,
            whom=person(entry.whom),
        )
    elif shown.to == entry.before and shown.to != shown.coach:
        text = fill(
            "Whoever is in {channel} goes on reading what is posted there: leave it, if you are.",
            channel=channel,
        )
    else:
        return []
    return [context(text)]


def _welcome(shown: NoticeShown, said: Mrkdwn) -> Message:
    """The first message to a coach: what comes to them, where, and what to set up first."""
    where = (
        fill("in {channel}", channel=channel_named(shown.channel, shown.channel_name))
        if shown.channel is not None
        else literal("here, in a direct message")
    )
    waits = _what_waits(shown)
    return message(
        said,
        [
            section(fill(":wave: {said}", said=said)),
            section(
                fill(
                    "Once a week I ask each rep whether they met their goals, each with its number. A missed week "
                    "comes to you {where}, with what was missed and what may help, and so do plans to approve. My "
                    "*Home* tab shows who needs you.",
                    where=where,
                )
            ),
            *([context(waits)] if waits is not None else []),
            *_into_the_channel(shown),
            actions(
                button("Enrol reps", action_id=OPEN_ENROL, style="primary"),
                button("Set targets", action_id=OPEN_TARGETS),
                button("Change the schedule", action_id=OPEN_SCHEDULE),
                button("Everything else", action_id=OPEN_MENU),
            ),
            context(
                literal(
                    "`/coach` opens all of it again, and `/coach substitute` has somebody stand in for you."
                )
            ),
        ],
    )


def log_modal(log: AuditLog) -> View:
    """The audit log, the newest entries first."""
    lines = [_line(entry, log.reader) for entry in log.entries]
    blocks = sections(lines) if lines else [section(literal("Nothing has changed hands yet."))]
    if log.more:
        blocks.append(
            context(literal("Older entries are printed by `basecoach audit`, for whoever runs me."))
        )
    blocks.append(context(literal("The log says who sees whose numbers. It never holds numbers.")))
    return modal("Who sees whose numbers", blocks, callback_id=LOG_MODAL)


def _line(entry: Entry, reader: Reader) -> Mrkdwn:
    by = (
        fill(" By {by}.", by=mention(entry.by))
        if entry.by is not None
        else literal("")
        if entry.what == Change.SUBSTITUTE_OVER
        else literal(" By Slack, or by whoever runs me.")
    )
    return fill(
        "{when}   {said}{by}",
        when=words.day_and_time(entry.at, reader),
        said=capitalized(entry_line(entry, reader)),
        by=by,
    )


def _notice(shown: NoticeShown) -> Mrkdwn:
    """What the change means for the person who is told."""
    entry, team = shown.entry, escape(shown.entry.team)
    who = mention(shown.coach) if shown.coach is not None else literal("nobody yet")
    own = shown.to == entry.whom
    match entry.what:
        case Change.COACH if shown.is_rep:
            return fill("{coach} coaches you now, and sees your numbers.", coach=who)
        case Change.COACH if own:
            return fill("You coach {team} now.", team=team)
        case Change.COACH if shown.to == entry.before:
            return fill(
                "{coach} coaches {team} now. You no longer see its numbers.", coach=who, team=team
            )
        case Change.SECOND_COACH:
            return _of_second_coach(shown)
        case Change.REP_MOVED if own:
            return fill(
                "You are in {team} now. {coach} coaches you, and sees your numbers.",
                team=team,
                coach=who,
            )
        case Change.REP_LEFT if own:
            return fill(
                "You are no longer in {team}. Nothing is asked of you any more, "
                "and its coaches no longer see your numbers.",
                team=team,
            )
        case Change.SUBSTITUTE | Change.SUBSTITUTE_OVER:
            return _of_substitute(shown)
        case Change.COACH_LOST if not own:
            return fill(
                "{said} {coach} coaches it now.", said=entry_line(entry, shown.reader), coach=who
            )
    return capitalized(entry_line(entry, shown.reader))


def _of_second_coach(shown: NoticeShown) -> Mrkdwn:
    """What a change of the second coach means for the person who is told."""
    entry, team = shown.entry, escape(shown.entry.team)
    before, after = person(entry.before), person(entry.after)
    if shown.to == entry.whom:
        return fill("You are second coach of {team} now.", team=team)
    if shown.to == entry.before and shown.to != shown.coach:
        said = (
            literal("")
            if entry.after is None
            else fill("{after} is second coach of {team} now. ", after=after, team=team)
        )
        return fill(
            "{said}You are no longer second coach of {team}, and no longer see its numbers.",
            said=said,
            team=team,
        )
    if shown.is_rep and entry.after is None:
        return fill(
            "{before} is no longer second coach of {team}, and no longer sees your numbers.",
            before=before,
            team=team,
        )
    if shown.is_rep:
        return fill(
            "{after} is second coach of {team} now, and sees your numbers.", after=after, team=team
        )
    return capitalized(entry_line(entry, shown.reader))


def _of_substitute(shown: NoticeShown) -> Mrkdwn:
    """What it means for the person who is told that somebody stands in, or no longer does."""
    entry, team = shown.entry, escape(shown.entry.team)
    own = shown.to == entry.whom
    match entry.what:
        case Change.SUBSTITUTE if own:
            return fill(
                "You stand in for {before} as coach of {team}, up to and including {day}. Alerts and plans come "
                "to you, and until then you see the numbers of its reps.",
                before=person(entry.before),
                team=team,
                day=last_day(entry, shown.reader),
            )
        case Change.SUBSTITUTE if shown.to == entry.before:
            return fill(
                "{whom} stands in for you as coach of {team}, up to and including {day}. You see its numbers "
                "again when you are back.",
                whom=person(entry.whom),
                team=team,
                day=last_day(entry, shown.reader),
            )
        case Change.SUBSTITUTE if shown.is_rep:
            return fill(
                "{whom} stands in for {before} as your coach, up to and including {day}, and sees your numbers "
                "until then.",
                whom=person(entry.whom),
                before=person(entry.before),
                day=last_day(entry, shown.reader),
            )
        case Change.SUBSTITUTE_OVER if own:
            return fill(
                "{before} coaches {team} again. Thank you for standing in: you no longer see its numbers.",
                before=person(entry.before),
                team=team,
            )
        case Change.SUBSTITUTE_OVER if shown.to == entry.before:
            return fill("You coach {team} again.", team=team)
        case Change.SUBSTITUTE_OVER if shown.is_rep:
            return fill(
                "{before} coaches you again. {whom} no longer sees your numbers.",
                before=person(entry.before),
                whom=person(entry.whom),
            )
    return capitalized(entry_line(entry, shown.reader))


def _what_waits(shown: NoticeShown) -> Mrkdwn | None:
    waiting = []
    if shown.open_alerts:
        waiting.append(words.count(shown.open_alerts, "alert"))
    if shown.waiting_plans:
        waiting.append(words.count(shown.waiting_plans, "plan"))
    if not waiting:
        return None
    where = (
        fill("in {channel}", channel=channel_named(shown.channel, shown.channel_name))
        if shown.channel is not None
        else literal("in a direct message")
    )
    return fill("Open there: {what}, {where}.", what=join(waiting, " and "), where=where)
