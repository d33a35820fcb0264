"""Writing a plan: the goal, the numbers behind it, and what follows from them, in three modals.

An input's block_id is the field that a problem names. Whatever is known is filled in, and its hint says where
it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.dates import format_date

from bot.domain.shown.plans import (
    BEGINS_ON,
    ENDS_ON,
    PAIR,
    PERIOD,
    SIGNER,
    GoalForm,
    GoalStep,
    NumbersForm,
    NumbersStep,
    Pair,
    PlanShown,
    ReviewStep,
)
from bot.domain.shown.reader import Reader
from bot.rules.periods import Period
from bot.rules.plan import AVERAGE_SALE, CLOSED, GOAL, RATIO, WORKING_WEEKS
from bot.rules.ratios import Ratio, Step
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    button,
    context,
    datepicker,
    header,
    input_block,
    modal,
    option,
    radio_buttons,
    section,
    shorten,
    static_select,
    text_input,
)
from bot.slack.views.mrkdwn import (
    Mrkdwn,
    capitalized,
    cut,
    escape,
    fill,
    literal,
    mention,
)
from bot.slack.views.plans import goal_words
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.goals import goal_blocks
from bot.slack.views.setup.inputs import Filled, users_select

GOAL_MODAL = "plan.goal_step"
NUMBERS_MODAL = "plan.numbers_step"
REVIEW_MODAL = "plan.review_step"

PICK_PERIOD = "plan.pick_period"
BACK_TO_GOAL = "plan.back_to_goal"
BACK_TO_NUMBERS = "plan.back_to_numbers"
INPUT = "value"
"""The action_id of every other input of the three; the block_id says which one it is."""

MOST_CONFLICTS = 40
"""How many are shown; with ten goals and five pairs they fit into the hundred blocks of a modal."""

_PERIODS = {
    Period.THIS_YEAR: "This year",
    Period.THIS_QUARTER: "This quarter",
    Period.NEXT_YEAR: "Next year",
    Period.NEXT_QUARTER: "Next quarter",
}
_TEXT = 60


def goal_modal(step: GoalStep) -> View:
    """The first step: which time, and how much is to be sold in it."""
    reader = step.reader
    periods = [
        option(f"{_PERIODS[period]}: {plan_words.span(dates, reader)}", period)
        for period, dates in step.periods.items()
    ]
    two_dates = option("Two dates of your own", Period.DATES)
    period = input_block(
        "Which time is the plan for?",
        static_select([*periods, two_dates], action_id=PICK_PERIOD, initial=step.period),
        block_id=PERIOD,
    )
    blocks: list[Block] = [
        context(
            literal(
                "Three short steps, two minutes. Your targets stay as they are until it is signed."
            )
        ),
        {**period, "dispatch_action": True},
    ]
    if step.period is Period.DATES:
        first = step.dates.first if step.dates else step.today
        last = step.dates.last if step.dates else None
        blocks += [
            input_block(
                "First day", datepicker(action_id=INPUT, initial=first), block_id=BEGINS_ON
            ),
            input_block("Last day", datepicker(action_id=INPUT, initial=last), block_id=ENDS_ON),
        ]
    blocks.append(
        input_block(
            "How much do you want to sell in it?",
            text_input(
                action_id=INPUT,
                initial=plan_words.money(step.goal, reader) if step.goal is not None else None,
                placeholder="600,000 or 600k",
                max_length=_TEXT,
            ),
            block_id=GOAL,
            hint="All of it, with what you have closed already.",
        )
    )
    return modal(
        "Plan 1 of 3: goal",
        blocks,
        callback_id=GOAL_MODAL,
        submit="Next",
    )


def numbers_modal(step: NumbersStep) -> View:
    """The second step: everything that the history holds, filled in and labelled."""
    reader, year = step.reader, step.span.first.year
    goal = plan_words.money(step.goal, reader)
    blocks: list[Block] = [
        section(
            fill("Goal *{goal}*, {span}", goal=goal, span=plan_words.span(step.span, reader)),
            accessory=button(
                "Back", action_id=BACK_TO_GOAL, value=str(step.plan_id), label="Back to the goal"
            ),
        ),
        _number(
            "Closed already",
            CLOSED,
            initial=plan_words.money(step.closed.value, reader)
            if step.closed.value is not None
            else None,
            hint=_sentence(plan_words.closed_origin(step.closed, reader, year)),
        ),
        average_input(step),
        section(
            literal(
                "*Your ratios*\nOf 100 that have got so far, how many get to the next base? "
                "Type over what you know better."
            )
        ),
        *(ratio_input(ratio, reader, year) for ratio in step.ratios),
        weeks_input(step),
    ]
    return modal(
        "Plan 2 of 3: numbers",
        blocks,
        callback_id=NUMBERS_MODAL,
        submit="Next",
        close="Close",
        metadata={"plan": step.plan_id},
    )


def average_input(step: NumbersStep, *, typed: str = plan_words.YOURS) -> Block:
    """The average sale; `typed` is as for `plan_words.average_origin`."""
    reader, year = step.reader, step.span.first.year
    value = step.average_sale.value
    return _number(
        "Average sale",
        AVERAGE_SALE,
        initial=plan_words.money(value, reader) if value is not None else None,
        hint=_sentence(plan_words.average_origin(step.average_sale, reader, year, typed=typed)),
    )


def ratio_input(ratio: Ratio, reader: Reader, year: int, *, typed: str = plan_words.YOURS) -> Block:
    """One ratio in percent; `typed` is as for `plan_words.ratio_origin`."""
    label = ratio.step.label
    return _number(
        f"{label[0].upper()}{label[1:]}, in %",
        RATIO + ratio.step,
        initial=plan_words.count(ratio.percent, reader),
        hint=_sentence(plan_words.ratio_origin(ratio, reader, year, typed=typed)),
    )


def weeks_input(step: NumbersStep) -> Block:
    """The working weeks, and what the calendar says."""
    reader = step.reader
    first = format_date(step.first_week, "d MMMM", locale=reader.locale)
    counted = f"The calendar gives {plan_words.count(step.weeks_counted, reader)} from {first} on"
    away = words.count(step.days_away, "day")
    left_out = f", without {away} of leave and public holidays" if step.days_away else ""
    return _number(
        "Working weeks",
        WORKING_WEEKS,
        initial=plan_words.count(step.working_weeks, reader),
        hint=f"{counted}{left_out}.",
    )


def _number(label: str, block_id: str, *, initial: str | None, hint: str) -> Block:
    return input_block(
        label,
        text_input(action_id=INPUT, initial=initial, max_length=_TEXT),
        block_id=block_id,
        hint=hint,
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def review_modal(step: ReviewStep) -> View:
    """The third step: the week that follows, why, what stands in the way, and what is still to say."""
    shown = step.shown
    reader = shown.reader
    blocks: list[Block] = [
        section(
            plan_words.goal(shown),
            accessory=button(
                "Back",
                action_id=BACK_TO_NUMBERS,
                value=str(shown.plan_id),
                label="Back to the numbers",
            ),
        ),
        header("Your week"),
        section(plan_words.weekly(shown)),
        section(fill("*How it comes about*\n{chain}", chain=plan_words.chain(shown))),
        context(literal("Computed exactly; each number is rounded up as it is shown.")),
    ]
    if better := goal_words.worth(shown.plan.worth, reader):
        blocks.append(
            section(
                fill(
                    "*What a better ratio saves*, in conversations a week\n{better}", better=better
                )
            )
        )
    blocks += plan_words.origin_blocks(shown)
    blocks += [header("Your other goals"), *goal_blocks(shown)]
    blocks += _conflicts(shown)
    if step.pairs:
        blocks.append(section(literal("*Only you can tell.* You are asked about two goals once.")))
    blocks += [_pair(pair) for pair in step.pairs]
    if step.asks_signer:
        blocks.append(_signer(step.signer))
    blocks.append(context(_to_signer() if step.asks_signer else _who_sees(shown)))
    return modal(
        "Plan 3 of 3: check",
        blocks,
        callback_id=REVIEW_MODAL,
        submit="Send" if step.asks_signer else _send_to(shown.coach_name),
        close="Later",
        metadata={"plan": shown.plan_id},
    )


def _conflicts(shown: PlanShown) -> list[Block]:
    if not shown.conflicts:
        return []
    blocks: list[Block] = [header("In each other's way")]
    blocks += [section(goal_words.conflict(each)) for each in shown.conflicts[:MOST_CONFLICTS]]
    more = len(shown.conflicts) - MOST_CONFLICTS
    if more > 0:
        blocks.append(context(fill("And {more} more.", more=more)))
    coach = cut(escape(_first_name(shown.coach_name)), 500)
    blocks.append(
        context(fill("You can send it as it is: {coach} will see this, too.", coach=coach))
    )
    return blocks


def _pair(pair: Pair) -> Block:
    return input_block(
        f"Does “{shorten(pair.first, 150)}” get in the way of “{shorten(pair.second, 150)}”?",
        radio_buttons([option("No", "no"), option("Yes", "yes")], action_id=INPUT),
        block_id=f"{PAIR}{pair.first_key}:{pair.second_key}",
    )


def _signer(initial: str | None) -> Block:
    return input_block(
        "Who signs it?",
        users_select(action_id=INPUT, initial=initial),
        block_id=SIGNER,
        hint="Nobody signs their own plan. Choose another coach or a workspace admin.",
    )


def _to_signer() -> Mrkdwn:
    return literal(
        ":eyes: It goes to the person whom you choose, in a direct message. "
        "Nothing changes until it is signed."
    )


def _who_sees(shown: PlanShown) -> Mrkdwn:
    if shown.coach_channel is None or shown.problem is not None:
        return fill(
            ":eyes: It goes to {coach}. Nothing changes until it is signed.",
            coach=mention(shown.coach),
        )
    return fill(
        ":eyes: It goes to {coach} in {coach_channel}; who is in "
        "that channel reads all of it. Nothing changes until it is signed.",
        coach=mention(shown.coach),
        coach_channel=words.coach_channel(shown.channel_name),
    )


def _send_to(coach_name: str) -> str:
    label = f"Send to {_first_name(coach_name)}"
    return label if len(label) <= 24 else "Send to my coach"


def _first_name(name: str) -> str:
    return (name.split() or ["your coach"])[0]


def sent_modal(shown: PlanShown) -> View:
    """What is said once the plan is on its way to the coach."""
    coach = mention(shown.coach)
    return modal(
        "Your plan is sent",
        [
            section(
                fill(
                    ":white_check_mark: *{which} is on its way to {coach}.*\n{week}",
                    which=capitalized(plan_words.version(shown.version)),
                    coach=coach,
                    week=plan_words.weekly_in_short(shown),
                )
            ),
            section(
                literal(
                    "You get a message here once it is signed or comes back. "
                    "Until then your targets stay as they are."
                )
            ),
        ],
        callback_id="notice",
        close="Close",
    )


def read_goal(view: Mapping[str, Any]) -> GoalForm:
    """What a submitted first step says."""
    filled = Filled(view)
    return GoalForm(
        period=filled.choice(PERIOD) or "",
        begins_on=filled.day(BEGINS_ON),
        ends_on=filled.day(ENDS_ON),
        goal=filled.text(GOAL),
    )


def read_numbers(view: Mapping[str, Any]) -> NumbersForm:
    """What the second step says, sent or not."""
    filled = Filled(view)
    return NumbersForm(
        closed=filled.text(CLOSED),
        average_sale=filled.text(AVERAGE_SALE),
        ratios={step: filled.text(RATIO + step) for step in Step},
        working_weeks=filled.text(WORKING_WEEKS),
    )


def read_signer(view: Mapping[str, Any]) -> str | None:
    """Who was chosen to sign the plan; None where nobody was asked for."""
    return Filled(view).user(SIGNER)


def read_pairs(view: Mapping[str, Any]) -> dict[str, str]:
    """What was said about each pair, by `first:second`; those without an answer are left out."""
    return Filled(view).choices_starting_with(PAIR)
