"""The alert about a missed week."""

from __future__ import annotations

from bot.domain.shown.alerts import AlertShown
from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.places import CHANNEL_PUBLIC, CHANNEL_SHARED
from bot.slack.views import words
from bot.slack.views.alert_trend import trend_blocks, trend_in_words
from bot.slack.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    message,
    quote,
    section,
    sections,
)
from bot.slack.views.coaching.acts import act_block, act_buttons, words_of_rep
from bot.slack.views.coaching.momentum import alarm_line
from bot.slack.views.mrkdwn import (
    Mrkdwn,
    capitalized,
    channel_link,
    escape,
    fill,
    join,
    literal,
    mention,
)

TAKE = "alert.take"
DONE = "alert.done"

_CHANNEL_PROBLEMS = {
    "no_channel": literal("the team has no coach channel yet"),
    "is_archived": literal("the channel is archived"),
    "channel_not_found": literal(
        "I can't see that channel: it is gone, or private and I am not in it"
    ),
    "not_in_channel": literal("I am not in that channel"),
    CHANNEL_PUBLIC: literal("that channel is public now, and everybody could read them"),
    CHANNEL_SHARED: literal(
        "that channel is shared with another organization, who could read them"
    ),
}


def alert_message(shown: AlertShown) -> Message:
    """The one message about one missed week, as things stand now."""
    blocks: list[Block] = []
    if shown.problem is not None:
        blocks.append(
            context(
                fill(
                    ":warning: {why}",
                    why=channel_problem(shown.problem, shown.coach_channel),
                )
            )
        )
    blocks.append(section(_headline(shown)))
    if shown.state != "away":
        blocks += sections(_line(q, shown) for q in shown.questions)
    if shown.work is not None or shown.marked_late is not None:
        blocks.append(context(_away(shown)))
    if not shown.is_over:
        if shown.momentum is not None:
            blocks.append(section(alarm_line(shown.momentum, shown.reader)))
        blocks += words_of_rep(shown)
        suggested = act_block(shown)
        blocks += [suggested] if suggested is not None else []
    blocks += trend_blocks(shown)
    blocks += _state(shown)
    return message(_fallback(shown), blocks)


def channel_problem(code: str, channel: str | None, *, what: Mrkdwn | None = None) -> Mrkdwn:
    """Why alerts, or plans, don't reach the coach channel, and how to mend it."""
    why = _CHANNEL_PROBLEMS.get(code) or fill("Slack says {code}", code=escape(code))
    where = fill(" for {channel}", channel=channel_link(channel)) if channel else literal("")
    mend = literal(
        "Invite me there with `/invite @basecoach`, "
        "or have a workspace admin choose another channel with `/coach team`."
    )
    if code == "no_channel":
        mend = literal("A workspace admin can choose one with `/coach team`.")
    elif code in {CHANNEL_PUBLIC, CHANNEL_SHARED}:
        mend = literal("A workspace admin can choose a private one with `/coach team`.")
    return fill(
        "{what}{where} come to you directly because {why}. {mend}",
        what=what or literal("Alerts"),
        where=where,
        why=why,
        mend=mend,
    )


def _headline(shown: AlertShown) -> Mrkdwn:
    rep = mention(shown.rep)
    week = words.week(shown.week, shown.reader)
    coach = mention(shown.coach)
    if shown.state == "away":
        return fill(
            ":palm_tree: {rep} *was away* in the week {week}, so it is no miss.", rep=rep, week=week
        )
    if shown.state == "open" and shown.deadline_at is not None:
        until = words.day_and_time(shown.deadline_at, shown.reader)
        return fill(
            "{rep} was away when the check-in about the week {week} closed, "
            "and *can answer until {until}*.",
            rep=rep,
            week=week,
            until=until,
        )
    if shown.all_met and shown.marked_late is not None:
        return fill(
            "{rep} *met every goal* in the week {week}, now that days away are counted.",
            rep=rep,
            week=week,
        )
    if shown.all_met:
        return fill(
            "{rep} has since answered, and *met every goal* in the week {week}.", rep=rep, week=week
        )
    if shown.state == "unanswered":
        return fill(
            "{coach}: {rep} *did not answer* the check-in about the week {week}.",
            coach=coach,
            rep=rep,
            week=week,
        )
    missed = sum(q.verdict == "no" for q in shown.questions)
    late = fill(" ({late})", late=words.late(shown.questions)) if shown.late else literal("")
    return fill(
        "{coach}: {rep} *missed {missed} of {goals}* in the week {week}{late}.",
        coach=coach,
        rep=rep,
        missed=missed,
        goals=words.count(len(shown.questions), "goal"),
        week=week,
        late=late,
    )


def _away(shown: AlertShown) -> Mrkdwn:
    """How much of the week was off, and who said so once it was over. Not why: a channel may read it."""
    texts = []
    if shown.work is not None:
        off = capitalized(words.days_off(shown.work, shown.reader))
        texts.append(fill("{mark} {off}.", mark=words.mark_of(shown.work), off=off))
    if shown.marked_late is not None:
        when = words.day_and_time(shown.marked_late.at, shown.reader)
        by = mention(shown.marked_late.by)
        texts.append(
            fill("Marked as away by {by} after the week had ended, {when}.", by=by, when=when)
        )
    return join(texts, " ")


def _line(question: QuestionShown, shown: AlertShown) -> Mrkdwn:
    reader = shown.reader
    name = escape(question.name)
    target = escape(words.number(question.target, question.unit, reader))
    if question.full_target is not None:
        target = fill(
            "{target} ({full_target} a week)",
            target=target,
            full_target=escape(words.number(question.full_target, question.unit, reader)),
        )
    if question.number is None:
        known = words.known_of(question.logged, question.target, question.unit, reader)
        if question.full_target is not None:
            known = fill("{known}, goal {target}", known=known, target=target)
        return fill(":white_circle: *{name}:* no answer; {known}", name=name, known=known)
    number = escape(words.bare_number(question.number, question.unit, reader))
    notes = []
    if question.verdict == "no":
        # The target beside it has the unit.
        gap = escape(words.bare_number(question.target - question.number, question.unit, reader))
        notes.append(fill("{gap} short", gap=gap))
    if question.logged is not None and question.logged != question.number:
        notes.append(
            fill(
                "log says {logged}",
                logged=escape(words.bare_number(question.logged, question.unit, reader)),
            )
        )
    if question.edited:
        notes.append(literal("changed"))
    if question.late:
        notes.append(literal("late"))
    mark = literal(":x:") if question.verdict == "no" else literal(":white_check_mark:")
    return join(
        [
            fill(
                "{mark} *{name}:* {number} of {target}",
                mark=mark,
                name=name,
                number=number,
                target=target,
            ),
            (fill(", {notes}", notes=join(notes, ", ")) if notes else literal("")),
        ]
    )


def _state(shown: AlertShown) -> list[Block]:
    blocks: list[Block] = []
    if shown.done_by is not None and shown.done_at is not None:
        when = words.day_and_time(shown.done_at, shown.reader)
        blocks.append(
            context(
                fill(
                    ":white_check_mark: {done_by} marked this as done, {when}.",
                    done_by=mention(shown.done_by),
                    when=when,
                )
            )
        )
        if shown.note:
            blocks.append(quote(shown.note))
        blocks += _agreed(shown)
        return blocks
    if shown.state == "away":
        return blocks  # there is nothing left to act on
    if shown.taken_by is not None and shown.taken_at is not None:
        when = words.day_and_time(shown.taken_at, shown.reader)
        blocks.append(
            context(
                fill(
                    ":raised_hand: {taken_by} took this, {when}.",
                    taken_by=mention(shown.taken_by),
                    when=when,
                )
            )
        )
    elif shown.passed_on_to is not None:
        to = mention(shown.passed_on_to)
        blocks.append(context(fill(":clock5: Nobody took this, so I asked {to}.", to=to)))
    is_taken = shown.taken_by is not None and shown.taken_at is not None
    buttons = alert_buttons(shown.alert_id, shown.rep_name, is_taken=is_taken)
    buttons += [] if shown.is_over else act_buttons(shown)
    blocks.append(actions(*buttons, block_id=f"alert.{shown.alert_id}"))
    return blocks


def _agreed(shown: AlertShown) -> list[Block]:
    """The step that was agreed, what became of it, and what the rep says where it is otherwise."""
    blocks: list[Block] = []
    if shown.step is not None and shown.due_on is not None:
        kept = {"yes": literal(": *done*"), "no": literal(": *not done*")}
        blocks.append(
            section(
                fill(
                    ":small_orange_diamond: *{step}*, by {day}{kept}.",
                    step=escape(shown.step),
                    day=words.day(shown.due_on, shown.reader),
                    kept=kept.get(shown.kept or "", literal("")),
                )
            )
        )
    if shown.otherwise:
        rep = mention(shown.rep)
        blocks += [section(fill("{rep} says that it is otherwise:", rep=rep))]
        blocks.append(quote(shown.otherwise))
    return blocks


def alert_buttons(alert_id: int, rep_name: str, *, is_taken: bool) -> list[Element]:
    """The buttons with which a coach acts on an open alert: *Take it*, unless somebody has it, and *Done*."""
    value = str(alert_id)
    buttons = [
        button(
            "Done", action_id=DONE, value=value, label=f"Mark the alert about {rep_name} as done"
        )
    ]
    if not is_taken:
        take = button(
            "Take it",
            action_id=TAKE,
            value=value,
            style="primary",
            label=f"Take the alert about {rep_name}",
        )
        buttons.insert(0, take)
    return buttons


def _fallback(shown: AlertShown) -> Mrkdwn:
    """The sentence of the alert, and the numbers of its chart for whoever does not see it."""
    numbers = trend_in_words(shown)
    said = _in_short(shown)
    return said if numbers is None else fill("{said}\n{numbers}", said=said, numbers=numbers)


def _in_short(shown: AlertShown) -> Mrkdwn:
    week = words.week(shown.week, shown.reader)
    name = escape(shown.rep_name)
    if shown.state == "away":
        return fill("{name} was away in the week {week}.", name=name, week=week)
    if shown.state == "open":
        return fill(
            "{name} was away and can still answer the check-in about the week {week}.",
            name=name,
            week=week,
        )
    if shown.all_met:
        return fill("{name} has since met every goal in the week {week}.", name=name, week=week)
    if shown.state == "unanswered":
        return fill(
            "{name} did not answer the check-in about the week {week}.", name=name, week=week
        )
    missed = sum(q.verdict == "no" for q in shown.questions)
    return fill(
        "{name} missed {missed} of {goals} in the week {week}.",
        name=name,
        missed=missed,
        goals=words.count(len(shown.questions), "goal"),
        week=week,
    )
