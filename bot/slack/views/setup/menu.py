"""Setting up, outside of its forms: `/coach` itself, the menu, the checklist, the list of reps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Checklist, Menu, RepShown, RepsShown, TeamReps
from bot.slack.views import words
from bot.slack.views.blocks import (
    TEXT_LIMIT,
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    header,
    message,
    modal,
    option,
    section,
    shorten,
)
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, join, literal, mention
from bot.slack.views.setup.inputs import overflow

OPEN = "setup.open."
"""Followed by what is opened; the button's value names the team, rep or metric, or nothing."""
(
    MENU,
    TEAM,
    ENROL,
    TARGETS,
    SCHEDULE,
    PLAN,
    METRIC,
    REPS,
    ZONE,
    REMOVE,
    RENAME,
    ARCHIVE,
    CALENDAR,
    AWAY,
    SUBSTITUTE,
    PAUSE,
) = (
    "menu",
    "team",
    "enrol",
    "targets",
    "schedule",
    "plan",
    "metric",
    "reps",
    "zone",
    "remove",
    "rename",
    "archive",
    "calendar",
    "away",
    "substitute",
    "pause",
)
FORMS = frozenset(
    {
        MENU,
        TEAM,
        ENROL,
        TARGETS,
        SCHEDULE,
        PLAN,
        METRIC,
        REPS,
        ZONE,
        REMOVE,
        RENAME,
        ARCHIVE,
        CALENDAR,
        AWAY,
        SUBSTITUTE,
        PAUSE,
    }
)
OPEN_MENU = OPEN + MENU
OPEN_TEAM = OPEN + TEAM
OPEN_ENROL = OPEN + ENROL
OPEN_TARGETS = OPEN + TARGETS
OPEN_SCHEDULE = OPEN + SCHEDULE
OPEN_PLAN = OPEN + PLAN
OPEN_METRIC = OPEN + METRIC
OPEN_REPS = OPEN + REPS
OPEN_CALENDAR = OPEN + CALENDAR
OPEN_ZONE = OPEN + ZONE
OPEN_SUBSTITUTE = OPEN + SUBSTITUTE
OPEN_PAUSE = OPEN + PAUSE

MORE = "setup.more"
"""The ⋯ menu of a rep or of a metric; its options' values are `form:id`, or `plan:` and the rep's Slack id."""
PLAN = "plan"

MENU_MODAL = "setup.menu"
REPS_MODAL = "setup.reps"

ROWS_SHOWN = 80
"""Blocks with a rep each, or with the name of a team; the reps after them are named only."""
SECTIONS_OF_NAMES = 5
MISSING_SHOWN = 20

_MEND = {
    TEAM: "Open the team",
    ENROL: "Enrol reps",
    TARGETS: "Set targets",
    ZONE: "Set time zone",
    REPS: "See reps",
}


def usage_message(said: str | None = None) -> Message:
    """How `/coach` is used, after what could not be understood."""
    lines = [
        literal("`/coach`  opens the menu"),
        literal("`/coach @name`  prepares a one-to-one with one of your reps"),
        literal("`/coach team`  creates or changes a team"),
        literal("`/coach enrol`  makes people reps of a team"),
        literal(
            "`/coach targets`  sets a rep’s targets; `/coach targets @name` goes straight to one"
        ),
        literal("`/coach targets team`  sets one target for all reps of a team"),
        literal("`/coach schedule`  changes when a team is asked"),
        literal("`/coach calendar`  sets a team’s working days and public holidays"),
        literal(
            "`/coach away @name 3 Dec – 10 Dec`  marks a rep as away; `/coach away` opens the form"
        ),
        literal("`/coach pause`  pauses a whole team for a week or more"),
        literal("`/coach substitute`  has somebody stand in for you while you are away"),
        literal("`/coach plan`  changes what plans are made with: sales cycle, minutes, hours"),
        literal("`/coach metric`  adds a metric of the team’s own"),
        literal("`/coach reps`  shows the reps and what is set for them"),
        literal(
            "`/coach export`  sends you your teams’ weeks as a CSV file; `/coach export Harbor` one team’s"
        ),
        literal("`/coach acts`  shows how to coach, mentor, motivate and hold accountable"),
        literal("`/coach messages`  says how many messages a rep gets in a week; admins set it"),
        literal("`/coach log`  shows who changed who sees whose numbers, to admins"),
    ]
    usage = join(lines, "\n")
    if said is None:
        return message(usage, [section(fill("*Setting up Basecoach*\n{usage}", usage=usage))])
    unknown = fill(
        "I don’t know what “{said}” means here. You can type:", said=escape(shorten(said, 200))
    )
    return message(
        fill("{unknown}\n{usage}", unknown=unknown, usage=usage), [section(unknown), section(usage)]
    )


def message_budget_message(most: int, *, is_changed: bool) -> Message:
    """How many messages a rep gets in a week, and what counts."""
    said = fill(
        "{from_now}a rep gets at most *{messages}* a week: reminders, praise, what was agreed, a plan’s end.",
        from_now=literal("From now on ") if is_changed else literal("Now "),
        messages=words.count(most, "message"),
    )
    rest = literal(
        "The check-in always comes, and so do answers. A reminder without room is left out, and all else "
        "waits for the next week. An admin changes it with `/coach messages 5`."
    )
    return message(said, [section(said), context(rest)])


def menu_view(menu: Menu) -> View:
    """What this person may do."""
    blocks: list[Block] = []
    if menu.is_admin:
        said = literal("Create one, or change who coaches it and where misses go.")
        blocks.append(_entry(literal("Teams"), said, "Teams", OPEN_TEAM, first=menu.teams == 0))
    if menu.teams:
        said = literal("Make people reps of a team. They are asked from this week on.")
        blocks.append(_entry(literal("Reps"), said, "Enrol reps", OPEN_ENROL, first=menu.reps == 0))
    if menu.reps:
        said = literal("The numbers that each rep is asked about.")
        blocks.append(_entry(literal("Targets"), said, "Set targets", OPEN_TARGETS))
    if menu.teams:
        said = literal("When the check-in goes out, when it closes, when reminders may come.")
        blocks.append(_entry(literal("Schedule"), said, "Change schedule", OPEN_SCHEDULE))
        said = literal("The days that reps work on, and the public holidays that they have off.")
        blocks.append(_entry(literal("Calendar"), said, "Change calendar", OPEN_CALENDAR))
        said = literal("How long a sale takes, what a week has room for, when goals are raised.")
        blocks.append(_entry(literal("Plans"), said, "Plan settings", OPEN_PLAN))
        said = literal("Something else to count, like demos.")
        blocks.append(_entry(literal("Metrics"), said, "Add a metric", OPEN_METRIC))
    if menu.reps:
        said = fill(
            "{reps} with their targets and next check-ins.", reps=words.count(menu.reps, "rep")
        )
        blocks.append(_entry(literal("Who is asked"), said, "See reps", OPEN_REPS))
    if menu.reps:
        said = literal("A week or more in which a whole team is not asked, like a kick-off.")
        blocks.append(_entry(literal("Pause"), said, "Pause a team", OPEN_PAUSE))
    if menu.coaches:
        said = literal("Somebody who has your alerts, plans and reps while you are away.")
        blocks.append(_entry(literal("Substitute"), said, "Name a substitute", OPEN_SUBSTITUTE))
    return modal("Set up Basecoach", blocks, callback_id=MENU_MODAL, close="Close")


def _entry(
    title: Mrkdwn, text: Mrkdwn, label: str, action_id: str, *, first: bool = False
) -> Block:
    return section(
        fill("*{title}*\n{text}", title=title, text=text),
        accessory=button(label, action_id=action_id, style="primary" if first else None),
    )


def checklist_blocks(checklist: Checklist) -> list[Block]:
    """What set-up lacks, each with the button that mends it; for an admin's Home."""
    if not checklist.missing:
        done = fill(
            ":white_check_mark: Everything is set up: {teams}, {reps}.",
            teams=words.count(checklist.teams, "team"),
            reps=words.count(checklist.reps, "rep"),
        )
        return [section(done), actions(button("Open set-up", action_id=OPEN_MENU))]
    blocks: list[Block] = []
    for number, missing in enumerate(checklist.missing[:MISSING_SHOWN]):
        accessory: Element | None = None
        if missing.open is not None:
            accessory = button(
                _MEND[missing.open],
                action_id=OPEN + missing.open,
                value=str(missing.subject_id) if missing.subject_id is not None else None,
                style="primary" if number == 0 else None,
                label=shorten(f"{_MEND[missing.open]}: {missing.text}", 75),
            )
        blocks.append(
            section(
                fill(":small_orange_diamond: {text}", text=cut(escape(missing.text), 2000)),
                accessory=accessory,
            )
        )
    if len(checklist.missing) > MISSING_SHOWN:
        blocks.append(
            context(fill("And {more} more.", more=len(checklist.missing) - MISSING_SHOWN))
        )
    blocks.append(actions(button("Open set-up", action_id=OPEN_MENU)))
    return blocks


def reps_view(shown: RepsShown) -> View:
    """Every rep with what is set for them, and no answers; those for whom there is no room by name only."""
    blocks: list[Block] = []
    reps: list[Mrkdwn] = []
    empty: list[Mrkdwn] = []
    for team in shown.teams:
        room = ROWS_SHOWN - len(blocks) - 1
        if room > 0:
            blocks.append(header(team.name))
            blocks += [_rep(rep, team, shown.reader) for rep in team.reps[:room]]
            reps += [mention(rep.slack_user_id) for rep in team.reps[room:]]
            blocks += [] if team.reps else [_nobody(team)]
        else:
            reps += [mention(rep.slack_user_id) for rep in team.reps]
            empty += [] if team.reps else [escape(team.name)]
    blocks += _by_name(
        literal("*More reps.* Use `/coach targets @name` for one."), reps, together=100
    )
    blocks += _by_name(
        literal("*Teams without reps.* Use `/coach enrol` for one."), empty, together=30
    )
    if not blocks:
        blocks.append(section(literal("There is no team yet.")))
    return modal("Reps", blocks, callback_id=REPS_MODAL, close="Close")


def _nobody(team: TeamReps) -> Block:
    enrol = button("Enrol reps", action_id=OPEN_ENROL, value=str(team.team_id))
    return section(literal("No reps yet."), accessory=enrol)


def _by_name(title: Mrkdwn, names: Sequence[Mrkdwn], *, together: int) -> list[Block]:
    """The names under their title, so many together in a section, and how many are left out."""
    if not names:
        return []
    most = SECTIONS_OF_NAMES * together
    groups = [names[at : at + together] for at in range(0, min(len(names), most), together)]
    blocks = [section(title), *(section(cut(join(group, ", "), TEXT_LIMIT)) for group in groups)]
    if len(names) > most:
        blocks.append(context(fill("And {left} more.", left=len(names) - most)))
    return blocks


def _rep(rep: RepShown, team: TeamReps, reader: Reader) -> Block:
    reads = replace(reader, currency=team.currency)
    goals = [
        fill(
            "{name}: {this_week}",
            name=escape(row.name),
            this_week=escape(words.number(row.this_week, row.unit, reads)),
        )
        for row in rep.targets
        if row.this_week is not None
    ]
    later = [row for row in rep.targets if row.next_week != row.this_week]
    text = fill(
        "{rep}\n{goals}",
        rep=mention(rep.slack_user_id),
        goals=cut(join(goals, ", "), 2000) if goals else literal("No targets"),
    )
    if later:
        text = fill("{text}  (changes next week)", text=text)
    text = fill("{text}\n{asked}", text=text, asked=_asked(rep, reader))
    plan = [option("See the plan", f"{PLAN}:{rep.slack_user_id}")] if team.coached else []
    away = [option("Mark as away", f"{AWAY}:{rep.member_id}")] if team.coached else []
    menu = overflow(
        [
            *plan,
            option("Set targets", f"{TARGETS}:{rep.member_id}"),
            option("Set time zone", f"{ZONE}:{rep.member_id}"),
            *away,
            option("Take out of the team", f"{REMOVE}:{rep.member_id}"),
        ],
        action_id=MORE,
    )
    return section(text, accessory=menu)


def _asked(rep: RepShown, reader: Reader) -> Mrkdwn:
    if rep.inactive_because == "deactivated":
        return literal("Not asked any more: the Slack account is deactivated.")
    if rep.inactive_because is not None:
        return literal("Not asked any more: Slack can’t reach them.")
    if rep.next_due_at is None:
        return literal("Nothing is planned.")
    unsure = literal(" (Slack gives no time zone)") if rep.timezone_missing else literal("")
    return fill(
        "Next check-in {when}{unsure}",
        when=when(rep.next_due_at, rep.timezone, reader),
        unsure=unsure,
    )


def when(moment: datetime, timezone: str, reader: Reader) -> Mrkdwn:
    """`Monday 23 November at 09:00, New York time`: the clock is that of the person it is about."""
    there = words.day_and_time(moment, replace(reader, timezone=timezone))
    return fill("{there}, {place} time", there=there, place=place(timezone))


def place(timezone: str) -> Mrkdwn:
    """`New York` for `America/New_York`."""
    return escape(timezone.rsplit("/", 1)[-1].replace("_", " "))


def named(people: Sequence[str]) -> Mrkdwn:
    """`@a, @b and @c`, from Slack ids."""
    return words.listed([mention(slack_user_id) for slack_user_id in people])
