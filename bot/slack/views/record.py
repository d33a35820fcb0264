"""A rep's record as modals: the weeks with their answers, the log, and a coach's corrections."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.shown.log import RepLog
from bot.domain.shown.reader import Reader
from bot.domain.shown.record import (
    NUMBER,
    REASON,
    REASON_LIMIT,
    WHICH,
    AlertOfWeek,
    CorrectionForm,
    GoalOfWeek,
    RecordPage,
    WeekOfRecord,
)
from bot.slack.views import words
from bot.slack.views.alert_trend import RESULT_MARKS
from bot.slack.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    option,
    section,
    sections,
    static_select,
    text_input,
)
from bot.slack.views.coach_home import NOT_ASKED, OPEN_RECORD, RESULTS
from bot.slack.views.conversations.listing import conversation_line, page_of, turning, week_title
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal, mention

PAGE = "record.page."
LOG = "record.log"
LOG_PAGE = "record.log_page."
"""Followed by the direction; the button's value is the number of the page."""
PLAN = "record.plan"
CORRECT = "record.correct"
OPEN = OPEN_RECORD

RECORD_MODAL = "record"
LOG_MODAL = "record.log"
CORRECTION_MODAL = "record.correction"
INPUT = "value"


def record_modal(shown: RecordPage) -> View:
    """A page of the weeks; for a coach with the rep's log and plan one press away."""
    blocks: list[Block] = []
    if not shown.own:
        blocks += [
            section(fill("The record of {rep}.", rep=mention(shown.rep))),
            actions(
                button("Log", action_id=LOG, value=shown.rep, label=f"See {shown.name}’s log"),
                button("Plan", action_id=PLAN, value=shown.rep, label=f"{shown.name}’s plan"),
            ),
        ]
    if not shown.weeks:
        blocks.append(section(literal("No week was asked about yet.")))
    for week in shown.weeks:
        blocks += [divider()] if blocks else []
        blocks += _week(week, shown.reader)
    if buttons := turning(PAGE, shown.page, shown.pages):
        blocks += [divider(), actions(*buttons), context(page_of(shown.page, shown.pages))]
    return modal(
        "My history" if shown.own else "History",
        blocks,
        callback_id=RECORD_MODAL,
        close="Close",
        metadata={"rep": shown.rep, "page": shown.page},
    )


def _week(week: WeekOfRecord, reader: Reader) -> list[Block]:
    result = RESULTS[week.result]
    if week.not_asked_because is not None:
        why = NOT_ASKED.get(week.not_asked_because, escape(week.not_asked_because))
        result = fill("{result} ({why})", result=result, why=why)
    title = fill(
        "*{week}*   {mark} {result}{late}",
        week=words.week(week.week, reader),
        mark=RESULT_MARKS[week.result],
        result=result,
        late=literal(", answered late") if week.late else literal(""),
    )
    lines = [_goal(goal, reader) for goal in week.goals]
    correct = None
    if week.correctable:
        correct = button(
            "Correct",
            action_id=CORRECT,
            value=str(week.check_in_id),
            label="Note a correction of a number of this week",
        )
    blocks = sections(lines, title=title, accessory=correct)
    small = []
    if week.work is not None:
        off = capitalized(words.days_off(week.work, reader))
        small.append(fill("{mark} {off}.", mark=words.mark_of(week.work), off=off))
    if week.alert is not None:
        small.append(_alert(week.alert, reader))
    return [*blocks, context(*small)] if small else blocks


def _goal(goal: GoalOfWeek, reader: Reader) -> Mrkdwn:
    """One goal: the number that counts, what it was before, and what a coach noted beside it."""
    name = escape(goal.name)
    target = escape(words.number(goal.target, goal.unit, reader))
    if goal.full_target is not None:
        full = escape(words.number(goal.full_target, goal.unit, reader))
        target = fill("{target} ({full} a week)", target=target, full=full)
    if goal.number is None:
        return fill(
            ":white_circle: {name}: no answer, the goal was {target}", name=name, target=target
        )
    mark = literal(":white_check_mark:") if goal.verdict == "yes" else literal(":x:")
    notes = []
    if goal.logged is not None and goal.logged != goal.number:
        notes.append(fill("the log said {logged}", logged=_bare(goal.logged, goal, reader)))
    if goal.late:
        notes.append(literal("late"))
    lines = [
        fill(
            "{mark} {name}: {number} of {target}{notes}",
            mark=mark,
            name=name,
            number=_bare(goal.number, goal, reader),
            target=target,
            notes=fill(" ({notes})", notes=join(notes, ", ")) if notes else literal(""),
        )
    ]
    lines += (
        fill(
            "      was {number}, {when}",
            number=_bare(earlier.number, goal, reader),
            when=words.day_and_time(earlier.given_at, reader),
        )
        for earlier in goal.earlier
    )
    lines += (
        fill(
            "      :pencil2: {number} would be right, noted by {by} {when}: {reason}",
            number=_bare(correction.number, goal, reader),
            by=mention(correction.noted_by),
            when=words.day_and_time(correction.noted_at, reader),
            reason=escape(correction.reason),
        )
        for correction in goal.corrections
    )
    return join(lines, "\n")


def _bare(number: Decimal, goal: GoalOfWeek, reader: Reader) -> Mrkdwn:
    return escape(words.bare_number(number, goal.unit, reader))


def _alert(alert: AlertOfWeek, reader: Reader) -> Mrkdwn:
    raised = words.day_and_time(alert.raised_at, reader)
    if alert.done_by is not None and alert.done_at is not None:
        note = fill(" “{note}”", note=escape(alert.note)) if alert.note else literal("")
        return fill(
            ":bell: Alert of {raised}, done by {by} {when}.{note}",
            raised=raised,
            by=mention(alert.done_by),
            when=words.day_and_time(alert.done_at, reader),
            note=note,
        )
    if alert.taken_by is not None:
        return fill(
            ":bell: Alert of {raised}, taken by {by}.", raised=raised, by=mention(alert.taken_by)
        )
    return fill(":bell: Alert of {raised}, nobody took it yet.", raised=raised)


def log_modal(shown: RepLog) -> View:
    """Some weeks of a rep's log, as a coach reads it."""
    blocks: list[Block] = [section(fill("The log of {rep}.", rep=mention(shown.rep)))]
    for week in shown.weeks:
        lines = [
            conversation_line(line, shown.reader) for line in shown.lines if line.week == week.week
        ]
        blocks += [divider(), *sections(lines, title=week_title(week, shown.reader))]
    if buttons := turning(LOG_PAGE, shown.page, shown.pages):
        blocks += [divider(), actions(*buttons), context(page_of(shown.page, shown.pages))]
    return modal(
        "Log",
        blocks,
        callback_id=LOG_MODAL,
        close="Back",
        metadata={"rep": shown.rep, "page": shown.page},
    )


def correction_modal(form: CorrectionForm, *, page: int) -> View:
    """Asks which number of a week is wrong, what would be right, and why."""
    reader = form.reader
    said = fill(
        "The answers of {name} about {week} stay as they are. What you note stands beside them, "
        "with your name, for {name} and the coaches.",
        name=escape(form.name),
        week=words.week(form.week, reader),
    )
    goals = [
        option(
            f"{goal.name}: {words.bare_number(goal.number, goal.unit, reader)}",
            str(goal.answer_id),
        )
        for goal in form.goals
        if goal.number is not None
    ]
    only = goals[0]["value"] if len(goals) == 1 else None
    return modal(
        "Note a correction",
        [
            section(said),
            input_block(
                "Which number is wrong?",
                static_select(goals, action_id=INPUT, initial=only, placeholder="Choose"),
                block_id=WHICH,
            ),
            input_block(
                "What would be right?", text_input(action_id=INPUT, max_length=60), block_id=NUMBER
            ),
            input_block(
                "Why?",
                text_input(action_id=INPUT, multiline=True, max_length=REASON_LIMIT),
                block_id=REASON,
            ),
        ],
        callback_id=CORRECTION_MODAL,
        submit="Note it",
        metadata={"check_in": form.check_in_id, "page": page},
    )
