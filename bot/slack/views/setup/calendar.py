"""The form of a team's working days and public holidays, and what follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.shown.calendars import (
    COUNTRY,
    NO_REGION,
    REGION,
    WORKING_DAYS,
    CalendarForm,
    CalendarSaved,
    CalendarShown,
    RegionalDay,
    RegionQuestion,
)
from bot.rules.weeks import weekday_name
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    context,
    input_block,
    modal,
    option,
    section,
    text_input,
)
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join, literal
from bot.slack.views.setup.done import DONE_MODAL
from bot.slack.views.setup.inputs import Filled, action_of, checkboxes, long_select, team_block

CALENDAR_MODAL = "setup.calendar"
REGION_MODAL = "setup.calendar.region"

TEXT_LIMIT = 60
DAYS_NAMED = 10
REGIONS_NAMED = 4


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
                hint="Its name or two letters, like United Kingdom or GB. A region alone will do, too. "
                "Empty: public holidays are days like any other.",
                optional=True,
            ),
            input_block(
                "Region",
                text_input(action_id=action, initial=form.region, max_length=TEXT_LIMIT),
                block_id=REGION,
                hint="Where a part of the country has holidays of its own, like Scotland or Bavaria.",
                optional=True,
            ),
            *_missing_now(shown),
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


def region_view(question: RegionQuestion) -> View:
    """Asks for the region of a country whose public holidays depend on it, with those that are at stake."""
    options = [
        option("No region: only the whole country’s holidays", NO_REGION),
        *(option(name, code) for code, name in question.regions),
    ]
    form = question.form
    return modal(
        "Choose the region",
        [
            section(
                fill(
                    "*{country}: which region is {team} in?* These public holidays depend on it. "
                    "Without a region, {team} works on them:\n{days}",
                    country=escape(question.country),
                    team=escape(question.team),
                    days=_regional(question.missing),
                )
            ),
            input_block(
                "Region",
                long_select(options, action_id=action_of(question.team_id)),
                block_id=REGION,
            ),
        ],
        callback_id=REGION_MODAL,
        submit="Save",
        metadata={
            "team": question.team_id,
            "days": "".join(str(day) for day in sorted(form.working_days)),
            "country": question.country_code,
        },
    )


def read_region(view: View, noted: Mapping[str, Any]) -> CalendarForm:
    """What the form said that the question came from, by its metadata, with the region that was chosen now."""
    return CalendarForm(
        working_days=frozenset(
            int(day) for day in str(noted.get("days", "")) if day in set("0123456")
        ),
        country=str(noted.get("country", "")),
        region=Filled(view).choice(REGION) or NO_REGION,
    )


def _missing_now(shown: CalendarShown) -> list[Block]:
    if not shown.missing:
        return []
    text = fill(
        ":information_source: No region is chosen, and these public holidays depend on it: reps work on them "
        "as long as the region is empty.\n{days}",
        days=_regional(shown.missing),
    )
    return [section(text)]


def _regional(days: Sequence[RegionalDay]) -> Mrkdwn:
    """The days that most regions have, with the regions where they are few."""
    lines = [
        fill("• {name} ({where})", name=escape(day.name), where=_where(day.regions))
        for day in days[:DAYS_NAMED]
    ]
    if len(days) > DAYS_NAMED:
        lines.append(fill("• and {count} more", count=len(days) - DAYS_NAMED))
    return join(lines, "\n")


def _where(regions: Sequence[str]) -> Mrkdwn:
    if len(regions) > REGIONS_NAMED:
        return fill("{count} regions", count=len(regions))
    return words.listed([escape(region) for region in regions])


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
                    coming=coming,
                )
            )
            if saved.holidays
            else section(
                fill(
                    "Basecoach knows no public holidays of {place}: they are days like any other.",
                    place=escape(saved.place),
                )
            )
        )
    if saved.some_are_estimates:
        blocks.append(
            context(
                literal(
                    "An estimated day follows the moon and may move by a day or two. If it does, reps "
                    "record the day that is off with `/checkin away`."
                )
            )
        )
    blocks.append(context(literal("It counts from this week on. Past check-ins keep their goals.")))
    return modal("Done", blocks, callback_id=DONE_MODAL, close="Close")
