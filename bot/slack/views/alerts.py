"""The alert about a missed week, and the modal in which the coach says what was done."""

from __future__ import annotations

from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    channel_link,
    context,
    escape,
    input_block,
    mention,
    message,
    modal,
    quote,
    section,
    text_input,
)

TAKE = "alert.take"
DONE = "alert.done"
DONE_MODAL = "alert.done_modal"
NOTE_FIELD = "alert.note"
NOTE_INPUT = "note"

RESULT_MARKS = {
    "met": ":large_green_square:",
    "missed": ":large_red_square:",
    "silent": ":white_square_button:",
    "away": ":palm_tree:",
    "skipped": ":black_small_square:",
    "none": ":black_small_square:",
    "open": ":white_large_square:",
}

_CHANNEL_PROBLEMS = {
    "no_channel": "the team has no coach channel yet",
    "is_archived": "the channel is archived",
    "channel_not_found": "I can't see that channel: it is gone, or private and I am not in it",
    "not_in_channel": "I am not in that channel",
}


def alert_message(shown: AlertShown) -> Message:
    """The one message about one missed week, as things stand now."""
    blocks: list[Block] = []
    if shown.problem is not None:
        blocks.append(context(f":warning: {channel_problem(shown.problem, shown.coach_channel)}"))
    blocks.append(section(_headline(shown)))
    if shown.state != "away":
        blocks.append(section("\n".join(_line(q, shown) for q in shown.questions)))
    if shown.work is not None or shown.marked_late is not None:
        blocks.append(context(_away(shown)))
    blocks.append(section(_trend(shown)))
    blocks += _state(shown)
    return message(_fallback(shown), blocks)


def channel_problem(code: str, channel: str | None, *, what: str = "Alerts") -> str:
    """Why alerts, or plans, don't reach the coach channel, and how to mend it."""
    why = _CHANNEL_PROBLEMS.get(code, f"Slack says {escape(code)}")
    where = f" for {channel_link(channel)}" if channel else ""
    mend = (
        "A workspace admin can choose one with `/coach team`."
        if code == "no_channel"
        else (
            "Invite me there with `/invite @basecoach`, "
            "or have a workspace admin choose another channel with `/coach team`."
        )
    )
    return f"{what}{where} come to you directly because {why}. {mend}"


def _headline(shown: AlertShown) -> str:
    rep = mention(shown.rep)
    week = words.week(shown.week, shown.reader)
    coach = mention(shown.coach)
    if shown.state == "away":
        return f":palm_tree: {rep} *was away* in the week {week}, so it is no miss."
    if shown.state == "open" and shown.deadline_at is not None:
        until = words.day_and_time(shown.deadline_at, shown.reader)
        return (
            f"{rep} was away when the check-in about the week {week} closed, "
            f"and *can answer until {until}*."
        )
    if shown.all_met and shown.marked_late is not None:
        return f"{rep} *met every goal* in the week {week}, now that days away are counted."
    if shown.all_met:
        return f"{rep} has since answered, and *met every goal* in the week {week}."
    if shown.state == "unanswered":
        return f"{coach}: {rep} *did not answer* the check-in about the week {week}."
    missed = sum(q.verdict == "no" for q in shown.questions)
    late = " (answered late)" if shown.late else ""
    return (
        f"{coach}: {rep} *missed {missed} of {words.count(len(shown.questions), 'goal')}* "
        f"in the week {week}{late}."
    )


def _away(shown: AlertShown) -> str:
    """How much of the week was off, and who said so once it was over. Not why: a channel may read it."""
    texts = []
    if shown.work is not None:
        texts.append(f":palm_tree: {words.days_off(shown.work).capitalize()}.")
    if shown.marked_late is not None:
        when = words.day_and_time(shown.marked_late.at, shown.reader)
        by = mention(shown.marked_late.by)
        texts.append(f"Marked as away by {by} after the week had ended, {when}.")
    return " ".join(texts)


def _line(question: QuestionShown, shown: AlertShown) -> str:
    reader = shown.reader
    name = escape(question.name)
    target = escape(words.number(question.target, question.unit, reader))
    if question.full_target is not None:
        target += f" ({escape(words.number(question.full_target, question.unit, reader))} a week)"
    if question.number is None:
        return f":white_circle: *{name}:* no answer, goal {target}"
    number = escape(words.bare_number(question.number, question.unit, reader))
    notes = []
    if question.verdict == "no":
        gap = escape(words.number(question.target - question.number, question.unit, reader))
        notes.append(f"{gap} short")
    if question.logged is not None and question.logged != question.number:
        notes.append(
            f"log says {escape(words.bare_number(question.logged, question.unit, reader))}"
        )
    if question.edited:
        notes.append("changed")
    if question.late:
        notes.append("late")
    mark = ":x:" if question.verdict == "no" else ":white_check_mark:"
    return f"{mark} *{name}:* {number} of {target}" + (f", {', '.join(notes)}" if notes else "")


def _trend(shown: AlertShown) -> str:
    first = words.short_week(shown.trend[0].week, shown.reader)
    last = words.short_week(shown.trend[-1].week, shown.reader)
    squares = "".join(RESULT_MARKS[week.result] for week in shown.trend)
    lines = [f"*This week and the {len(shown.trend) - 1} before* ({first} to {last})", squares]
    for question in shown.questions:
        numbers = " · ".join(_number_in(week, question, shown.reader) for week in shown.trend)
        lines.append(f"{escape(question.name)}: {numbers}")
    return "\n".join(lines)


def _number_in(week: TrendWeek, question: QuestionShown, reader: Reader) -> str:
    for name, number, _ in week.numbers:
        if name == question.name and number is not None:
            return escape(words.bare_number(number, question.unit, reader))
    return "–"


def _state(shown: AlertShown) -> list[Block]:
    blocks: list[Block] = []
    if shown.done_by is not None and shown.done_at is not None:
        when = words.day_and_time(shown.done_at, shown.reader)
        blocks.append(
            context(f":white_check_mark: {mention(shown.done_by)} marked this as done, {when}.")
        )
        if shown.note:
            blocks.append(quote(shown.note))
        return blocks
    if shown.state == "away":
        return blocks  # there is nothing left to act on
    value = str(shown.alert_id)
    buttons: list[Element] = []
    if shown.taken_by is not None and shown.taken_at is not None:
        when = words.day_and_time(shown.taken_at, shown.reader)
        blocks.append(context(f":raised_hand: {mention(shown.taken_by)} took this, {when}."))
    else:
        buttons.append(
            button(
                "Take it",
                action_id=TAKE,
                value=value,
                style="primary",
                label=f"Take the alert about {shown.rep_name}",
            )
        )
    buttons.append(
        button(
            "Done",
            action_id=DONE,
            value=value,
            label=f"Mark the alert about {shown.rep_name} as done",
        )
    )
    blocks.append(actions(*buttons, block_id=f"alert.{shown.alert_id}"))
    return blocks


def _fallback(shown: AlertShown) -> str:
    week = words.week(shown.week, shown.reader)
    name = escape(shown.rep_name)
    if shown.state == "away":
        return f"{name} was away in the week {week}."
    if shown.state == "open":
        return f"{name} was away and can still answer the check-in about the week {week}."
    if shown.all_met:
        return f"{name} has since met every goal in the week {week}."
    if shown.state == "unanswered":
        return f"{name} did not answer the check-in about the week {week}."
    missed = sum(q.verdict == "no" for q in shown.questions)
    return (
        f"{name} missed {missed} of {words.count(len(shown.questions), 'goal')} in the week {week}."
    )


def done_modal(*, alert_id: int, rep_name: str) -> View:
    """Asks the coach what was done."""
    return modal(
        "What did you do?",
        [
            input_block(
                f"What did you and {rep_name} agree on?",
                text_input(
                    action_id=NOTE_INPUT,
                    multiline=True,
                    max_length=1000,
                    focus=True,
                    placeholder="Called on Tuesday; two first meetings a day until Friday.",
                ),
                block_id=NOTE_FIELD,
                hint="The alert shows it to everybody in the coach channel.",
            )
        ],
        callback_id=DONE_MODAL,
        submit="Done",
        metadata={"alert": alert_id},
    )
