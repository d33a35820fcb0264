"""The check-in: the Monday message and its reminders."""

from __future__ import annotations

from bot.domain.shown.checkins import (
    CheckInShown,
    NumberQuestion,
    QuestionShown,
    ReminderShown,
)
from bot.domain.shown.reader import Reader
from bot.rules import verdicts
from bot.rules.absences import WorkWeek
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Message,
    actions,
    button,
    channel_link,
    context,
    escape,
    mention,
    message,
    option,
    section,
    static_select,
)

ANSWER_YES = "check_in.answer.yes"
ANSWER_NO = "check_in.answer.no"
CHANGE = "check_in.change"
SNOOZE = "check_in.snooze"
OPEN_FORM = "check_in.open_form"

SNOOZE_BLOCK = "check_in.snooze."
"""Followed by the check-in's id: which one is snoozed."""

_OPEN = {"scheduled", "open"}


def share(question: QuestionShown | NumberQuestion, work: WorkWeek | None, reader: Reader) -> str:
    """` (20 a week, 2 of 5 days away)` behind a target that days off made smaller; nothing behind another."""
    if question.full_target is None or work is None:
        return ""
    full = escape(words.number(question.full_target, question.unit, reader))
    return f" ({full} a week, {words.days_off(work)})"


def check_in_message(shown: CheckInShown) -> Message:
    """The one message of a check-in, in whatever state it is."""
    left = [q for q in shown.questions if q.verdict is None]
    blocks = [section(_opening(shown))]
    if shown.state == "away":
        blocks.append(context(_who_sees(shown)))
        return message(f"You were away in the week {words.week(shown.week, shown.reader)}.", blocks)
    for question in shown.questions:
        blocks += _row(shown, question)
    if shown.state in _OPEN and left:
        blocks.append(_snooze(shown, "Remind me later"))
    blocks.append(context(_when(shown), _who_sees(shown)))
    return message(_fallback(shown, len(left)), blocks)


def _opening(shown: CheckInShown) -> str:
    name = escape(shown.name.split()[0] if shown.name.split() else shown.name)
    week = words.week(shown.week, shown.reader)
    if shown.state == "skipped":
        return f"*Your check-in about {week} was withdrawn.* There is nothing to answer any more."
    if shown.state == "away":
        return (
            f":palm_tree: *You were away in the week {week}.* Nothing is asked about it. "
            "If that is wrong, take it back with `/checkin away`."
        )
    if shown.state in _OPEN:
        questions = words.count(len(shown.questions), "question")
        return f"*Hi {name}, how was your week?*\n{week}, in {questions}. Each rests on a number."
    if shown.state == "unanswered":
        return (
            f"*Your check-in about {week} closed without all its answers.*\n"
            "Your coach knows. You can still answer; it will be marked late."
            if not shown.closed_for_good
            else f"*Your check-in about {week} closed without all its answers.*"
        )
    missed = shown.missed
    if not missed:
        streak = (
            f" That is {words.count(shown.streak, 'week')} in a row." if shown.streak > 1 else ""
        )
        return f":tada: *You met every goal in the week {week}.*{streak}"
    short = words.listed([_short_of(q, shown.reader) for q in missed])
    where = (
        f"in {channel_link(shown.coach_channel)}" if shown.coach_channel else "in a direct message"
    )
    return (
        f"*Thank you, {name}. You were {short} short in the week {week}.*\n"
        f"{mention(shown.coach)} sees it {where} and will come back to you."
    )


def _short_of(question: QuestionShown, reader: Reader) -> str:
    assert question.number is not None  # noqa: S101 - a miss has its number
    gap = words.number(question.target - question.number, question.unit, reader)
    if question.unit == "count":
        return f"{gap} {escape(question.name.lower())}"
    if question.unit == "money":
        return f"{gap} in {escape(question.name.lower())}"
    return escape(gap)


def _row(shown: CheckInShown, question: QuestionShown) -> list[Block]:
    if question.verdict is not None:
        return [_answered(shown, question)]
    logged = so_far(question, shown.reader, shown.work)
    text = f"*{escape(question.name)}:* {logged} {escape(question.question)}"
    if shown.closed_for_good:
        return [section(f":white_circle: *{escape(question.name)}:* no answer.")]
    value = str(question.answer_id)
    return [
        section(text),
        actions(
            button(
                "Yes",
                action_id=ANSWER_YES,
                value=value,
                style="primary",
                label=f"Yes, {question.name} met",
            ),
            button("No", action_id=ANSWER_NO, value=value, label=f"No, {question.name} not met"),
            block_id=f"check_in.row.{question.answer_id}",
        ),
    ]


def so_far(question: QuestionShown, reader: Reader, work: WorkWeek | None = None) -> str:
    """`17 of 20 logged.`, or the goal alone where nobody logs it; escaped. Days off are told with the goal."""
    target = words.number(question.target, question.unit, reader)
    part = share(question, work, reader)
    if question.logged is None:
        return f"the goal was {escape(target)}{part}."
    logged = words.bare_number(question.logged, question.unit, reader)
    if part:
        return f"{escape(logged)} logged, goal {escape(target)}{part}."
    return f"{escape(logged)} of {escape(target)} logged."


def _answered(shown: CheckInShown, question: QuestionShown) -> Block:
    assert question.number is not None  # noqa: S101 - an answer has its number
    reader = shown.reader
    number = words.bare_number(question.number, question.unit, reader)
    target = words.number(question.target, question.unit, reader)
    met = question.verdict == "yes"
    mark, verdict = (":white_check_mark:", "Yes") if met else (":x:", "No")
    part = share(question, shown.work, reader)
    text = f"{mark} *{escape(question.name)}:* {escape(number)} of {escape(target)}{part}. *{verdict}.*"
    small = []
    if question.logged is not None and question.logged != question.number:
        logged = words.bare_number(question.logged, question.unit, reader)
        small.append(f"The log says {escape(logged)}.")
        small.append(
            verdicts.sentence(
                question.number,
                question.target,
                shown_number=escape(number),
                shown_target=escape(target),
            )
        )
    elif question.logged is None and not met:
        small.append(
            verdicts.sentence(
                question.number,
                question.target,
                shown_number=escape(number),
                shown_target=escape(target),
            )
        )
    if question.note:
        small.append(escape(question.note))
    if question.edited:
        small.append("Changed.")
    if question.late:
        small.append("Late.")
    if small:
        text += "\n" + " ".join(small)
    change = button(
        "Change",
        action_id=CHANGE,
        value=str(question.answer_id),
        label=f"Change the answer about {question.name}",
    )
    return section(text, accessory=None if shown.closed_for_good else change)


def _snooze(shown: CheckInShown, placeholder: str) -> Block:
    options = [
        option("In 1 hour", "1h"),
        option("In 3 hours", "3h"),
        option("Tomorrow morning", "tomorrow"),
    ]
    return actions(
        static_select(options, action_id=SNOOZE, placeholder=placeholder),
        block_id=f"{SNOOZE_BLOCK}{shown.check_in_id}",
    )


def _when(shown: CheckInShown) -> str:
    if shown.state in _OPEN and shown.deadline_at is not None:
        return f":clock5: Closes {words.day_and_time(shown.deadline_at, shown.reader)}, your time."
    if shown.closed_for_good:
        return "This check-in is closed for good."
    upcoming = (
        f" The next check-in comes {words.day_and_time(shown.next_due_at, shown.reader)}."
        if shown.next_due_at is not None
        else ""
    )
    if shown.state == "answered" and shown.deadline_at is not None:
        until = words.day_and_time(shown.deadline_at, shown.reader)
        late = " Answered late." if shown.late else ""
        return f"You can change answers until {until}; after that they are marked late.{late}{upcoming}"
    return upcoming.strip() or "Your coach has been told."


def _who_sees(shown: CheckInShown) -> str:
    coaches = [mention(shown.coach)]
    if shown.second_coach is not None:
        coaches.append(mention(shown.second_coach))
    where = (
        f", and a miss is shown in {channel_link(shown.coach_channel)}"
        if shown.coach_channel
        else ""
    )
    return f":eyes: Your answers are seen by you and {words.listed(coaches)}{where}. Nobody else."


def _fallback(shown: CheckInShown, left: int) -> str:
    week = words.week(shown.week, shown.reader)
    if shown.state in _OPEN:
        return (
            f"Your check-in about {week}: {words.count(left, 'question')} to answer with Yes or No."
        )
    if shown.state == "unanswered":
        return f"Your check-in about {week} closed with {words.count(left, 'question')} open."
    return f"Your check-in about {week} is answered."


def reminder_message(shown: ReminderShown) -> Message:
    """A reminder; once the check-in is answered or closed it shrinks to a line that says so."""
    check_in = shown.check_in
    week = words.week(check_in.week, check_in.reader)
    if check_in.state == "answered":
        return message(
            "Your check-in is answered.",
            [context(f":white_check_mark: Your check-in about {week} is answered. Thank you.")],
        )
    if check_in.state == "away":
        return message(
            "You were away.",
            [context(f":palm_tree: You were away in the week {week}. Nothing is asked about it.")],
        )
    if check_in.state != "open":
        return message(
            "Your check-in is closed.", [context(f"Your check-in about {week} is closed.")]
        )
    left = words.count(shown.open_questions, "question")
    closes = (
        f" It closes {words.weekday_and_time(check_in.deadline_at, check_in.reader)}."
        if check_in.deadline_at
        else ""
    )
    text = f"Your check-in about {week} still has {left} open.{closes}"
    blocks = [
        section(f":wave: {text}"),
        actions(
            button(
                "Answer now",
                action_id=OPEN_FORM,
                value=str(check_in.check_in_id),
                style="primary",
            ),
            block_id="check_in.reminder",
        ),
        _snooze(check_in, "Remind me later"),
    ]
    if shown.next_reminder_at is not None:
        again = words.weekday_and_time(shown.next_reminder_at, check_in.reader)
        blocks.append(context(f"I'll remind you once more {again}."))
    return message(text, blocks)


def snoozed_words(when: str) -> str:
    """What a rep is told after snoozing."""
    return f":zzz: All right, I'll remind you {when}."
