"""The words about goals beside a plan, what they are worth together, and where they are in each other's way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.shown.plans import GoalShown, PlanShown
from bot.domain.shown.reader import Reader
from bot.rules.conflicts import Conflict
from bot.rules.periods import Span
from bot.rules.plan import Worth
from bot.rules.validity import Finding
from bot.slack.views import words
from bot.slack.views.blocks import Block, sections
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, join, literal
from bot.slack.views.plans import words as plan_words


def worth(found: Sequence[Worth], reader: Reader) -> Mrkdwn:
    """What a better ratio would save, the best first; nothing for a ratio that can't get better."""
    lines = []
    for each in sorted(found, key=lambda one: (-one.fewer, -one.a_point)):
        if each.raised <= each.percent:
            continue
        fewer = (
            fill("*{fewer} fewer*", fewer=each.fewer) if each.fewer else literal("not one fewer")
        )
        lines.append(
            fill(
                "{step} at {raised}: {fewer}, {count} a point",
                step=plan_words.step_name(each.step),
                raised=plan_words.percent(each.raised, reader),
                fewer=fewer,
                count=plan_words.count(each.a_point, reader),
            )
        )
    return join(lines, "\n")


# Goals, conflicts, findings


def goal_line(found: GoalShown, reader: Reader) -> Mrkdwn:
    """`*Income* $90,000, at 15 % commission`: one goal beside the sales goal."""
    facts = [fact for fact in (_amount(found, reader), *_facts(found, reader)) if fact]
    line = fill("*{words}*", words=cut(escape(found.words), 600))
    if not facts:
        return line
    return fill("{line}  {facts}", line=line, facts=cut(escape(", ".join(facts)), 600))


def goal_sections(shown: PlanShown) -> list[Block]:
    """The goals beside the sales goal under their title; nothing where there are none."""
    if not shown.goals:
        return []
    lines = [goal_line(each, shown.reader) for each in shown.goals]
    return sections(lines, title=literal("*Other goals*"))


def _amount(found: GoalShown, reader: Reader) -> str:
    if found.amount is None:
        return ""
    amount = words.number(found.amount, found.unit or "count", reader)
    return f"{amount} a week" if found.kind == "metric" else amount


def _facts(found: GoalShown, reader: Reader) -> list[str]:
    facts = []
    if found.commission is not None:
        facts.append(f"at {plan_words.percent(found.commission, reader)} commission")
    if found.hours is not None:
        facts.append(f"{plan_words.counted(found.hours, 'hours', reader)} a week")
    if found.begins_on is not None and found.ends_on is not None:
        facts.append(plan_words.span(Span(found.begins_on, found.ends_on), reader))
    elif found.begins_on is not None:
        facts.append(f"from {plan_words.day(found.begins_on, reader)}")
    elif found.ends_on is not None:
        facts.append(f"by {plan_words.day(found.ends_on, reader)}")
    return facts


def conflict(found: Conflict) -> Mrkdwn:
    """The two goals, the arithmetic, and what would resolve it."""
    return fill(
        ":warning: *{first}* against *{second}*\n{arithmetic}\n{resolve}",
        first=cut(escape(found.first), 500),
        second=cut(escape(found.second), 500),
        arithmetic=cut(escape(found.arithmetic), 900),
        resolve=cut(escape(found.resolve), 900),
    )


def conflict_in_brief(found: Conflict) -> Mrkdwn:
    """The two goals, and the arithmetic."""
    return fill(
        ":warning: *{first}* against *{second}*\n{arithmetic}",
        first=cut(escape(found.first), 100),
        second=cut(escape(found.second), 100),
        arithmetic=cut(escape(found.arithmetic), 300),
    )


def finding(found: Finding) -> Mrkdwn:
    """One comparison with what the rep has done; a doubtful one is marked."""
    mark = literal(":warning:") if found.doubtful else literal("•")
    return fill("{mark} {sentence}", mark=mark, sentence=cut(escape(found.sentence), 600))
