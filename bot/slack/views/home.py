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
    escape,
    header,
    home,
    mention,
    section,
)
from bot.slack.views.checkins.messages import OPEN_FORM
from bot.slack.views.conversations.entries import OPEN as LOG_NUMBER
from bot.slack.views.conversations.messages import OPEN_MODAL as LOG_CONVERSATION
from bot.slack.views.plans import on_home as plan_home
from bot.slack.views.setup.menu import OPEN_MENU, checklist_blocks

_LAST_RESULTS = {
    "met": "met every goal",
    "missed": "missed",
    "silent": "did not answer",
    "away": "was away",
    "skipped": "was not asked",
    "open": "has not answered yet",
    "none": "not asked yet",
}

_NOT_ASKED = {
    "no_targets": "no targets were set",
    "not_sent": "Basecoach or Slack was down for too long",
    "unreachable": "Slack could not deliver it",
    "left": "no longer in the team",
}

_ALERTS = {"waiting": "waits for you", "taken": "taken", "done": "done"}

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
            "`/log-conversation Acme 2nd` logs a conversation, `/checkin` opens the open check-in, "
            "`/checkin away today` says that you are away, "
            "`/plan` your plan, `/coach` sets things up. Each of them answers `help`."
        )
    )
    return home(blocks)


def _rep(rep: RepHome, reader: Reader) -> list[Block]:
    blocks: list[Block] = [header(f"Your week {words.week(rep.week, reader)}")]
    if rep.away_until is not None:
        blocks.append(
            section(
                f":palm_tree: *You are away until {words.day(rep.away_until, reader)}.* "
                "Nothing is sent to you until you are back."
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
                f"{words.days_off(rep.work).capitalize()} this week, so nothing is asked about it."
            )
        )
    elif rep.goals:
        blocks.append(section("\n".join(_goal(goal, reader) for goal in rep.goals)))
    else:
        blocks.append(
            section(f"You have no targets yet. {mention(rep.coach)} can set them with `/coach`.")
        )
    if rep.work is not None and rep.work.left > 0:
        blocks.append(
            context(
                f":palm_tree: {words.days_off(rep.work).capitalize()}, so the goals are smaller."
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
            f":eyes: You and {words.listed(coaches)} see your numbers. Nobody else, "
            "except that a miss is shown in the coach channel."
        )
    )
    return blocks


def _open_check_in(rep: RepHome, week: date, reader: Reader) -> str:
    about = words.week(week, reader)
    if rep.comes_at is not None:
        when = words.day_and_time(rep.comes_at, reader)
        return (
            f":bell: *Your check-in about {about} comes {when}.* You can answer it now if you like."
        )
    closes = (
        f" It closes {words.weekday_and_time(rep.deadline_at, reader)}." if rep.deadline_at else ""
    )
    return f":bell: *Your check-in about {about} is open.*{closes}"


def _target(goal: GoalShown, reader: Reader) -> str:
    """`12`, or `12 (20 a week)` where days off made it smaller; escaped."""
    target = escape(words.number(goal.target, goal.unit, reader))
    if goal.full_target is None:
        return target
    return f"{target} ({escape(words.number(goal.full_target, goal.unit, reader))} a week)"


def _goal(goal: GoalShown, reader: Reader) -> str:
    target = _target(goal, reader)
    name = escape(goal.name)
    if goal.logged is None:
        return f"*{name}*   goal {target}, asked at the check-in"
    logged = escape(words.bare_number(goal.logged, goal.unit, reader))
    done = ":white_check_mark: " if goal.logged >= goal.target else ""
    return f"{_bar(goal)}  {done}*{name}*  {logged} of {target}"


def _bar(goal: GoalShown) -> str:
    if goal.logged is None or goal.target <= 0:
        return "▰" * BAR
    full = min(int(goal.logged * BAR / goal.target), BAR)
    return "▰" * full + "▱" * (BAR - full)


def _next(rep: RepHome, reader: Reader) -> str:
    if rep.next_due_at is None:
        return f"No check-in is planned. Ask {mention(rep.coach)}."
    return f":calendar: The next check-in comes {words.day_and_time(rep.next_due_at, reader)}."


def _history(rep: RepHome, reader: Reader) -> str:
    asked = [week for week in rep.history if week.result != "none"]
    if not asked:
        return "*The last 12 weeks* fill up here with each check-in."
    squares = "".join(RESULT_MARKS[week.result] for week in rep.history)
    met = sum(week.result == "met" for week in asked)
    streak = f" {words.count(rep.streak, 'week')} in a row." if rep.streak > 1 else ""
    first = words.short_week(rep.history[0].week, reader)
    last = words.short_week(rep.history[-1].week, reader)
    return (
        f"*The last {len(rep.history)} weeks* ({first} to {last}): "
        f"every goal met in {met} of {len(asked)}.{streak}\n{squares}"
    )


def _coached(team: CoachHome, reader: Reader) -> list[Block]:
    reader = Reader(timezone=reader.timezone, locale=reader.locale, currency=team.currency)
    blocks: list[Block] = [header(team.team)]
    if team.channel_problem is not None:
        blocks.append(
            context(f":warning: {channel_problem(team.channel_problem, team.coach_channel)}")
        )
    if not team.reps:
        blocks.append(section("Nobody is enrolled yet. Enrol your reps with `/coach enrol`."))
    blocks += [
        section(_coached_rep(rep, reader), accessory=plan_home.button_for_coach(rep))
        for rep in team.reps
    ]
    if team.more:
        blocks.append(context(f"… and {words.count(team.more, 'more rep', 'more reps')}."))
    return blocks


def _coached_rep(rep: CoachedRep, reader: Reader) -> str:
    last = _LAST_RESULTS[rep.last_result]
    if rep.not_asked_because is not None:
        last += f" ({_NOT_ASKED.get(rep.not_asked_because, escape(rep.not_asked_because))})"
    if rep.marked_late is not None:
        when = words.weekday_and_time(rep.marked_late.at, reader)
        last += f" (marked as away late, by {mention(rep.marked_late.by)}, {when})"
    alert = f", alert {_ALERTS[rep.alert]}" if rep.alert is not None else ""
    away = (
        f"   :palm_tree: away until {words.day(rep.away_until, reader)}" if rep.away_until else ""
    )
    goals = " · ".join(_coached_goal(goal, reader) for goal in rep.goals) or "no targets yet"
    plan = plan_home.state_for_coach(rep.plan, reader)
    return f"{mention(rep.slack_user_id)}{away}   last check-in: {last}{alert}\n{goals}\n{plan}"


def _coached_goal(goal: GoalShown, reader: Reader) -> str:
    target = _target(goal, reader)
    if goal.target == 0:
        return f"{escape(goal.name)}: nothing, away the whole week"
    if goal.logged is None:
        return f"{escape(goal.name)}: goal {target}"
    logged = escape(words.bare_number(goal.logged, goal.unit, reader))
    return f"{escape(goal.name)}: {logged} of {target}"


def _checklist(checklist: Checklist) -> list[Block]:
    return [header("Set-up"), *checklist_blocks(checklist)]


def _stranger(shown: HomeShown) -> list[Block]:
    return [
        header("Basecoach"),
        section(
            f"Hi {escape(shown.name.split()[0] if shown.name.split() else shown.name)}. "
            "Basecoach asks each sales rep once a week whether they met their own numbers, "
            "and brings misses to their coach."
        ),
        section(
            "You are in no team here, so there is nothing for you to do. "
            "If you expected otherwise, ask a workspace admin to enrol you with `/coach`."
        ),
    ]
