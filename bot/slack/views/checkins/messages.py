"""The message of a check-in, from the questions to the answers, and how `/checkin` is used."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.shown.checkins import (
    CheckInShown,
    NumberQuestion,
    QuestionShown,
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
    context,
    message,
    option,
    section,
    shorten,
    static_select,
)
from bot.slack.views.coaching.agreements import asked_blocks
from bot.slack.views.coaching.words import cause_blocks
from bot.slack.views.mrkdwn import (
    Mrkdwn,
    capitalized,
    cut,
    escape,
    fill,
    join,
    literal,
    mention,
)

ANSWER_YES = "check_in.answer.yes"
ANSWER_NO = "check_in.answer.no"
AS_LOGGED = "check_in.answer.as_logged"
CHANGE = "check_in.change"
SNOOZE = "check_in.snooze"
OPEN_FORM = "check_in.open_form"

SNOOZE_BLOCK = "check_in.snooze."
"""Followed by the check-in's id: which one is snoozed."""

_OPEN = {"scheduled", "open"}


def share(
    question: QuestionShown | NumberQuestion, work: WorkWeek | None, reader: Reader
) -> Mrkdwn:
    """` (20 a week, 2 of 5 days away)` behind a target that days off made smaller; nothing behind another."""
    if question.full_target is None or work is None:
        return literal("")
    full = escape(words.number(question.full_target, question.unit, reader))
    return fill(
        " ({full} a week, {days_off})", full=full, days_off=words.days_off(work, reader, own=True)
    )


def check_in_message(shown: CheckInShown) -> Message:
    """The one message of a check-in, in whatever state it is."""
    left = [q for q in shown.questions if q.verdict is None]
    blocks = [section(_opening(shown))]
    if shown.state == "away":
        blocks.append(context(_who_sees(shown)))
        return message(
            fill("You were away in the week {week}.", week=words.week(shown.week, shown.reader)),
            blocks,
        )
    for question in shown.questions:
        blocks += _row(shown, question)
    if not shown.closed_for_good and (as_logged := _as_logged(left)) is not None:
        blocks.append(as_logged)
    blocks += cause_blocks(shown)
    for agreed in shown.agreed:
        blocks += asked_blocks(agreed, shown.reader, is_closed=shown.closed_for_good)
    if shown.state in _OPEN and left:
        blocks.append(snooze_block(shown.check_in_id))
    blocks.append(context(_when(shown), _who_sees(shown)))
    return message(_fallback(shown, len(left)), blocks)


def _opening(shown: CheckInShown) -> Mrkdwn:
    name = escape(words.first_name(shown.name) or shown.name)
    week = words.week(shown.week, shown.reader)
    if shown.state == "skipped":
        return fill(
            "*Your check-in about {week} was withdrawn.* There is nothing to answer any more.",
            week=week,
        )
    if shown.state == "away":
        return fill(
            ":palm_tree: *You were away in the week {week}.* Nothing is asked about it. "
            "If that is wrong, take it back with `/checkin away`.",
            week=week,
        )
    if shown.state in _OPEN:
        questions = words.count(len(shown.questions), "question")
        return fill(
            "*Hi {name}, how was your week?*\n{week}, in {questions}. Each rests on a number.",
            name=name,
            week=week,
            questions=questions,
        )
    if shown.state == "unanswered":
        return (
            fill(
                "*Your check-in about {week} closed without all its answers.*\n"
                "Your coach knows. You can still answer; it will be marked late.",
                week=week,
            )
            if not shown.closed_for_good
            else fill("*Your check-in about {week} closed without all its answers.*", week=week)
        )
    missed = shown.missed
    if not missed:
        streak = (
            fill(" That is {weeks} in a row.", weeks=words.count(shown.streak, "week"))
            if shown.streak > 1
            else literal("")
        )
        return fill(
            ":tada: *You met every goal in the week {week}.*{streak}", week=week, streak=streak
        )
    short = cut(words.listed([_short_of(q, shown.reader) for q in missed]), 2000)
    where = (
        fill("in {coach_channel}", coach_channel=words.coach_channel(shown.channel_name))
        if shown.coach_channel
        else literal("in a direct message")
    )
    return fill(
        "*Thank you, {name}. In the week {week} you fell short: {short}.*\n"
        "{coach} sees it {where} and will come back to you.",
        name=name,
        short=short,
        week=week,
        coach=mention(shown.coach),
        where=where,
    )


def _short_of(question: QuestionShown, reader: Reader) -> Mrkdwn:
    assert question.number is not None  # noqa: S101 - a miss has its number
    gap = escape(words.number(question.target - question.number, question.unit, reader))
    return fill("{name} by {gap}", name=escape(question.name), gap=gap)


def _row(shown: CheckInShown, question: QuestionShown) -> list[Block]:
    if question.verdict is not None:
        return [_answered(shown, question)]
    logged = so_far(question, shown.reader, shown.work)
    text = fill(
        "*{name}:* {logged} {question}",
        name=escape(question.name),
        logged=logged,
        question=escape(question.question),
    )
    if shown.closed_for_good:
        return [section(fill(":white_circle: *{name}:* no answer.", name=escape(question.name)))]
    value = str(question.answer_id)
    supported = _supported(question)
    return [
        section(text),
        actions(
            button(
                "Yes",
                action_id=ANSWER_YES,
                value=value,
                style="primary" if supported == "yes" else None,
                label=f"Yes, {question.name} met",
            ),
            button(
                "No",
                action_id=ANSWER_NO,
                value=value,
                style="primary" if supported == "no" else None,
                label=f"No, {question.name} not met",
            ),
            block_id=f"check_in.row.{question.answer_id}",
        ),
    ]


def _supported(question: QuestionShown) -> str | None:
    """`yes` or `no`, as the log has it; None for a number that is not logged."""
    if question.logged is None:
        return None
    return verdicts.verdict(question.logged, question.target)


def _as_logged(left: Sequence[QuestionShown]) -> Block | None:
    """The one button that answers each open question as the log has it, where it saves presses."""
    logged = [question for question in left if question.logged is not None]
    if len(logged) < 2:
        return None
    named = words.listed([escape(question.name) for question in logged])
    return actions(
        button(
            "All as logged",
            action_id=AS_LOGGED,
            value=str(logged[0].answer_id),
            label=f"Answer with the log’s numbers: {named}",
        ),
        block_id="check_in.as_logged",
    )


def so_far(question: QuestionShown, reader: Reader, work: WorkWeek | None = None) -> Mrkdwn:
    """`17 of 20 logged.`, or the goal alone where nobody logs it; escaped. Days off are told with the goal."""
    target = words.number(question.target, question.unit, reader)
    part = share(question, work, reader)
    if question.logged is None:
        return fill("the goal was {target}{part}.", target=escape(target), part=part)
    logged = words.bare_number(question.logged, question.unit, reader)
    if part:
        return fill(
            "{logged} logged, goal {target}{part}.",
            logged=escape(logged),
            target=escape(target),
            part=part,
        )
    return fill("{logged} of {target} logged.", logged=escape(logged), target=escape(target))


def _answered(shown: CheckInShown, question: QuestionShown) -> Block:
    assert question.number is not None  # noqa: S101 - an answer has its number
    reader = shown.reader
    number = words.bare_number(question.number, question.unit, reader)
    target = words.number(question.target, question.unit, reader)
    met = question.verdict == "yes"
    mark, verdict = (
        (literal(":white_check_mark:"), literal("Yes")) if met else (literal(":x:"), literal("No"))
    )
    part = share(question, shown.work, reader)
    text = fill(
        "{mark} *{name}:* {number} of {target}{part}. *{verdict}.*",
        mark=mark,
        name=escape(question.name),
        number=escape(number),
        target=escape(target),
        part=part,
        verdict=verdict,
    )
    small: list[Mrkdwn] = []
    if question.logged is not None and question.logged != question.number:
        logged = words.bare_number(question.logged, question.unit, reader)
        small.append(fill("The log says {logged}.", logged=escape(logged)))
        small.append(_verdict(question, reader))
    elif question.logged is None and not met:
        small.append(_verdict(question, reader))
    if question.note:
        small.append(escape(question.note))
    if question.edited:
        small.append(literal("Changed."))
    if question.late:
        small.append(literal("Late."))
    if small:
        text = fill("{text}\n{small}", text=text, small=join(small, " "))
    change = button(
        "Change",
        action_id=CHANGE,
        value=str(question.answer_id),
        label=f"Change the answer about {question.name}",
    )
    return section(text, accessory=None if shown.closed_for_good else change)


def _verdict(question: QuestionShown, reader: Reader) -> Mrkdwn:
    """`17 is below 20, so this is a No.`"""
    assert question.number is not None  # noqa: S101 - an answer has its number
    said = verdicts.sentence(
        question.number,
        question.target,
        shown_number=words.bare_number(question.number, question.unit, reader),
        shown_target=words.number(question.target, question.unit, reader),
    )
    return escape(said)


def snooze_block(check_in_id: int) -> Block:
    """The select that puts off the reminders of a check-in."""
    options = [
        option("In 1 hour", "1h"),
        option("In 3 hours", "3h"),
        option("Tomorrow morning", "tomorrow"),
    ]
    return actions(
        static_select(options, action_id=SNOOZE, placeholder="Remind me later"),
        block_id=f"{SNOOZE_BLOCK}{check_in_id}",
    )


def _when(shown: CheckInShown) -> Mrkdwn:
    if shown.state in _OPEN and shown.deadline_at is not None:
        return fill(
            ":clock5: Closes {when}, your time.",
            when=words.day_and_time(shown.deadline_at, shown.reader),
        )
    if shown.closed_for_good:
        return literal("This check-in is closed for good.")
    upcoming: list[Mrkdwn] = []
    if shown.next_due_at is not None:
        when = words.day_and_time(shown.next_due_at, shown.reader)
        upcoming.append(fill("The next check-in comes {when}.", when=when))
    if shown.state == "answered" and shown.deadline_at is not None:
        until = words.day_and_time(shown.deadline_at, shown.reader)
        change = fill(
            "You can change answers until {until}; after that they are marked late.", until=until
        )
        late = (
            [fill("{late}.", late=capitalized(words.late(shown.questions)))] if shown.late else []
        )
        return join([change, *late, *upcoming], " ")
    return join(upcoming) or literal("Your coach has been told.")


def _who_sees(shown: CheckInShown) -> Mrkdwn:
    coaches = [mention(shown.coach)]
    if shown.second_coach is not None:
        coaches.append(mention(shown.second_coach))
    where = (
        words.miss_shown_in(shown.channel_name, shown.channel_members)
        if shown.coach_channel
        else literal(". Nobody else")
    )
    return fill(
        ":eyes: Your answers are seen by you and {coaches}{where}.",
        coaches=words.listed(coaches),
        where=where,
    )


def _fallback(shown: CheckInShown, left: int) -> Mrkdwn:
    week = words.week(shown.week, shown.reader)
    if shown.state in _OPEN:
        return fill(
            "Your check-in about {week}: {questions} to answer with Yes or No.",
            week=week,
            questions=words.count(left, "question"),
        )
    if shown.state == "unanswered":
        return fill(
            "Your check-in about {week} closed with {questions} open.",
            week=week,
            questions=words.count(left, "question"),
        )
    return fill("Your check-in about {week} is answered.", week=week)


def usage_message(said: str | None = None) -> Message:
    """How `/checkin` is used, after what could not be understood."""
    usage = literal(
        "`/checkin` opens your check-in.\n"
        "`/checkin log Proposals 3` logs a number of your team's own.\n"
        "`/checkin away sick today`, `/checkin away mon and wed`, `/checkin away 3 Dec – 10 Dec` say when you "
        "are away; `/checkin away` alone opens the form, with what is planned.\n"
        "`/checkin back` says that you are back today, earlier than planned.\n"
        "`/checkin midweek on` brings a line on Thursdays about where your goals stand; `off` ends it.\n"
        "`/checkin export` sends you everything that is stored about you, as files.\n"
        "`/checkin help` shows this."
    )
    if said is None:
        return message(usage, [section(usage)])
    unknown = fill(
        "I don't know what “{said}” means here. You can type:", said=escape(shorten(said, 200))
    )
    text = fill("{unknown}\n{usage}", unknown=unknown, usage=usage)
    return message(text, [section(unknown), section(usage)])
