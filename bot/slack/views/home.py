"""App Home: the rep's week, the coach's reps, the admin's checklist."""

from __future__ import annotations

from datetime import date

from bot.domain.shown.home import CoachedRep, CoachHome, GoalShown, HomeShown, RepHome
from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Checklist
from bot.slack.views import words
from bot.slack.views.absences import OPEN as OPEN_AWAY
from bot.slack.views.absences import planned_block
from bot.slack.views.alerts import RESULT_MARKS, channel_problem
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    header,
    home,
    section,
)
from bot.slack.views.checkins.messages import OPEN_FORM
from bot.slack.views.conversations.entries import OPEN as LOG_NUMBER
from bot.slack.views.conversations.messages import OPEN_MODAL as LOG_CONVERSATION
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal, mention
from bot.slack.views.plans import on_home as plan_home
from bot.slack.views.setup.menu import OPEN_MENU, checklist_blocks

_LAST_RESULTS = {
    "met": literal("met every goal"),
    "missed": literal("missed"),
    "silent": literal("did not answer"),
    "away": literal("was away"),
    "skipped": literal("was not asked"),
    "open": literal("has not answered yet"),
    "none": literal("not asked yet"),
}

_NOT_ASKED = {
    "no_targets": literal("no targets were set"),
    "not_sent": literal("Basecoach or Slack was down for too long"),
    "unreachable": literal("Slack could not deliver it"),
    "left": literal("no longer in the team"),
}

_ALERTS = {"waiting": literal("waits for you"), "taken": literal("taken"), "done": literal("done")}

BAR = 10
"""Squares in a full progress bar."""


def home_view(shown: HomeShown) -> View:
    """One person's Home."""
    blocks: list[Block] = []
    if shown.rep is not None:
        blocks += _rep(shown.rep, shown.reader)
    for team in shown.coached:
        blocks += [divider()] if blocks else []
        blocks += _coached(team, shown.reader)
    if shown.checklist is not None:
        blocks += [divider()] if blocks else []
        blocks += _checklist(shown.checklist)
    if not blocks:
        blocks += _stranger(shown)
    if shown.coached and shown.checklist is None:
        blocks.append(actions(button("Set up my team", action_id=OPEN_MENU)))
    blocks.append(divider())
    blocks.append(
        context(
            literal(
                "`/log-conversation Acme 2nd` logs a conversation, `/checkin` opens the open check-in, "
                "`/checkin away today` says that you are away, "
                "`/plan` your plan, `/coach` sets things up. Each of them answers `help`."
            )
        )
    )
    return home(blocks)


def _rep(rep: RepHome, reader: Reader) -> list[Block]:
    blocks: list[Block] = [header(f"Your week {words.week(rep.week, reader)}")]
    if rep.away_until is not None:
        blocks.append(
            section(
                fill(
                    ":palm_tree: *You are away until {day}.* "
                    "Nothing is sent to you until you are back.",
                    day=words.day(rep.away_until, reader),
                )
            )
        )
    if rep.open_check_in is not None and rep.open_week is not None:
        blocks.append(
            section(
                _open_check_in(rep, rep.open_week, reader),
                accessory=button(
                    "Answer now",
                    action_id=OPEN_FORM,
                    value=str(rep.open_check_in),
                    style="primary",
                ),
            )
        )
    if rep.work is not None and rep.work.left <= 0:
        blocks.append(
            section(
                fill(
                    "{days_off} this week, so nothing is asked about it.",
                    days_off=capitalized(words.days_off(rep.work)),
                )
            )
        )
    elif rep.goals:
        blocks.append(section(join((_goal(goal, reader) for goal in rep.goals), "\n")))
    else:
        blocks.append(
            section(
                fill(
                    "You have no targets yet. {coach} can set them with `/coach`.",
                    coach=mention(rep.coach),
                )
            )
        )
    if rep.work is not None and rep.work.left > 0:
        blocks.append(
            context(
                fill(
                    ":palm_tree: {days_off}, so the goals are smaller.",
                    days_off=capitalized(words.days_off(rep.work)),
                )
            )
        )
    log = [button("Log a conversation", action_id=LOG_CONVERSATION, style="primary")]
    if rep.by_hand:
        log.append(button("Log a number", action_id=LOG_NUMBER))
    log.append(button("I’m away", action_id=OPEN_AWAY))
    blocks.append(actions(*log))
    blocks += [planned_block(absence, reader, own=True) for absence in rep.planned]
    blocks.append(plan_home.for_rep(rep, reader))
    blocks.append(context(_next(rep, reader)))
    blocks.append(section(_history(rep, reader)))
    coaches = [mention(c) for c in (rep.coach, rep.second_coach) if c is not None]
    blocks.append(
        context(
            fill(
                ":eyes: You and {coaches} see your numbers. Nobody else, "
                "except that a miss is shown in the coach channel.",
                coaches=words.listed(coaches),
            )
        )
    )
    return blocks


def _open_check_in(rep: RepHome, week: date, reader: Reader) -> Mrkdwn:
    about = words.week(week, reader)
    if rep.comes_at is not None:
        when = words.day_and_time(rep.comes_at, reader)
        return fill(
            ":bell: *Your check-in about {about} comes {when}.* You can answer it now if you like.",
            about=about,
            when=when,
        )
    closes = (
        fill(
            " It closes {when}.",
            when=words.weekday_and_time(rep.deadline_at, reader),
        )
        if rep.deadline_at
        else literal("")
    )
    return fill(":bell: *Your check-in about {about} is open.*{closes}", about=about, closes=closes)


def _target(goal: GoalShown, reader: Reader) -> Mrkdwn:
    """`12`, or `12 (20 a week)` where days off made it smaller; escaped."""
    target = escape(words.number(goal.target, goal.unit, reader))
    if goal.full_target is None:
        return target
    return fill(
        "{target} ({full_target} a week)",
        target=target,
        full_target=escape(words.number(goal.full_target, goal.unit, reader)),
    )


def _goal(goal: GoalShown, reader: Reader) -> Mrkdwn:
    target = _target(goal, reader)
    name = escape(goal.name)
    if goal.logged is None:
        return fill("*{name}*   goal {target}, asked at the check-in", name=name, target=target)
    logged = escape(words.bare_number(goal.logged, goal.unit, reader))
    done = literal(":white_check_mark: ") if goal.logged >= goal.target else literal("")
    return fill(
        "{bar}  {done}*{name}*  {logged} of {target}",
        bar=_bar(goal),
        done=done,
        name=name,
        logged=logged,
        target=target,
    )


def _bar(goal: GoalShown) -> Mrkdwn:
    if goal.logged is None or goal.target <= 0:
        return escape("▰" * BAR)
    full = min(int(goal.logged * BAR / goal.target), BAR)
    return escape("▰" * full + "▱" * (BAR - full))


def _next(rep: RepHome, reader: Reader) -> Mrkdwn:
    if rep.next_due_at is None:
        return fill("No check-in is planned. Ask {coach}.", coach=mention(rep.coach))
    return fill(
        ":calendar: The next check-in comes {when}.",
        when=words.day_and_time(rep.next_due_at, reader),
    )


def _history(rep: RepHome, reader: Reader) -> Mrkdwn:
    asked = [week for week in rep.history if week.result != "none"]
    if not asked:
        return literal("*The last 12 weeks* fill up here with each check-in.")
    squares = join(RESULT_MARKS[week.result] for week in rep.history)
    met = sum(week.result == "met" for week in asked)
    streak = (
        fill(" {weeks} in a row.", weeks=words.count(rep.streak, "week"))
        if rep.streak > 1
        else literal("")
    )
    first = words.short_week(rep.history[0].week, reader)
    last = words.short_week(rep.history[-1].week, reader)
    return fill(
        "*The last {weeks} weeks* ({first} to {last}): "
        "every goal met in {met} of {asked}.{streak}\n{squares}",
        weeks=len(rep.history),
        first=first,
        last=last,
        met=met,
        asked=len(asked),
        streak=streak,
        squares=squares,
    )


def _coached(team: CoachHome, reader: Reader) -> list[Block]:
    reader = Reader(timezone=reader.timezone, locale=reader.locale, currency=team.currency)
    blocks: list[Block] = [header(team.team)]
    if team.channel_problem is not None:
        blocks.append(
            context(
                fill(
                    ":warning: {why}",
                    why=channel_problem(team.channel_problem, team.coach_channel),
                )
            )
        )
    if not team.reps:
        blocks.append(
            section(literal("Nobody is enrolled yet. Enrol your reps with `/coach enrol`."))
        )
    blocks += [
        section(_coached_rep(rep, reader), accessory=plan_home.button_for_coach(rep))
        for rep in team.reps
    ]
    if team.more:
        blocks.append(
            context(fill("… and {reps}.", reps=words.count(team.more, "more rep", "more reps")))
        )
    return blocks


def _coached_rep(rep: CoachedRep, reader: Reader) -> Mrkdwn:
    last = _LAST_RESULTS[rep.last_result]
    if rep.not_asked_because is not None:
        why = _NOT_ASKED.get(rep.not_asked_because, escape(rep.not_asked_because))
        last = fill("{last} ({why})", last=last, why=why)
    if rep.marked_late is not None:
        when = words.weekday_and_time(rep.marked_late.at, reader)
        by = mention(rep.marked_late.by)
        last = fill("{last} (marked as away late, by {by}, {when})", last=last, by=by, when=when)
    alert = (
        fill(", alert {state}", state=_ALERTS[rep.alert]) if rep.alert is not None else literal("")
    )
    away = (
        fill("   :palm_tree: away until {day}", day=words.day(rep.away_until, reader))
        if rep.away_until
        else literal("")
    )
    goals = join((_coached_goal(goal, reader) for goal in rep.goals), " · ") or literal(
        "no targets yet"
    )
    plan = plan_home.state_for_coach(rep.plan, reader)
    return fill(
        "{rep}{away}   last check-in: {last}{alert}\n{goals}\n{plan}",
        rep=mention(rep.slack_user_id),
        away=away,
        last=last,
        alert=alert,
        goals=goals,
        plan=plan,
    )


def _coached_goal(goal: GoalShown, reader: Reader) -> Mrkdwn:
    target = _target(goal, reader)
    if goal.target == 0:
        return fill("{name}: nothing, away the whole week", name=escape(goal.name))
    if goal.logged is None:
        return fill("{name}: goal {target}", name=escape(goal.name), target=target)
    logged = escape(words.bare_number(goal.logged, goal.unit, reader))
    return fill(
        "{name}: {logged} of {target}", name=escape(goal.name), logged=logged, target=target
    )


def _checklist(checklist: Checklist) -> list[Block]:
    return [header("Set-up"), *checklist_blocks(checklist)]


def _stranger(shown: HomeShown) -> list[Block]:
    return [
        header("Basecoach"),
        section(
            fill(
                "Hi {name}. "
                "Basecoach asks each sales rep once a week whether they met their own numbers, "
                "and brings misses to their coach.",
                name=escape(words.first_name(shown.name) or shown.name),
            )
        ),
        section(
            literal(
                "You are in no team here, so there is nothing for you to do. "
                "If you expected otherwise, ask a workspace admin to enrol you with `/coach`."
            )
        ),
    ]
