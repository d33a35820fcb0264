"""The coach's part of App Home: who needs them first, then everybody, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.shown.home import (
    AskedNumber,
    CoachedRep,
    CoachHome,
    GoalShown,
    HomeShown,
    OpenAlert,
)
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.alert_trend import RESULT_MARKS
from bot.slack.views.alerts import alert_buttons, channel_problem
from bot.slack.views.blocks import (
    Block,
    Element,
    actions,
    button,
    context,
    divider,
    header,
    section,
)
from bot.slack.views.coaching import on_home as loop_home
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, join, literal, mention
from bot.slack.views.plans import on_home as plan_home

OPEN_RECORD = "record.open"
"""Opens a rep's record; the value is the rep's Slack id, or nothing for one's own."""
TURN = "home.turn."
"""Followed by the direction; the button's value is the number of the page."""

PAGE_BLOCKS = 80
"""How many blocks of one page belong to a coach's reps."""

GOALS_LIMIT = 1200
"""Characters for the goals of one rep in one week."""

RESULTS = {
    "met": literal("met every goal"),
    "missed": literal("missed"),
    "silent": literal("did not answer"),
    "away": literal("was away"),
    "skipped": literal("was not asked"),
    "open": literal("has not answered yet"),
    "none": literal("not asked yet"),
}

NOT_ASKED = {
    "no_targets": literal("no targets were set"),
    "not_sent": literal("Basecoach or Slack was down for too long"),
    "unreachable": literal("Slack could not deliver it"),
    "left": literal("no longer in the team"),
    "joined": literal("joined at the end of that week"),
}


@dataclass(frozen=True)
class _Unit:
    """Blocks that stay together on one page, and the title that they have above them there."""

    title: str
    blocks: tuple[Block, ...]


def pages(shown: HomeShown, *, first: int) -> list[list[Block]]:
    """The coach's part in as many pages as it takes; the first one has at most `first` blocks."""
    found: list[list[Block]] = [[]]
    room, title = min(first, PAGE_BLOCKS), ""
    for unit in _units(shown):
        titled = unit.title != title
        if len(found[-1]) + len(unit.blocks) + 2 * titled > room:
            found.append([])
            room, titled = PAGE_BLOCKS, True
        if titled:
            found[-1] += [divider(), header(unit.title)]
        found[-1] += unit.blocks
        title = unit.title
    return found


def turning(page: int, count: int) -> list[Block]:
    """The buttons that turn the pages of Home; none for one page."""
    if count < 2:
        return []
    buttons: list[Element] = []
    if page > 0:
        back = button("Back", action_id=f"{TURN}back", value=str(page - 1), label="Previous page")
        buttons.append(back)
    if page + 1 < count:
        more = button("More", action_id=f"{TURN}more", value=str(page + 1), label="Next page")
        buttons.append(more)
    return [
        context(fill("Page {page} of {count}", page=page + 1, count=count)),
        actions(*buttons),
    ]


def _units(shown: HomeShown) -> Iterable[_Unit]:
    """Who needs the coach, then the teams with their reps."""
    reader, title = shown.reader, "Who needs you"
    deciding = [
        (team, rep) for team in shown.coached for rep in team.reps if rep.plan.waits_for_coach
    ]
    asking = [rep for team in shown.coached for rep in team.reps if rep.loop.advice_id is not None]
    waits = bool(shown.alerts or deciding or asking)
    if not waits and any(team.reps for team in shown.coached):
        nobody = literal(
            ":white_check_mark: Nobody waits for you: no open alert, no plan to decide."
        )
        yield _Unit(title, (context(nobody),))
    for alert in shown.alerts:
        yield _Unit(title, _alert(alert, replace(reader, currency=alert.currency)))
    for rep in asking:
        yield _Unit(title, (loop_home.wish(rep, reader),))
    for team, rep in deciding:
        yield _Unit(title, (_plan(rep, replace(reader, currency=team.currency)),))
    for team in shown.coached:
        yield from _team(team, replace(reader, currency=team.currency))


def _alert(alert: OpenAlert, reader: Reader) -> tuple[Block, ...]:
    if alert.taken_by is not None:
        state = fill("taken by {coach}", coach=mention(alert.taken_by))
    else:
        state = literal("nobody took it yet")
    age = (
        literal("since today")
        if alert.days <= 0
        else fill("for {days}", days=words.count(alert.days, "day"))
    )
    text = fill(
        "{mark} {rep} *{result}*, {week}\n{numbers}\n_Open {age}, {state}._",
        mark=RESULT_MARKS[alert.result],
        rep=mention(alert.rep),
        result=RESULTS[alert.result],
        week=words.week(alert.week, reader),
        numbers=_what_is_lacking(alert, reader),
        age=age,
        state=state,
    )
    buttons = alert_buttons(alert.alert_id, alert.rep_name, is_taken=alert.taken_by is not None)
    return section(text), actions(*buttons)


def _what_is_lacking(alert: OpenAlert, reader: Reader) -> Mrkdwn:
    """The goals that were missed; of a rep who did not answer, what the log knows."""
    unmet = [one for one in alert.numbers if one.number is None or one.number < one.target]
    return asked_numbers(unmet, reader) or literal("No goal was asked about.")


def _plan(rep: CoachedRep, reader: Reader) -> Block:
    text = fill(
        ":dart: {rep}: *a plan waits for you*{numbers}",
        rep=mention(rep.slack_user_id),
        numbers=plan_home.numbers(rep.plan, reader),
    )
    return section(text, accessory=plan_home.button_for_coach(rep))


def _team(team: CoachHome, reader: Reader) -> Iterable[_Unit]:
    if team.channel_problem is not None:
        why = channel_problem(team.channel_problem, team.coach_channel)
        yield _Unit(team.team, (context(fill(":warning: {why}", why=why)),))
    if not team.reps:
        nobody = literal("Nobody is enrolled yet. Enrol your reps with `/coach enrol`.")
        yield _Unit(team.team, (section(nobody),))
    for rep in team.reps:
        record = button(
            "Open",
            action_id=OPEN_RECORD,
            value=rep.slack_user_id,
            label=f"Open {rep.name}’s history, log and plan",
        )
        buttons = actions(*loop_home.buttons_of_coach(rep))
        yield _Unit(team.team, (section(_rep(rep, reader), accessory=record), buttons))


def _rep(rep: CoachedRep, reader: Reader) -> Mrkdwn:
    away = (
        fill("   :palm_tree: away until {day}", day=words.day(rep.away_until, reader))
        if rep.away_until
        else literal("")
    )
    logged = [goal for goal in rep.goals if goal.logged is not None or goal.target == 0]
    goals = cut(join((_goal(goal, reader) for goal in logged), " · "), GOALS_LIMIT)
    if not rep.goals:
        goals = literal("no targets yet")
    lines = [
        fill(
            "{mark} {rep}{away}   {last_week}",
            mark=RESULT_MARKS[rep.last_result],
            rep=mention(rep.slack_user_id),
            away=away,
            last_week=_last_week(rep, reader),
        )
    ]
    if rep.last_result not in {"away", "skipped"} and (
        numbers := asked_numbers(rep.last_numbers, reader)
    ):
        lines.append(numbers)
    if goals:
        lines.append(fill("This week: {goals}", goals=goals))
    if plan := plan_home.state_for_coach(rep.plan, reader):
        lines.append(plan)
    if loop := loop_home.for_coach(rep, reader):
        lines.append(loop)
    return join(lines, "\n")


def _last_week(rep: CoachedRep, reader: Reader) -> Mrkdwn:
    """How the last check-in ended, and of which week it was."""
    result = RESULTS[rep.last_result]
    if rep.not_asked_because is not None:
        why = NOT_ASKED.get(rep.not_asked_because, escape(rep.not_asked_because))
        result = fill("{result} ({why})", result=result, why=why)
    if rep.marked_late is not None:
        result = fill(
            "{result} (marked as away late, by {by}, {when})",
            result=result,
            by=mention(rep.marked_late.by),
            when=words.weekday_and_time(rep.marked_late.at, reader),
        )
    if rep.last_week is None:
        return fill("*{result}*", result=result)
    return fill("*{result}*, {week}", result=result, week=words.week(rep.last_week, reader))


def asked_numbers(asked: Sequence[AskedNumber], reader: Reader) -> Mrkdwn:
    """`Conversations: 17 of 20 · Sales: $500 of $1,000`; without an answer, `no answer; 11 of 15 logged`.

    Of a week without any answer it shows what is logged: `Logged: Conversations 11 of 15`.
    """
    if asked and all(one.number is None for one in asked):
        logged = [one for one in asked if one.logged is not None]
        if not logged:
            return literal("Nobody logs these numbers.")
        known = join((_logged(one, reader) for one in logged), " · ")
        return cut(fill("Logged: {known}", known=known), GOALS_LIMIT)
    return cut(join((_asked_number(one, reader) for one in asked), " · "), GOALS_LIMIT)


def _logged(asked: AskedNumber, reader: Reader) -> Mrkdwn:
    assert asked.logged is not None  # noqa: S101 - the caller has left the others out
    return fill(
        "{name} {logged} of {target}",
        name=escape(asked.name),
        logged=escape(words.bare_number(asked.logged, asked.unit, reader)),
        target=escape(words.number(asked.target, asked.unit, reader)),
    )


def _asked_number(asked: AskedNumber, reader: Reader) -> Mrkdwn:
    name = escape(asked.name)
    target = escape(words.number(asked.target, asked.unit, reader))
    if asked.number is not None:
        number = escape(words.bare_number(asked.number, asked.unit, reader))
        return fill("{name}: {number} of {target}", name=name, number=number, target=target)
    known = words.known_of(asked.logged, asked.target, asked.unit, reader)
    return fill("{name}: no answer; {known}", name=name, known=known)


def _goal(goal: GoalShown, reader: Reader) -> Mrkdwn:
    target = goal_target(goal, reader)
    name = escape(goal.name)
    if goal.target == 0:
        return fill("{name}: nothing, away the whole week", name=name)
    if goal.logged is None:
        return fill("{name}: goal {target}", name=name, target=target)
    logged = escape(words.bare_number(goal.logged, goal.unit, reader))
    return fill("{name}: {logged} of {target}", name=name, logged=logged, target=target)


def goal_target(goal: GoalShown, reader: Reader) -> Mrkdwn:
    """`12`, or `12 (20 a week)` where days off made it smaller; escaped."""
    target = escape(words.number(goal.target, goal.unit, reader))
    if goal.full_target is None:
        return target
    return fill(
        "{target} ({full_target} a week)",
        target=target,
        full_target=escape(words.number(goal.full_target, goal.unit, reader)),
    )
