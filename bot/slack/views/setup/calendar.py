"""The form of a team's working days and public holidays, and what follows it."""

from __future__ import annotations

from bot.domain.shown.calendars import (
    COUNTRY,
    REGION,
    WORKING_DAYS,
    CalendarForm,
    CalendarSaved,
    CalendarShown,
)
from bot.rules.weeks import weekday_name
from bot.slack.views import words
from bot.slack.views.blocks import View, context, input_block, modal, option, section, text_input
from bot.slack.views.mrkdwn import escape, fill, join, literal
from bot.slack.views.setup.done import DONE_MODAL
from bot.slack.views.setup.inputs import Filled, action_of, checkboxes, team_block

CALENDAR_MODAL = "setup.calendar"

TEXT_LIMIT = 60


def calendar_view(shown: CalendarShown) -> View:
    """Changes which days a team works on and which public holidays it has."""
    form, action = shown.form, action_of(shown.team_id)
    days = [option(weekday_name(day), str(day)) for day in range(7)]
    chosen = [str(day) for day in sorted(form.working_days)]
    return modal(
        "Change the calendar",
        [
            *team_block(shown.teams, shown.team_id, "calendar"),
            input_block(
                "Working days",
                checkboxes(days, action_id=action, initial=chosen),
                block_id=WORKING_DAYS,
                hint="A week’s goals are shared among these days.",
            ),
            input_block(
                "Country of the public holidays",
                text_input(
                    action_id=action,
                    initial=form.country,
                    placeholder="None",
                    max_length=TEXT_LIMIT,
                ),
                block_id=COUNTRY,
                hint="Its name or two letters, like United Kingdom or GB. "
                "Empty: public holidays are days like any other.",
                optional=True,
            ),
            input_block(
                "Region",
                text_input(action_id=action, initial=form.region, max_length=TEXT_LIMIT),
                block_id=REGION,
                hint="Where a part of the country has holidays of its own, like SCT or BY.",
                optional=True,
            ),
        ],
        callback_id=CALENDAR_MODAL,
        submit="Save",
        metadata={"team": shown.team_id},
    )


def read_calendar(view: View) -> CalendarForm:
    """What was filled in."""
    filled = Filled(view)
    return CalendarForm(
        working_days=frozenset(
            int(day) for day in filled.choices(WORKING_DAYS) if day in set("0123456")
        ),
        country=filled.text(COUNTRY),
        region=filled.text(REGION),
    )


def calendar_done(saved: CalendarSaved) -> View:
    """After a team's calendar was changed: the holidays that come next, so that a wrong place is seen."""
    days = words.listed([escape(weekday_name(day)) for day in sorted(saved.working_days)])
    blocks = [
        section(
            fill(":white_check_mark: The calendar of *{team}* was saved.", team=escape(saved.team))
        ),
        section(fill("Working days: {days}.", days=days)),
    ]
    if saved.place is None:
        blocks.append(section(literal("Public holidays: none.")))
    else:
        coming = join(
            (
                fill("• {day}: {name}", day=words.day(day, saved.reader), name=escape(name))
                for day, name in saved.holidays
            ),
            "\n",
        )
        blocks.append(
            section(
                fill(
                    "Next public holidays, {place}:\n{coming}",
                    place=escape(saved.place),
                    coming=coming or literal("none"),
                )
            )
        )
    blocks.append(context(literal("It counts from this week on. Past check-ins keep their goals.")))
    return modal("Done", blocks, callback_id=DONE_MODAL, close="Close")
