"""What a change of hands is called: one line for an entry of the audit log, and its parts."""

from __future__ import annotations

from datetime import date

from bot.domain.shown.audit import (
    Change,
    Entry,
)
from bot.domain.shown.places import BOT, CHANNEL_SHARED
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.mrkdwn import (
    Mrkdwn,
    channel_link,
    escape,
    fill,
    literal,
    mention,
)


def entry_line(entry: Entry, reader: Reader) -> Mrkdwn:
    """What one entry says, to a reader whom it does not concern."""
    team, whom = escape(entry.team), person(entry.whom)
    before, after = person(entry.before), person(entry.after)
    match entry.what:
        case Change.COACH if entry.before is None:
            return fill("{after} coaches {team}.", after=after, team=team)
        case Change.COACH:
            return fill(
                "{after} coaches {team} now, in place of {before}.",
                after=after,
                team=team,
                before=before,
            )
        case Change.SECOND_COACH if entry.after is None:
            return fill("{before} is no longer second coach of {team}.", before=before, team=team)
        case Change.SECOND_COACH:
            return fill(
                "{after} is second coach of {team} now, and sees the numbers of its reps.",
                after=after,
                team=team,
            )
        case Change.CHANNEL if entry.after is None:
            return fill("{team} has no coach channel any more.", team=team)
        case Change.CHANNEL:
            return fill(
                "Alerts and plans of {team} go to {channel} now.",
                team=team,
                channel=channel_named(entry.after, entry.channel_name),
            )
        case Change.CHANNEL_OPENED:
            return fill(
                "{channel} {why}, so alerts and plans of {team} go to its coaches directly. "
                "A workspace admin can choose a private channel with `/coach team`.",
                channel=channel_named(entry.before, entry.channel_name),
                why=literal("is shared with another organization")
                if entry.after == CHANNEL_SHARED
                else literal("became public"),
                team=team,
            )
        case Change.REP_JOINED:
            return fill("{whom} is a rep of {team} now.", whom=whom, team=team)
        case Change.REP_MOVED:
            return fill(
                "{whom} moved from {old} to {team}.",
                whom=whom,
                old=escape(entry.before or ""),
                team=team,
            )
        case Change.REP_LEFT:
            return fill("{whom} left {team}.", whom=whom, team=team)
        case Change.COACH_BACK:
            return fill("{whom} can coach {team} again.", whom=whom, team=team)
        case Change.SUBSTITUTE | Change.SUBSTITUTE_OVER | Change.PAUSE | Change.PAUSE_OVER:
            return _for_some_days(entry, reader)
    return fill(
        "{whom} can’t coach {team} any more: {why}.", whom=whom, team=team, why=_why(entry.after)
    )


def _for_some_days(entry: Entry, reader: Reader) -> Mrkdwn:
    """What an entry says about a substitute, or about a pause of the team."""
    team, whom, before = escape(entry.team), person(entry.whom), person(entry.before)
    match entry.what:
        case Change.SUBSTITUTE:
            return fill(
                "{whom} stands in for {before} as coach of {team}, up to and including {day}.",
                whom=whom,
                before=before,
                team=team,
                day=last_day(entry, reader),
            )
        case Change.PAUSE:
            return fill(
                "{team} pauses, {days}: nothing is asked about that time, and it counts for nobody.",
                team=team,
                days=_days(entry, reader),
            )
        case Change.PAUSE_OVER:
            return fill(
                "The pause of {team}, {days}, was taken back: from now on it is asked as ever.",
                team=team,
                days=_days(entry, reader),
            )
    return fill(
        "{before} coaches {team} again, and {whom} no longer stands in.",
        before=before,
        team=team,
        whom=whom,
    )


def last_day(entry: Entry, reader: Reader) -> Mrkdwn:
    return words.day(date.fromisoformat(entry.after or ""), reader)


def _days(entry: Entry, reader: Reader) -> Mrkdwn:
    first, last = (date.fromisoformat(day or "") for day in (entry.before, entry.after))
    return words.days(first, last, reader)


def channel_named(channel: str | None, name: str | None) -> Mrkdwn:
    """The channel's name where the bot knows it: a link shows the name to the channel's members only."""
    if name is not None:
        return escape(f"#{name}")
    return channel_link(channel or "")


def _why(after: str | None) -> Mrkdwn:
    if after == "guest":
        return literal("guests may not see the numbers of others")
    return literal("it is a bot") if after == BOT else literal("the account was deactivated")


def person(slack_user_id: str | None) -> Mrkdwn:
    return mention(slack_user_id) if slack_user_id is not None else literal("nobody")
