"""The one message about a version of a plan: to the coach, and to the rep."""

from __future__ import annotations

from bot.domain.shown.plans import PlanShown
from bot.slack.views import words
from bot.slack.views.alerts import channel_problem
from bot.slack.views.blocks import Block, Message, context, message, quote, section, sections
from bot.slack.views.coaching.on_home import differences
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, literal, mention
from bot.slack.views.plans import buttons as plan_buttons
from bot.slack.views.plans import goal_words
from bot.slack.views.plans import words as plan_words

MOST_IN_BRIEF = 3
"""How many doubts, and how many conflicts, a message shows."""
MOST_CONFLICTS = 6
"""How many a coach's overview shows."""
ALL_CONFLICTS = 50
"""How many a modal shows that shows all of a version."""

_WHERE_IT_IS = literal(" *How it comes about* has it all.")
_WHERE_ALL_IS = literal(" *How it comes about* shows all of them.")

UNDECIDED = frozenset({"proposed", "suggested", "offered"})


def plan_message(shown: PlanShown) -> Message:
    """What the coach decides about, and what became of it."""
    blocks: list[Block] = []
    if shown.problem is not None:
        why = channel_problem(shown.problem, shown.coach_channel, what=literal("Plans"))
        blocks.append(context(fill(":warning: {why}", why=why)))
    blocks.append(section(headline(shown)))
    blocks += _reason(shown)
    blocks += sections(
        fill(
            ":information_source: {week}, accepted by a coach. {differences}",
            week=words.week(week, shown.reader),
            differences=differences(found, shown.reader),
        )
        for week, found in shown.accepted
    )
    if shown.state in UNDECIDED:
        blocks += [*in_brief(shown), *plan_buttons.for_coach(shown)]
    else:
        if shown.state != "replaced":
            said = fill(
                "{goal}: {week}",
                goal=plan_words.goal(shown),
                week=plan_words.weekly_in_short(shown),
            )
            blocks.append(context(said))
        blocks += plan_buttons.for_coach(shown)
    return message(_fallback(shown), blocks)


def in_brief(shown: PlanShown) -> list[Block]:
    """What fits one screen of a phone: the targets, what is doubtful, which goals are in each other's way.

    *How it comes about* opens the rest, and what would resolve a conflict.
    """
    goal, weekly = plan_words.goal(shown), plan_words.weekly(shown)
    blocks: list[Block] = [
        section(fill("{goal}. *Every week:*\n{weekly}", goal=goal, weekly=weekly))
    ]
    doubtful = [finding for finding in shown.findings if finding.doubtful]
    calm = [] if shown.conflicts else list(shown.findings[:1])
    found = (doubtful or calm)[:MOST_IN_BRIEF]
    blocks += sections(map(goal_words.finding, found))
    blocks += sections(map(goal_words.conflict_in_brief, shown.conflicts[:MOST_IN_BRIEF]))
    more = [
        words.count(number - MOST_IN_BRIEF, what)
        for number, what in (
            (len(doubtful), "more doubt"),
            (len(shown.conflicts), "more conflict"),
        )
        if number > MOST_IN_BRIEF
    ]
    if shown.goals:
        more.append(words.count(len(shown.goals), "other goal"))
    if more:
        blocks.append(
            context(fill("And {more}.{where}", more=words.listed(more), where=_WHERE_IT_IS))
        )
    return blocks


def at_a_glance(shown: PlanShown, *, most_conflicts: int = MOST_CONFLICTS) -> list[Block]:
    """What a coach decides by: the targets, what speaks against them, and the other goals."""
    goal, weekly = plan_words.goal(shown), plan_words.weekly(shown)
    blocks: list[Block] = [
        section(fill("{goal}. *Every week:*\n{weekly}", goal=goal, weekly=weekly))
    ]
    doubtful_first = sorted(shown.findings, key=lambda finding: not finding.doubtful)
    if doubtful_first:
        blocks += sections(
            map(goal_words.finding, doubtful_first),
            title=literal("*Against what was done so far*"),
        )
    blocks += [section(goal_words.conflict(each)) for each in shown.conflicts[:most_conflicts]]
    more = len(shown.conflicts) - most_conflicts
    if more > 0:
        conflicts = words.count(more, "more conflict")
        where = literal("") if most_conflicts == ALL_CONFLICTS else _WHERE_ALL_IS
        blocks.append(context(fill("And {conflicts}.{where}", conflicts=conflicts, where=where)))
    return [*blocks, *goal_words.goal_sections(shown)]


def arithmetic(shown: PlanShown) -> list[Block]:
    """How the targets come about, and where the numbers come from."""
    return [
        section(fill("*How it comes about*\n{chain}", chain=plan_words.chain(shown))),
        *plan_words.origin_blocks(shown),
    ]


def headline(shown: PlanShown) -> Mrkdwn:
    """Where this version stands, for the coach."""
    rep, coach = mention(shown.rep), mention(shown.coach)
    which = plan_words.version(shown.version)
    match shown.state:
        case "draft":
            return literal("A draft, which nobody but the rep sees.")
        case "proposed" if shown.origin == "coach":
            return fill(
                "{coach}: {rep} *accepted the suggested numbers*. They count once you sign {which}.",
                coach=coach,
                rep=rep,
                which=which,
            )
        case "proposed":
            return fill(
                "{coach}: {rep} *sends a plan to be signed*, {which}.",
                coach=coach,
                rep=rep,
                which=which,
            )
        case "suggested":
            return fill(
                "{by} *suggested numbers to* {rep}, {which}. No answer yet.",
                by=_by(shown.coach_agreed_by),
                rep=rep,
                which=which,
            )
        case "offered":
            return fill(
                "{coach}: {rep} *met every goal, week after week. Raise the sights?* {agreed}",
                coach=coach,
                rep=rep,
                agreed=_agreed(shown),
            )
    return _decided(shown)


def _decided(shown: PlanShown) -> Mrkdwn:
    """What became of a version that nobody has to decide about any more."""
    rep, which = mention(shown.rep), plan_words.version(shown.version)
    match shown.state:
        case "approved" if shown.origin == "sights":
            return fill(
                ":white_check_mark: *The sights of* {rep} *are raised*, {which}.{since}",
                rep=rep,
                which=which,
                since=_from(shown),
            )
        case "approved":
            signed = fill("{by} *signed the plan of* {rep}", by=_by(shown.decided_by), rep=rep)
            return fill(
                ":white_check_mark: {signed}, {which}.{since}",
                signed=signed,
                which=which,
                since=_from(shown),
            )
        case "sent_back":
            return fill(
                ":leftwards_arrow_with_hook: {by} *sent back the plan of* {rep}, {which}.",
                by=_by(shown.decided_by),
                rep=rep,
                which=which,
            )
        case "declined" if shown.decided_by is None:
            return fill("The plan of {rep}, {which}, *was withdrawn*.", rep=rep, which=which)
        case "declined" if shown.origin == "sights":
            return fill(
                "{by} would *not raise the sights* of {rep} *now*. "
                "I won’t ask again for three months.",
                by=_by(shown.decided_by),
                rep=rep,
            )
        case "declined":
            return fill(
                "{rep} *did not take the suggested numbers*, {which}.", rep=rep, which=which
            )
    return fill(
        "The plan of {rep}, {which}: {replaced}", rep=rep, which=which, replaced=_replaced(shown)
    )


def plan_reply_message(shown: PlanShown) -> Message:
    """What the rep hears of a version: numbers to answer, or what became of it."""
    blocks: list[Block] = [section(_reply(shown)), *_reason(shown)]
    if shown.state in {"suggested", "offered"}:
        blocks.append(
            section(
                fill(
                    "{goal}. *Every week:*\n{weekly}",
                    goal=plan_words.goal(shown),
                    weekly=plan_words.weekly(shown),
                )
            )
        )
    elif shown.state == "approved":
        blocks.append(section(plan_words.weekly(shown, compared=False)))
        blocks.append(
            context(fill("{goal}. `/plan` shows it at any time.", goal=plan_words.goal(shown)))
        )
    elif shown.state == "proposed":
        blocks.append(context(plan_words.weekly_in_short(shown)))
    blocks += plan_buttons.for_rep(shown)
    return message(_reply_fallback(shown), blocks)


def _reply(shown: PlanShown) -> Mrkdwn:
    coach = mention(shown.coach)
    match shown.state:
        case "suggested":
            return fill(
                "{by} *suggests other numbers for your plan.* Nothing changes unless you accept.",
                by=_by(shown.coach_agreed_by),
            )
        case "offered":
            return fill(
                ":tada: *You met every goal, week after week. Raise your sights?* {agreed}",
                agreed=_agreed(shown),
            )
        case "proposed":
            return fill(
                "You accepted {which}. It counts once {coach} signs it.",
                which=plan_words.version(shown.version),
                coach=coach,
            )
        case "approved":
            what = (
                literal("Your sights are raised")
                if shown.origin == "sights"
                else literal("Your plan is signed")
            )
            return fill(
                ":white_check_mark: *{what}.*{since} From then on you are asked about:",
                what=what,
                since=_from(shown),
            )
        case "sent_back":
            return fill(
                ":leftwards_arrow_with_hook: {by} *gave your plan back to you.* "
                "Your targets stay as they are.",
                by=_by(shown.decided_by),
            )
        case "declined" if shown.decided_by is None:
            return fill(
                "{which} of your plan *was withdrawn*. Your targets stay as they are.",
                which=capitalized(plan_words.version(shown.version)),
            )
        case "declined" if shown.origin == "sights":
            return literal("Your sights stay as they are. I won’t ask again for three months.")
        case "declined":
            return fill(
                "You did not take these numbers, and {coach} knows. Your targets stay as they are.",
                coach=coach,
            )
    return fill(
        "{which} of your plan: {replaced}",
        which=capitalized(plan_words.version(shown.version)),
        replaced=_replaced(shown),
    )


def _reason(shown: PlanShown) -> list[Block]:
    """What somebody said to it, with who; a suggestion's words stay while it is decided about."""
    if not shown.reason:
        return []
    return [quote(shown.reason)]


def _by(slack_user_id: str | None) -> Mrkdwn:
    return mention(slack_user_id) if slack_user_id else literal("Somebody")


def _from(shown: PlanShown) -> Mrkdwn:
    """` It counts from the week 23–29 November on.`; nothing before it is known."""
    if shown.from_week is None:
        return literal("")
    return fill(
        " It counts from the week {week} on.", week=words.week(shown.from_week, shown.reader)
    )


def _agreed(shown: PlanShown) -> Mrkdwn:
    if shown.rep_agreed_at is not None:
        return fill(
            "{rep} is in; it needs {coach}, too.",
            rep=mention(shown.rep),
            coach=mention(shown.coach),
        )
    if shown.coach_agreed_at is not None:
        return fill(
            "{by} is in; it needs {rep}, too.",
            by=_by(shown.coach_agreed_by),
            rep=mention(shown.rep),
        )
    return literal("Nothing changes until rep and coach both say so.")


def _replaced(shown: PlanShown) -> Mrkdwn:
    if shown.replaced_by is None:
        return literal("a later version took its place.")
    return fill("version {replaced_by} took its place.", replaced_by=shown.replaced_by)


def _fallback(shown: PlanShown) -> Mrkdwn:
    name, which = escape(shown.rep_name), plan_words.version(shown.version)
    return {
        "proposed": fill(
            "{name} sends a plan to be signed, {which}: {weekly_in_short}.",
            name=name,
            which=which,
            weekly_in_short=plan_words.weekly_in_short(shown),
        ),
        "suggested": fill("Numbers were suggested to {name}.", name=name),
        "offered": fill("{name} met every goal, week after week. Raise the sights?", name=name),
        "approved": fill("{name}’s plan is signed, {which}.", name=name, which=which),
        "sent_back": fill("{name}’s plan was sent back, {which}.", name=name, which=which),
        "declined": fill("{name}’s plan stays as it is.", name=name),
    }.get(
        shown.state,
        fill("{name}’s plan, {which}: a later version took its place.", name=name, which=which),
    )


def _reply_fallback(shown: PlanShown) -> Mrkdwn:
    return {
        "proposed": fill(
            "You accepted {which} of your plan.", which=plan_words.version(shown.version)
        ),
        "suggested": fill(
            "Other numbers are suggested for your plan: {weekly_in_short}.",
            weekly_in_short=plan_words.weekly_in_short(shown),
        ),
        "offered": literal("You met every goal, week after week. Raise your sights?"),
        "approved": fill(
            "Your plan is signed: {weekly_in_short}.",
            weekly_in_short=plan_words.weekly_in_short(shown),
        ),
        "sent_back": literal("Your plan came back to you."),
        "declined": literal("Your plan stays as it is."),
    }.get(shown.state, literal("A later version of your plan took this one’s place."))
