"""The versions of a plan: their list, one of them, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.shown.plans import Comparison, GoalShown, PlanShown, VersionRow, Versions
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import Block, View, context, modal, option, section
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal, mention
from bot.slack.views.plans import goal_words
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.messages import ALL_CONFLICTS, arithmetic, at_a_glance, headline
from bot.slack.views.setup.inputs import overflow

VERSIONS_MODAL = "plan.versions"
VERSION_MODAL = "plan.version"
COMPARISON_MODAL = "plan.comparison"

MORE = "plan.version_more"
"""The ⋯ menu of a version; its options' values are `see:id` and `compare:before:after`."""

MOST_ROWS = 40

STATES: Mapping[str, Mrkdwn] = {
    "draft": literal("a draft"),
    "proposed": literal("waits for the coach"),
    "suggested": literal("waits for the rep"),
    "offered": literal("higher sights, waits for both"),
    "approved": literal("signed"),
    "sent_back": literal("sent back"),
    "declined": literal("declined"),
    "replaced": literal("replaced before it was decided"),
}


def versions_modal(shown: Versions) -> View:
    """Every version, newest first, each with a menu."""
    rows = shown.rows[:MOST_ROWS]
    blocks: list[Block] = []
    if not shown.own:
        blocks.append(section(fill("The plans of {rep}", rep=mention(shown.rep))))
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        blocks.append(_row(row, before, shown))
    if not rows:
        blocks.append(section(literal("There is no version yet.")))
    more = shown.more + len(shown.rows) - len(rows)
    if more:
        blocks.append(context(fill("And {versions}.", versions=words.count(more, "older version"))))
    return modal("Versions", blocks, callback_id=VERSIONS_MODAL, close="Close")


def _row(row: VersionRow, before: VersionRow | None, shown: Versions) -> Block:
    reader = shown.reader
    name = _name(row.version)
    state = STATES.get(row.state, escape(row.state))
    if row.from_week is not None:
        day = plan_words.day(row.from_week, reader)
        state = fill("{state}, from {day} on", state=state, day=day)
    lines = [fill("*{name}*  {state}", name=name, state=state), _goal(row, reader)]
    if row.conversations is not None and row.base_moves is not None and row.sales is not None:
        lines.append(plan_words.in_short(row.conversations, row.base_moves, row.sales, reader))
    lines.append(_thought_of(row, shown))
    menu = [option("See all of it", f"see:{row.plan_id}")]
    if before is not None:
        older = plan_words.version(before.version)
        menu.append(option(f"What differs from {older}", f"compare:{before.plan_id}:{row.plan_id}"))
    return section(join(lines, "\n"), accessory=overflow(menu, action_id=MORE), block_id=_id(row))


def _id(row: VersionRow) -> str:
    return f"plan.version.{row.plan_id}"


def _name(version: int | None) -> Mrkdwn:
    return literal("Draft") if version is None else capitalized(plan_words.version(version))


def _goal(row: VersionRow, reader: Reader) -> Mrkdwn:
    return fill(
        "{goal}, {span}",
        goal=plan_words.money(row.goal, reader),
        span=plan_words.span(row.span, reader),
    )


def _thought_of(row: VersionRow, shown: Versions) -> Mrkdwn:
    by = {
        "coach": literal("the coach’s numbers"),
        "sights": literal("higher sights, found by Basecoach"),
        "fresh_start": literal("a fresh start"),
    }.get(row.origin, literal("your own") if shown.own else literal("the rep’s own"))
    return fill("_{by}, {when}_", by=by, when=words.day_and_time(row.at, shown.reader))


def version_modal(shown: PlanShown) -> View:
    """All of one version."""
    blocks = [
        section(headline(shown)),
        *at_a_glance(shown, most_conflicts=ALL_CONFLICTS),
        *arithmetic(shown),
    ]
    return modal(_name(shown.version), blocks, callback_id=VERSION_MODAL, close="Close")


def comparison_modal(shown: Comparison) -> View:
    """Only what differs, as *before → after*."""
    before, after = shown.before, shown.after
    pairs = [*_numbers(before, after), *_goals(before, after)]
    changed = [
        fill("*{name}*\n{old} → {new}", name=name, old=old, new=new)
        for name, old, new in pairs
        if old != new
    ]
    head = fill(
        "{before} → {after}",
        before=_name(before.version),
        after=plan_words.version(after.version),
    )
    blocks: list[Block] = [section(fill("*{head}*\nOnly what differs.", head=head))]
    blocks += [section(text) for text in changed]
    if not changed:
        blocks.append(section(literal("Nothing differs in the numbers or the goals.")))
    return modal("What differs", blocks, callback_id=COMPARISON_MODAL, close="Close")


def _numbers(before: PlanShown, after: PlanShown) -> list[tuple[Mrkdwn, Mrkdwn, Mrkdwn]]:
    old, new = _facts(before), _facts(after)
    return [
        (name, old.get(name, literal("–")), new.get(name, literal("–"))) for name in {**new, **old}
    ]


def _facts(shown: PlanShown) -> dict[Mrkdwn, Mrkdwn]:
    """Every number of the plan by its name, the weekly targets first."""
    reader, week = shown.reader, shown.plan.weekly

    def money(amount: Decimal | None) -> Mrkdwn:
        return plan_words.money(amount, reader) if amount is not None else literal("–")

    facts = {
        literal("Conversations a week"): plan_words.count(week.conversations, reader),
        literal("Base moves a week"): plan_words.count(week.base_moves, reader),
        literal("Sales a week"): money(week.sales),
        literal("Goal"): money(shown.goal),
        literal("Time"): plan_words.span(shown.span, reader),
        literal("Closed already"): money(shown.closed.value),
        literal("Average sale"): money(shown.average_sale.value),
    }
    for ratio in shown.ratios:
        facts[capitalized(escape(ratio.step.label))] = plan_words.percent(ratio.percent, reader)
    facts[literal("Working weeks")] = plan_words.count(shown.working_weeks, reader)
    return facts


def _goals(before: PlanShown, after: PlanShown) -> list[tuple[Mrkdwn, Mrkdwn, Mrkdwn]]:
    """The other goals by what they are, a goal that is not there as a dash."""
    old, new = _by_key(before.goals), _by_key(after.goals)
    return [
        (
            literal("Other goal"),
            goal_words.goal_line(old[key], before.reader) if key in old else literal("–"),
            goal_words.goal_line(new[key], after.reader) if key in new else literal("taken out"),
        )
        for key in {**old, **new}
    ]


def _by_key(goals: Sequence[GoalShown]) -> dict[str, GoalShown]:
    return {goal.key: goal for goal in goals}
