"""When somebody is away: the form with what is planned, and the answer once it is recorded or taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.shown.absences import (
    FIRST_DAY,
    KIND,
    LAST_DAY,
    AbsenceForm,
    AbsenceSaved,
    AbsenceShown,
    RepChoice,
    WeekShown,
)
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import (
    BUTTON_LIMIT,
    MENU_OPTIONS,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    datepicker,
    divider,
    input_block,
    message,
    modal,
    option,
    plain,
    radio_buttons,
    section,
    sections,
    shorten,
)
from bot.slack.views.mrkdwn import Mrkdwn, cut, escape, fill, join, literal, mention
from bot.slack.views.setup.inputs import PICK, overflow, users_select

OPEN = "absence.open"
TAKE_BACK = "absence.take_back"
MORE = "absence.more"
"""The ⋯ menu of an absence that is running; its options' values are `back:id` and `take_back:id`."""
BACK_VALUE, TAKE_BACK_VALUE = "back", "take_back"

FORM_MODAL = "absence.form"
SAVED_MODAL = "absence.saved"
CHOOSE_MODAL = "absence.choose"
PICK_REP = PICK + "away"
INPUT = "value"
"""The action_id of every input of the form; the block_id says which one it is."""

_KINDS = (("Away", "away"), ("Vacation", "vacation"), ("Sick", "sick"))
_BUTTONS = 9
"""The most days after the first that have a button of their own."""
_IN_BRACKETS = {"away": literal(""), "vacation": literal(" (vacation)"), "sick": literal(" (sick)")}


def form_modal(form: AbsenceForm) -> View:
    """First day, last day, kind; above them what is planned, which can be taken back."""
    reader = form.reader
    whose = literal("") if form.own else fill("For {rep}. ", rep=mention(form.rep))
    blocks: list[Block] = [
        section(
            fill(
                "{whose}Goals shrink with the days away, and a whole week away is not asked about.",
                whose=whose,
            )
        )
    ]
    blocks += [planned_block(absence, reader, own=form.own) for absence in form.planned]
    if form.planned:
        blocks.append(divider())
    blocks += [
        input_block(
            "First day", datepicker(action_id=INPUT, initial=form.first), block_id=FIRST_DAY
        ),
        input_block(
            "Last day",
            datepicker(action_id=INPUT),
            block_id=LAST_DAY,
            hint="Leave it empty for a single day.",
            optional=True,
        ),
        input_block(
            "What is it?",
            radio_buttons(
                [option(text, value) for text, value in _KINDS], action_id=INPUT, initial="away"
            ),
            block_id=KIND,
            hint="They count alike. Only "
            + ("you and your" if form.own else "the rep and their")
            + " coaches see which it is.",
        ),
    ]
    return modal(
        "I’m away" if form.own else "Mark as away",
        blocks,
        callback_id=FORM_MODAL,
        submit="Save",
        metadata={"member": None if form.own else form.member_id},
    )


def read_form(view: View) -> tuple[date | None, date | None, str]:
    """First day, last day and kind as they were chosen.

    Raises ValueError, KeyError, TypeError or AttributeError for a view that is not this form.
    """
    typed: dict[str, Any] = {
        block_id: inputs[INPUT] for block_id, inputs in view["state"]["values"].items()
    }
    first, last = (typed[name].get("selected_date") for name in (FIRST_DAY, LAST_DAY))
    return (
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        str((typed[KIND].get("selected_option") or {}).get("value", "")),
    )


def choose_modal(choice: RepChoice) -> View:
    """A coach chooses whom an absence is for."""
    everybody = [rep for _, reps in choice.reps for rep in reps]
    if len(everybody) > MENU_OPTIONS:
        select = users_select(action_id=PICK_REP)
    else:
        select = {
            "type": "static_select",
            "action_id": PICK_REP,
            "placeholder": plain("Choose a rep"),
            "option_groups": [
                {
                    "label": plain(team, 75),
                    "options": [option(name, str(member_id)) for member_id, name in reps],
                }
                for team, reps in choice.reps
            ],
        }
    return modal(
        "Mark as away",
        [section(literal("*Who is away?*"), accessory=select)],
        callback_id=CHOOSE_MODAL,
        close="Close",
    )


def planned_block(absence: AbsenceShown, reader: Reader, *, own: bool) -> Block:
    """One absence that is recorded, with what can be done about it."""
    days = words.days(absence.first, absence.last, reader)
    by = (
        fill(" Recorded by {recorded_by}.", recorded_by=mention(absence.recorded_by))
        if absence.recorded_by
        else literal("")
    )
    text = fill(
        ":palm_tree: Away *{days}*{kind}.{by}",
        days=days,
        kind=_IN_BRACKETS[absence.kind],
        by=by,
    )
    if absence.running:
        back = "I’m back today" if own else "Back today"
        menu = [
            option(back, f"{BACK_VALUE}:{absence.absence_id}"),
            option("Take it all back", f"{TAKE_BACK_VALUE}:{absence.absence_id}"),
        ]
        return section(text, accessory=overflow(menu, action_id=MORE))
    return section(text, accessory=_take_back(absence, days))


def saved_message(saved: AbsenceSaved) -> Message:
    """The answer to a command, which only the person who typed it sees."""
    text = _said(saved)
    return message(text, _saved(saved))


def saved_modal(saved: AbsenceSaved) -> View:
    """The same answer in the place of the form."""
    title = "Taken back" if saved.taken_back else "Recorded"
    return modal(title, _saved(saved), callback_id=SAVED_MODAL, close="Close")


def _saved(saved: AbsenceSaved) -> list[Block]:
    blocks = [section(_said(saved))]
    if saved.notes:
        blocks.append(context(escape(" ".join(saved.notes))))
    if saved.weeks:
        blocks += sections(_week(week, saved.reader) for week in saved.weeks)
    if saved.taken_back:
        return blocks
    small = []
    if saved.back_on is not None:
        who = literal("you") if saved.own else literal("them")
        back = words.day(saved.back_on, saved.reader)
        small.append(
            fill("On these days nothing is sent to {who}; work goes on {back}.", who=who, back=back)
        )
    small.append(
        literal("The coaches see it on their Home.")
        if saved.own
        else literal("The rep sees it on Home.")
    )
    blocks.append(context(join(small, " ")))
    blocks.append(
        actions(
            *(
                _take_back(one, words.days(one.first, one.last, saved.reader), number=number)
                for number, one in enumerate((saved.absence, *saved.others[:_BUTTONS]))
            )
        )
    )
    return blocks


def _said(saved: AbsenceSaved) -> Mrkdwn:
    days = _all_days(saved)
    kind = _IN_BRACKETS[saved.absence.kind]
    who = literal("You are") if saved.own else fill("{rep} is", rep=mention(saved.rep))
    if saved.taken_back:
        return fill(":leftwards_arrow_with_hook: Taken back: *{days}*{kind}.", days=days, kind=kind)
    if saved.known:
        return fill(
            "Nothing changed: {who} marked as away *{days}*{kind} already.",
            who=literal("you are") if saved.own else who,
            days=days,
            kind=kind,
        )
    return fill(":palm_tree: {who} marked as away *{days}*{kind}.", who=who, days=days, kind=kind)


def _all_days(saved: AbsenceSaved) -> Mrkdwn:
    """The days of every absence, like `30 November and 2 December`."""
    every = [_days(one, saved.reader) for one in (saved.absence, *saved.others)]
    if len(every) == 1:
        return every[0]
    return fill("{most} and {last}", most=join(every[:-1], ", "), last=every[-1])


def _days(absence: AbsenceShown, reader: Reader) -> Mrkdwn:
    """`Thursday 3 December`, with the year where it is not the one in which it was recorded."""
    days = words.days(absence.first, absence.last, reader)
    if absence.last.year == absence.recorded_at.year:
        return days
    return fill("{days} {year}", days=days, year=absence.last.year)


def _week(week: WeekShown, reader: Reader) -> Mrkdwn:
    title = fill("*Week {week}:*", week=words.week(week.week, reader))
    if week.work.off == 0:
        return fill("{title} a whole week.", title=title)
    if not week.work.is_asked:
        return fill(
            "{title} {days_off}. Nothing is asked about it.",
            title=title,
            days_off=words.days_off(week.work, reader),
        )
    goals = join(
        (
            fill(
                "{name} {target} instead of {full}",
                name=escape(name),
                target=escape(words.number(target, unit, reader)),
                full=escape(words.number(full, unit, reader)),
            )
            for name, unit, target, full in week.goals
        ),
        ", ",
    )
    return join(
        [
            fill("{title} {days_off}.", title=title, days_off=words.days_off(week.work, reader)),
            (fill(" {goals}.", goals=cut(goals, 2500)) if goals else literal("")),
        ]
    )


def _take_back(absence: AbsenceShown, days: str, *, number: int = 0) -> Block:
    return button(
        "Take back" if not number else shorten(f"Take back {days}", BUTTON_LIMIT),
        action_id=f"{TAKE_BACK}.{number}" if number else TAKE_BACK,
        value=str(absence.absence_id),
        label=f"Take back that {days} is away",
    )
