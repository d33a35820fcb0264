"""What the history fills into a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.absences import recording as absences
from bot.domain.plans import drafts as plan_drafts
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.calendars import CalendarForm
from bot.rules.ratios import Provenance
from tests.domain.planning import GOAL, Office, numbers
from tests.domain.plans.steps import LEAVE, sell


def test_the_history_is_filled_in_and_labelled_and_may_be_overruled(office: Office) -> None:
    sell(office, *[10_000] * 4, on=date(2026, 2, 2))
    sell(office, 20_000)
    year = replace(GOAL, period="this_year", begins_on=None, ends_on=None, goal="80,000")
    step = office.draft(goal=year)
    assert (step.closed.value, step.closed.provenance) == (Decimal(60_000), Provenance.MEASURED)
    assert (step.average_sale.value, step.average_sale.sales) == (Decimal(12_000), 5)
    assert step.average_sale.provenance is Provenance.THIN
    assert step.average_sale.since == date(2026, 2, 2)
    first = step.ratios[0]
    assert (first.hits, first.provenance) == (5, Provenance.THIN)

    typed = numbers(closed="61,000", average_sale="12,000", working_weeks="6")
    shown = office.numbers(step.plan_id, form=typed).shown
    assert (shown.closed.value, shown.closed.logged) == (Decimal(61_000), Decimal(60_000))
    assert shown.closed.provenance is Provenance.OVERRULED
    assert shown.average_sale.provenance is Provenance.THIN
    assert shown.ratios[0].provenance is Provenance.OVERRULED
    assert (shown.ratios[0].percent, shown.ratios[0].hits) == (Decimal(20), 5)

    # Opened again after another sale, what was overruled stays and the rest is measured again.
    sell(office, 18_000, on=date(2026, 11, 19))
    again = office.do(plan_drafts.numbers_step, "U1", plan_id=step.plan_id)
    assert (again.closed.value, again.closed.logged) == (Decimal(61_000), Decimal(78_000))
    assert (again.average_sale.value, again.average_sale.sales) == (Decimal(13_000), 6)
    assert again.ratios[0].percent == Decimal(20)


def test_recorded_absences_and_public_holidays_shorten_the_weeks_too(office: Office) -> None:
    def weeks() -> tuple[Decimal, int]:
        step = office.do(plan_drafts.numbers_step, "U1", plan_id=plan_id)
        return step.weeks_counted, step.days_away

    plan_id = office.draft().plan_id
    assert weeks() == (Decimal(49), 0)
    office.do(
        absences.record,
        "U1",
        member_id=None,
        first=date(2027, 2, 8),
        last=date(2027, 2, 19),
        kind="vacation",
        request_key="V1",
    )
    assert weeks() == (Decimal(47), 10)
    office.numbers(plan_id, form=numbers(working_weeks="47"))
    office.goal(plan_id, LEAVE)  # the same days, written down as a goal
    assert weeks() == (Decimal(47), 10)

    # Christmas Day, 28 December, New Year's Day, Good Friday, and four Mondays.
    calendar = CalendarForm(frozenset(range(5)), "United Kingdom", "England")
    office.do(team_calendars.change_calendar, "UC", team_id=1, form=calendar)
    assert weeks() == (Decimal("45.4"), 18)

    # A team without Fridays: three holidays fewer, two days of vacation fewer, and a day is a quarter of a week.
    four = replace(calendar, working_days=frozenset(range(4)))
    office.do(team_calendars.change_calendar, "UC", team_id=1, form=four)
    assert weeks() == (Decimal("45.7"), 13)
