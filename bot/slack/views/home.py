"""App Home: the rep's week, the coach's reps page by page, the admin's checklist."""

from __future__ import annotations

from datetime import date

from bot.domain.shown.home import GoalShown, HomeShown, RepHome
from bot.domain.shown.midweek import MidweekChoice
from bot.domain.shown.reader import Reader
from bot.slack.views import coach_home, words
from bot.slack.views.absences import OPEN as OPEN_AWAY
from bot.slack.views.absences import planned_block
from bot.slack.views.alert_trend import RESULT_MARKS
from bot.slack.views.blocks import (
    VIEW_BLOCKS,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    header,
    home,
    section,
    sections,
)
from bot.slack.views.checkins.messages import OPEN_FORM
from bot.slack.views.checkins.midweek import home_block
from bot.slack.views.coaching import on_home as loop_home
from bot.slack.views.conversations.entries import OPEN as LOG_NUMBER
from bot.slack.views.conversations.listing import log_buttons
from bot.slack.views.conversations.messages import OPEN_MODAL as LOG_CONVERSATION
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal, mention
from bot.slack.views.plans import on_home as plan_home
from bot.slack.views.setup.menu import OPEN_MENU, checklist_blocks

_COMMANDS = literal(
    "`/log-conversation Acme 2nd` logs a conversation, `/checkin` opens the open check-in, "
    "`/checkin away today` says that you are away, "
    "`/plan` your plan, `/coach` sets things up. Each of them answers `help`."
)

TURNING_BLOCKS = 2
"""How many blocks turn the pages."""

BAR = 10
"""Squares in a full progress bar."""


def home_view(shown: HomeShown) -> View:
    """One person's Home, or the page of it that they turned to."""
    above = _rep(shown.rep, shown.reader) if shown.rep is not None else []
    below: list[Block] = []
    if shown.checklist is not None:
        below += loop_home.for_admin(shown.left_alerts, shown.shares, shown.reader)
        below += [divider(), header("Set-up"), *checklist_blocks(shown.checklist)]
    elif shown.coached:
        below.append(actions(button("Set up my team", action_id=OPEN_MENU)))
    elif shown.rep is None:
        below += _stranger(shown)
    commands = [divider(), context(_COMMANDS)]
    room = VIEW_BLOCKS - len(above) - len(below) - len(commands) - TURNING_BLOCKS
    pages = coach_home.pages(shown, first=room)
    page = min(max(shown.page, 0), len(pages) - 1)
    turning = coach_home.turning(page, len(pages))
    if page > 0:
        above, below = [], []
    blocks = [*above, *pages[page], *turning, *below, *commands]
    return home(blocks[1:] if blocks[0]["type"] == "divider" else blocks)


def _rep(rep: RepHome, reader: Reader) -> list[Block]:
    log = [button("Log a conversation", action_id=LOG_CONVERSATION, style="primary")]
    if rep.by_hand:
        log.append(button("Log a number", action_id=LOG_NUMBER))
    log += loop_home.buttons_of_rep(rep)
    log.append(button("I’m away", action_id=OPEN_AWAY))
    coaches = [mention(coach) for coach in (rep.coach, rep.second_coach) if coach is not None]
    where = (
        words.miss_shown_in(rep.channel_name, rep.channel_members)
        if rep.coach_channel is not None
        else literal(". Nobody else")
    )
    return [
        header(f"Your week {words.week(rep.week, reader)}"),
        *_what_comes(rep, reader),
        *_this_week(rep, reader),
        actions(*log),
        log_buttons(button("My history", action_id=coach_home.OPEN_RECORD)),
        *(planned_block(absence, reader, own=True) for absence in rep.planned),
        *loop_home.for_rep(rep, reader),
        plan_home.for_rep(rep, reader),
        home_block(MidweekChoice(rep.midweek_at, reader)),
        context(*_messages(rep), _next(rep, reader)),
        section(_history(rep, reader)),
        context(
            fill(
                ":eyes: You and {coaches} see your numbers{where}.",
                coaches=words.listed(coaches),
                where=where,
            )
        ),
    ]


def _what_comes(rep: RepHome, reader: Reader) -> list[Block]:
    """Until when the rep is away, and the check-in that waits for answers."""
    blocks: list[Block] = []
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
        answer = button(
            "Answer now", action_id=OPEN_FORM, value=str(rep.open_check_in), style="primary"
        )
        blocks.append(section(_open_check_in(rep, rep.open_week, reader), accessory=answer))
    return blocks


def _this_week(rep: RepHome, reader: Reader) -> list[Block]:
    """The goals of the week with what is logged, and how much of the week is off."""
    work = rep.work
    off = capitalized(words.days_off(work, reader, own=True)) if work is not None else None
    if off is not None and work is not None and not work.is_asked:
        return [section(fill("{off} this week, so nothing is asked about it.", off=off))]
    if rep.goals:
        blocks = sections(_goal(goal, reader) for goal in rep.goals)
    else:
        coach = mention(rep.coach)
        text = fill("You have no targets yet. {coach} can set them with `/coach`.", coach=coach)
        blocks = [section(text)]
    if off is not None and work is not None:
        mark = words.mark_of(work)
        blocks.append(context(fill("{mark} {off}, so the goals are smaller.", mark=mark, off=off)))
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


def _goal(goal: GoalShown, reader: Reader) -> Mrkdwn:
    target = coach_home.goal_target(goal, reader)
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


def _messages(rep: RepHome) -> list[Mrkdwn]:
    """`3 of 5 messages this week`, and those that did not come."""
    spent = rep.messages
    if spent is None:
        return []
    text = fill(
        ":envelope: {messages} of {most} messages this week.",
        messages=spent.messages,
        most=spent.most,
    )
    if spent.dropped:
        left_out = words.count(spent.dropped, "message")
        text = fill("{text} {left_out} did not come.", text=text, left_out=left_out)
    return [text]


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
    judged = [week for week in asked if week.result in {"met", "missed", "silent"}]
    met = sum(week.result == "met" for week in judged)
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
        asked=len(judged),
        streak=streak,
        squares=squares,
    )


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
