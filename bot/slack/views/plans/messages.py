"""The one message about a version of a plan: to the coach, and to the rep."""

from __future__ import annotations

from bot.domain.shown.plans import PlanShown
from bot.slack.views import words
from bot.slack.views.alerts import channel_problem
from bot.slack.views.blocks import (
    Block,
    Message,
    context,
    escape,
    mention,
    message,
    quote,
    section,
)
from bot.slack.views.plans import buttons as plan_buttons
from bot.slack.views.plans import words as plan_words

MOST_GOALS = 8
MOST_CONFLICTS = 6
MOST_FINDINGS = 10
"""How many a message shows; the rest stands in the modal behind *See all of it*."""

UNDECIDED = frozenset({"proposed", "suggested", "offered"})


def plan_message(shown: PlanShown) -> Message:
    """What the coach decides about, and what became of it."""
    blocks: list[Block] = []
    if shown.problem is not None:
        why = channel_problem(shown.problem, shown.coach_channel, what="Plans")
        blocks.append(context(f":warning: {why}"))
    blocks.append(section(headline(shown)))
    blocks += _reason(shown)
    if shown.state in UNDECIDED:
        blocks += [*at_a_glance(shown), *plan_buttons.for_coach(shown), *arithmetic(shown)]
    else:
        if shown.state != "replaced":
            said = f"{plan_words.goal(shown)}: {plan_words.weekly_in_short(shown)}"
            blocks.append(context(said))
        blocks += plan_buttons.for_coach(shown)
    return message(_fallback(shown), blocks)


def at_a_glance(shown: PlanShown) -> list[Block]:
    """What a coach decides by: the targets, what speaks against them, and the other goals."""
    blocks: list[Block] = [
        section(f"{plan_words.goal(shown)}. *Every week:*\n{plan_words.weekly(shown)}")
    ]
    doubtful_first = sorted(shown.findings, key=lambda finding: not finding.doubtful)
    findings = [plan_words.finding(each) for each in doubtful_first[:MOST_FINDINGS]]
    if findings:
        blocks.append(section("*Against what was done so far*\n" + "\n".join(findings)))
    blocks += [section(plan_words.conflict(each)) for each in shown.conflicts[:MOST_CONFLICTS]]
    if shown.goals:
        lines = [plan_words.goal_line(goal, shown.reader) for goal in shown.goals[:MOST_GOALS]]
        blocks.append(section("*Other goals*\n" + "\n".join(lines)))
    more = [
        words.count(number, name)
        for number, name in (
            (len(shown.findings) - MOST_FINDINGS, "more finding"),
            (len(shown.conflicts) - MOST_CONFLICTS, "more conflict"),
            (len(shown.goals) - MOST_GOALS, "more goal"),
        )
        if number > 0
    ]
    if more:
        blocks.append(context(f"And {words.listed(more)}."))
    return blocks


def arithmetic(shown: PlanShown) -> list[Block]:
    """How the targets come about, and where the numbers come from."""
    return [
        section(f"*How it comes about*\n{plan_words.chain(shown)}"),
        *plan_words.origin_blocks(shown),
    ]


def headline(shown: PlanShown) -> str:
    """Where this version stands, for the coach."""
    rep, coach = mention(shown.rep), mention(shown.coach)
    which = f"version {shown.version}"
    match shown.state:
        case "draft":
            return "A draft, which nobody but the rep sees."
        case "proposed" if shown.origin == "coach":
            return f"{coach}: {rep} *accepted the suggested numbers*. They count once you sign {which}."
        case "proposed":
            return f"{coach}: {rep} *sends a plan to be signed*, {which}."
        case "suggested":
            return f"{_by(shown.coach_agreed_by)} *suggested numbers to* {rep}, {which}. No answer yet."
        case "offered":
            return f"{coach}: {rep} *met every goal, week after week. Raise the sights?* {_agreed(shown)}"
        case "approved" if shown.origin == "sights":
            return f":white_check_mark: *The sights of* {rep} *are raised*, {which}.{_from(shown)}"
        case "approved":
            signed = f"{_by(shown.decided_by)} *signed the plan of* {rep}"
            return f":white_check_mark: {signed}, {which}.{_from(shown)}"
        case "sent_back":
            return f":leftwards_arrow_with_hook: {_by(shown.decided_by)} *sent back the plan of* {rep}, {which}."
        case "declined" if shown.origin == "sights":
            return (
                f"{_by(shown.decided_by)} would *not raise the sights* of {rep} *now*. "
                "I won’t ask again for three months."
            )
        case "declined":
            return f"{rep} *did not take the suggested numbers*, {which}."
    return f"The plan of {rep}, {which}: {_replaced(shown)}"


def plan_reply_message(shown: PlanShown) -> Message:
    """What the rep hears of a version: numbers to answer, or what became of it."""
    blocks: list[Block] = [section(_reply(shown)), *_reason(shown)]
    if shown.state in {"suggested", "offered"}:
        blocks.append(
            section(f"{plan_words.goal(shown)}. *Every week:*\n{plan_words.weekly(shown)}")
        )
        blocks.append(section(f"*How it comes about*\n{plan_words.chain(shown)}"))
    elif shown.state == "approved":
        blocks.append(section(plan_words.weekly(shown, compared=False)))
        blocks.append(context(f"{plan_words.goal(shown)}. `/plan` shows it at any time."))
    elif shown.state == "proposed":
        blocks.append(context(plan_words.weekly_in_short(shown)))
    blocks += plan_buttons.for_rep(shown)
    return message(_reply_fallback(shown), blocks)


def _reply(shown: PlanShown) -> str:
    coach = mention(shown.coach)
    match shown.state:
        case "suggested":
            return (
                f"{_by(shown.coach_agreed_by)} *suggests other numbers for your plan.* "
                "Nothing changes unless you accept."
            )
        case "offered":
            return (
                f":tada: *You met every goal, week after week. Raise your sights?* {_agreed(shown)}"
            )
        case "proposed":
            return f"You accepted version {shown.version}. It counts once {coach} signs it."
        case "approved":
            what = "Your sights are raised" if shown.origin == "sights" else "Your plan is signed"
            return f":white_check_mark: *{what}.*{_from(shown)} From then on you are asked about:"
        case "sent_back":
            return (
                f":leftwards_arrow_with_hook: {_by(shown.decided_by)} *gave your plan back to you.* "
                "Your targets stay as they are."
            )
        case "declined" if shown.origin == "sights":
            return "Your sights stay as they are. I won’t ask again for three months."
        case "declined":
            return (
                f"You did not take these numbers, and {coach} knows. Your targets stay as they are."
            )
    return f"Version {shown.version} of your plan: {_replaced(shown)}"


def _reason(shown: PlanShown) -> list[Block]:
    """What somebody said to it, with who; a suggestion's words stay while it is decided about."""
    if not shown.reason:
        return []
    return [quote(shown.reason)]


def _by(slack_user_id: str | None) -> str:
    return mention(slack_user_id) if slack_user_id else "Somebody"


def _from(shown: PlanShown) -> str:
    """` It counts from the week 23–29 November on.`; nothing before it is known."""
    if shown.from_week is None:
        return ""
    return f" It counts from the week {words.week(shown.from_week, shown.reader)} on."


def _agreed(shown: PlanShown) -> str:
    if shown.rep_agreed_at is not None:
        return f"{mention(shown.rep)} is in; it needs {mention(shown.coach)}, too."
    if shown.coach_agreed_at is not None:
        return f"{_by(shown.coach_agreed_by)} is in; it needs {mention(shown.rep)}, too."
    return "Nothing changes until rep and coach both say so."


def _replaced(shown: PlanShown) -> str:
    if shown.replaced_by is None:
        return "a later version took its place."
    return f"version {shown.replaced_by} took its place."


def _fallback(shown: PlanShown) -> str:
    name, which = escape(shown.rep_name), f"version {shown.version}"
    return {
        "proposed": f"{name} sends a plan to be signed, {which}: {plan_words.weekly_in_short(shown)}.",
        "suggested": f"Numbers were suggested to {name}.",
        "offered": f"{name} met every goal, week after week. Raise the sights?",
        "approved": f"{name}’s plan is signed, {which}.",
        "sent_back": f"{name}’s plan was sent back, {which}.",
        "declined": f"{name}’s plan stays as it is.",
    }.get(shown.state, f"{name}’s plan, {which}: a later version took its place.")


def _reply_fallback(shown: PlanShown) -> str:
    return {
        "proposed": f"You accepted version {shown.version} of your plan.",
        "suggested": f"Other numbers are suggested for your plan: {plan_words.weekly_in_short(shown)}.",
        "offered": "You met every goal, week after week. Raise your sights?",
        "approved": f"Your plan is signed: {plan_words.weekly_in_short(shown)}.",
        "sent_back": "Your plan came back to you.",
        "declined": "Your plan stays as it is.",
    }.get(shown.state, "A later version of your plan took this one’s place.")
