"""What `/plan` opens on: the signed plan, what waits for whom, and what can be done."""

from __future__ import annotations

from bot.domain.shown.plans import PlanOverview, PlanShown
from bot.slack.views.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    confirmation,
    context,
    divider,
    message,
    modal,
    quote,
    section,
    shorten,
)
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, literal, mention
from bot.slack.views.plans import buttons as plan_buttons
from bot.slack.views.plans import goal_words
from bot.slack.views.plans import words as plan_words
from bot.slack.views.plans.buttons import AFRESH, CHANGE, DISCARD, SEE, SUGGEST, VERSIONS
from bot.slack.views.plans.messages import arithmetic, at_a_glance, headline

OVERVIEW_MODAL = "plan.overview"


def usage_message(said: str | None = None) -> Message:
    """How `/plan` is used, after what could not be understood."""
    usage = literal(
        "`/plan`  opens your plan, or begins one\n"
        "`/plan @name`  opens the plan of a rep whom you coach"
    )
    if said is None:
        return message(usage, [section(fill("*Plans*\n{usage}", usage=usage))])
    unknown = fill(
        "I don’t know what “{said}” means here. You can type:", said=escape(shorten(said, 200))
    )
    return message(
        fill("{unknown}\n{usage}", unknown=unknown, usage=usage), [section(unknown), section(usage)]
    )


def begins_at_once(shown: PlanOverview) -> bool:
    """Whether there is nothing to look at yet, so that `/plan` opens the first step itself."""
    return shown.own and not shown.versions and shown.waiting is None


def overview_modal(shown: PlanOverview) -> View:
    """The rep's own, or the same for their coach with what a coach can do."""
    blocks = _own(shown) if shown.own else _coached(shown)
    title = "Your plan" if shown.own else _title(shown.rep_name)
    return modal(
        title,
        blocks,
        callback_id=OVERVIEW_MODAL,
        close="Close",
        metadata={"rep": None if shown.own else shown.rep},
    )


def _title(name: str) -> str:
    first = (name.split() or ["A rep"])[0]
    title = f"{first}’s plan"
    return title if len(title) <= 24 else "The rep’s plan"


def _own(shown: PlanOverview) -> list[Block]:
    blocks: list[Block] = []
    if shown.waiting is not None:
        blocks += [*_waiting_for_rep(shown.waiting), divider()]
    elif shown.sent_back is not None:
        sent_back = shown.sent_back
        by = mention(sent_back.decided_by or sent_back.coach)
        blocks.append(
            section(fill(":leftwards_arrow_with_hook: {by} *gave your plan back to you.*", by=by))
        )
        if sent_back.reason:
            blocks.append(quote(sent_back.reason))
        blocks.append(divider())
    blocks += _in_force(shown, literal("Your"))
    return [*blocks, *_writing(shown)]


def _writing(shown: PlanOverview) -> list[Block]:
    """What a rep can write: a draft that lies there, a change, a fresh start."""
    ended = shown.in_force is not None and shown.in_force.ended
    style = "primary" if shown.waiting is None else None
    afresh = button(
        "Start afresh",
        action_id=AFRESH,
        style=style if ended and shown.draft_id is None else None,
        label="Start a new plan from the last one",
    )
    change = button(_change_words(shown), action_id=CHANGE, style=None if ended else style)
    if shown.draft_id is not None:
        change = button("Go on with my draft", action_id=CHANGE, style=style)
        afresh = _discard(shown.draft_id)
    buttons = [afresh, change] if ended and shown.draft_id is None else [change, afresh]
    if shown.versions:
        buttons.append(
            button(f"Versions ({shown.versions})", action_id=VERSIONS, label="Versions of my plan")
        )
    said = literal("*Start afresh* moves your last plan’s dates on and measures your ratios again.")
    if shown.draft_id is not None:
        said = literal("You have begun to write a plan. Nobody sees it before you send it.")
    return [actions(*buttons), context(said)]


def _discard(draft_id: int) -> Element:
    return button(
        "Throw it away",
        action_id=DISCARD,
        value=str(draft_id),
        label="Throw my draft away",
        confirm=confirmation(
            "Throw it away?",
            "What you have written since the last version is gone then.",
            yes="Throw it away",
            no="Keep it",
        ),
    )


def _change_words(shown: PlanOverview) -> str:
    has_plan = shown.in_force or shown.waiting or shown.sent_back
    return "Change the plan" if has_plan else "Write my plan"


def _waiting_for_rep(waiting: PlanShown) -> list[Block]:
    coach = mention(waiting.coach)
    which = plan_words.version(waiting.version)
    if waiting.state == "suggested":
        by = mention(waiting.coach_agreed_by or waiting.coach)
        said = fill("{by} *suggests other numbers*, {which}.", by=by, which=which)
    elif waiting.state == "offered":
        waits = (
            fill("It waits for {coach}.", coach=coach)
            if waiting.rep_agreed_at
            else literal("Nothing changes until you both agree.")
        )
        said = fill(
            ":tada: *You met every goal, week after week. Raise your sights?* {waits}", waits=waits
        )
    else:
        said = fill(
            ":hourglass_flowing_sand: *Your plan waits for* {coach}, {which}.",
            coach=coach,
            which=which,
        )
    blocks: list[Block] = [
        section(fill("{said}\n{weekly}", said=said, weekly=plan_words.weekly(waiting)))
    ]
    if waiting.reason:
        blocks.append(quote(waiting.reason))
    blocks.append(context(plan_words.goal(waiting)))
    return [*blocks, *plan_buttons.for_rep(waiting)]


def _in_force(shown: PlanOverview, whose: Mrkdwn) -> list[Block]:
    plan = shown.in_force
    if plan is None:
        said = fill(
            "*No plan of {whose} is signed yet.*",
            whose=literal("yours") if shown.own else literal("theirs"),
        )
        if shown.targets_now and shown.reader is not None:
            targets = plan_words.targets_now(shown.targets_now, shown.reader)
            counts = fill("What the coach set counts: {targets} a week.", targets=targets)
            said = fill("{said} {counts}", said=said, counts=counts)
        return [section(said)]
    when = literal("")
    if plan.from_week is not None:
        verb = literal("will count") if plan.from_week >= plan.next_week else literal("has counted")
        when = fill(
            " It {verb} from {day} on.", verb=verb, day=plan_words.day(plan.from_week, plan.reader)
        )
    ended = literal(" *Its time is over: start afresh.*") if plan.ended else literal("")
    return [
        section(
            fill(
                ":white_check_mark: *{whose} signed plan, {which}*, every week:\n{weekly}",
                whose=whose,
                which=plan_words.version(plan.version),
                weekly=plan_words.weekly(plan, compared=False),
            ),
            accessory=button(
                "See all",
                action_id=SEE,
                value=str(plan.plan_id),
                label=f"See all of the signed plan, version {plan.version}",
            ),
        ),
        context(fill("{goal}.{when}{ended}", goal=plan_words.goal(plan), when=when, ended=ended)),
        *goal_words.goal_sections(plan),
    ]


def _coached(shown: PlanOverview) -> list[Block]:
    blocks: list[Block] = []
    if shown.waiting is not None:
        blocks.append(section(headline(shown.waiting)))
        if shown.waiting.reason:
            blocks.append(quote(shown.waiting.reason))
        blocks += at_a_glance(shown.waiting)
        blocks += plan_buttons.for_coach(shown.waiting)
        blocks += arithmetic(shown.waiting)
        blocks.append(divider())
    elif shown.sent_back is not None:
        blocks += [section(headline(shown.sent_back)), divider()]
    blocks += _in_force(shown, fill("{rep_name}’s", rep_name=cut(escape(shown.rep_name), 500)))
    buttons = []
    if shown.in_force is not None and shown.waiting is None:
        buttons.append(
            button(
                "Suggest numbers",
                action_id=SUGGEST,
                value=str(shown.in_force.plan_id),
                label=f"Suggest numbers for {shown.rep_name}’s plan",
            )
        )
    if shown.versions:
        buttons.append(
            button(
                f"Versions ({shown.versions})",
                action_id=VERSIONS,
                value=shown.rep,
                label=f"Versions of {shown.rep_name}’s plan",
            )
        )
    if buttons:
        blocks.append(actions(*buttons))
    else:
        blocks.append(context(literal("Only the rep can write a plan: ask them to type `/plan`.")))
    return blocks
