"""The coaching loop on Homes: the rep's steps, what a coach should look at, what an admin hears of coaches."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.shown.agreements import AgreementShown
from bot.domain.shown.home import CoachedRep, RepHome
from bot.domain.shown.loop import CoachShare, Difference, Habit, LeftAlerts, Loop
from bot.domain.shown.reader import Reader
from bot.rules.acts import Act
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    Element,
    button,
    context,
    header,
    section,
    sections,
    shorten,
)
from bot.slack.views.coaching.words import ADVICE_DONE, advice_back_button, advice_button
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, join, literal, mention

NOD = "numbers.nod"
PREPARE = "card.prepare"
"""Opens the card for a one-to-one; the value is the rep's Slack id."""

LINES_LIMIT = 900
"""Characters for what the loop says about one rep in a list of reps."""

STEP_LIMIT = 100
"""Characters of a step in a line about an earlier act."""

COACHES_SHOWN = 20


def for_rep(rep: RepHome, reader: Reader) -> list[Block]:
    """The rep's open steps, the last talk, and the wish for advice."""
    loop = rep.loop
    lines = [step_line(step, reader) for step in loop.steps]
    if loop.last is not None:
        lines.append(_last(loop.last, reader))
    blocks = sections(lines) if lines else []
    if loop.advice_since is not None:
        when = words.weekday_and_time(loop.advice_since, reader)
        said = fill(":raised_hand: You asked for advice, {when}.", when=when)
        blocks.append(section(said, accessory=advice_back_button()))
    return blocks


def buttons_of_rep(rep: RepHome) -> list[Element]:
    """The button with which a rep asks for advice, unless that is open."""
    return [] if rep.loop.advice_since is not None else [advice_button()]


def step_line(step: AgreementShown, reader: Reader) -> Mrkdwn:
    """`Three plans, by Friday 27 November`."""
    assert step.step is not None  # noqa: S101 - only steps are shown as such
    assert step.due_on is not None  # noqa: S101 - a step has its day
    return fill(
        ":small_orange_diamond: *{step}*, by {day}",
        step=escape(step.step),
        day=words.day(step.due_on, reader),
    )


def _last(last: AgreementShown, reader: Reader) -> Mrkdwn:
    return fill("Last time: {act}", act=act_line(last, reader))


def act_line(last: AgreementShown, reader: Reader) -> Mrkdwn:
    """An act, its step, and what the rep said: `coach by @Dana, 24 November: “Three plans” done, it helped`."""
    said = []
    if last.step is not None and last.kept is not None:
        became = literal("done") if last.kept == "yes" else literal("not done")
        step = escape(shorten(last.step, STEP_LIMIT))
        said.append(fill("“{step}” {became}", step=step, became=became))
    if last.talked == "no":
        said.append(literal("you two did not talk"))
    elif last.helped is not None:
        said.append(literal("it helped") if last.helped == "yes" else literal("it did not help"))
    if last.otherwise is not None:
        said.append(literal("the rep says it was agreed otherwise"))
    text = fill(
        "{act} by {by}, {when}",
        act=escape(Act(last.act).label.lower()),
        by=mention(last.coach),
        when=words.day_and_time(last.agreed_at, reader),
    )
    return fill("{text}: {said}", text=text, said=join(said, ", ")) if said else text


def for_coach(rep: CoachedRep, reader: Reader) -> Mrkdwn:
    """What the loop says about one rep, a line each; an empty text for nothing."""
    loop = rep.loop
    lines = [step_line(step, reader) for step in loop.steps[:3]]
    if loop.differences:
        lines.append(_differences(loop, reader))
    lines += [_habit(habit, reader) for habit in loop.habits[:2]]
    if loop.last is not None:
        lines.append(_last(loop.last, reader))
    return cut(join(lines, "\n"), LINES_LIMIT)


def _differences(loop: Loop, reader: Reader) -> Mrkdwn:
    text = differences(loop.differences, reader)
    if loop.nodded_by is None:
        return fill(":information_source: {text}", text=text)
    by = mention(loop.nodded_by)
    return fill(":information_source: {text} (accepted by {by})", text=text, by=by)


def differences(found: Sequence[Difference], reader: Reader) -> Mrkdwn:
    """`Conversations: answered 20, log says 0`, for each answer that the log does not carry."""
    return join(
        (
            fill(
                "{name}: answered {answered}, log says {logged}",
                name=escape(one.name),
                answered=escape(words.bare_number(one.answered, one.unit, reader)),
                logged=escape(words.bare_number(one.logged, one.unit, reader)),
            )
            for one in found
        ),
        "; ",
    )


def _habit(habit: Habit, reader: Reader) -> Mrkdwn:
    entries = words.count(habit.entries, "conversation")
    if habit.company is None or habit.day is None:
        return fill(
            ":information_source: all {entries} were logged at the end of the week", entries=entries
        )
    return fill(
        ":information_source: {entries} with {company} on {day}",
        entries=entries,
        company=escape(habit.company),
        day=words.day(habit.day, reader),
    )


def wish(rep: CoachedRep, reader: Reader) -> Block:
    """That a rep would like advice, and since when, with the button that closes it."""
    loop = rep.loop
    assert loop.advice_since is not None  # noqa: S101 - only asked for where there is a wish
    when = words.weekday_and_time(loop.advice_since, reader)
    text = fill(
        ":raised_hand: {rep} *would like advice*, since {when}",
        rep=mention(rep.slack_user_id),
        when=when,
    )
    talked = button(
        "We talked",
        action_id=ADVICE_DONE,
        value=str(loop.advice_id),
        label=f"I talked with {rep.name}, who would like advice",
    )
    return section(text, accessory=talked)


def prepare_button(slack_user_id: str, name: str) -> Element:
    """The button that opens the card about a rep, beside the rep on any surface that the rep's coaches read."""
    return button(
        "Prepare",
        action_id=PREPARE,
        value=slack_user_id,
        label=f"Prepare a one-to-one with {name}",
    )


def buttons_of_coach(rep: CoachedRep) -> list[Element]:
    """The card for a one-to-one, and the button that accepts numbers that the log does not carry."""
    loop, buttons = rep.loop, [prepare_button(rep.slack_user_id, rep.name)]
    if not loop.differences or loop.nodded_by is not None or rep.last_result != "met":
        return buttons
    return [
        *buttons,
        button(
            "Accept the numbers",
            action_id=NOD,
            value=str(loop.check_in_id),
            label=f"Accept the numbers that {rep.name} answered",
        ),
    ]


def for_admin(
    left: Sequence[LeftAlerts], shares: Sequence[CoachShare], reader: Reader
) -> list[Block]:
    """Alerts that nobody took, and how often and how fast coaches act; nothing about any rep."""
    blocks: list[Block] = []
    if left:
        blocks.append(header("Alerts that nobody took"))
        blocks += sections(
            fill(
                ":clock5: *{team}*: {alerts}, since {since}. {coach} coaches it.",
                team=escape(one.team),
                alerts=words.count(one.alerts, "alert"),
                since=words.day_and_time(one.since, reader),
                coach=mention(one.coach),
            )
            for one in left
        )
    if shares:
        blocks.append(header("How coaches act, 12 weeks"))
        blocks += sections(_share(one) for one in shares[:COACHES_SHOWN])
        more = len(shares) - COACHES_SHOWN
        if more > 0:
            blocks.append(
                context(fill("And {more}.", more=words.count(more, "more coach", "more coaches")))
            )
    return blocks


def _share(one: CoachShare) -> Mrkdwn:
    text = fill(
        "{coach}: {alerts}, {taken} % taken, {done} % done",
        coach=mention(one.coach),
        alerts=words.count(one.alerts, "alert"),
        taken=_percent(one.taken, one.alerts),
        done=_percent(one.done, one.alerts),
    )
    if one.hours is not None:
        hours = escape(f"{one.hours:.0f}")
        text = fill("{text}, taken after {hours} hours (median)", text=text, hours=hours)
    if not one.asked:
        return text
    return fill(
        "{text}. Reps say: talked {talked} %, helped {helped} %",
        text=text,
        talked=_percent(one.talked, one.asked),
        helped=_percent(one.helped, one.asked),
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
