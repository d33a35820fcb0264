"""What the history fills into a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.absences import recording as absences
from bot.domain.plans import drafts as plan_drafts
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.calendars import CalendarForm
from bot.domain.shown.plans import GoalForm
from bot.rules.ratios import Provenance
from tests.domain.planning import GOAL, Office, numbers
from tests.domain.plans.steps import LEAVE, answer_sales, sell


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


def test_what_is_answered_on_mondays_counts_as_closed_and_a_typed_amount_opens_the_account(
    office: Office,
) -> None:
    year = replace(GOAL, period="this_year", begins_on=None, ends_on=None, goal="800,000")

    def closed() -> Decimal | None:
        return office.do(plan_drafts.numbers_step, "U1", plan_id=plan_id).closed.value

    # The week of 2 November: 10,000 logged, 14,000 answered; of 9 November: more logged than answered.
    sell(office, 10_000, on=date(2026, 11, 3))
    sell(office, 9_000, on=date(2026, 11, 10))
    answer_sales(office, date(2026, 11, 2), 14_000)
    answer_sales(office, date(2026, 11, 9), 8_000)
    plan_id = office.draft(goal=year).plan_id
    assert closed() == Decimal(23_000)

    # Typed on Friday 20 November: the week of that day counts with its logged days after it.
    form = numbers(closed="100,000", working_weeks="5")
    office.numbers(plan_id, form=form)
    answer_sales(office, date(2026, 11, 16), 50_000)
    sell(office, 1_000, on=date(2026, 11, 20))
    sell(office, 2_000, on=date(2026, 11, 21))
    office.now += timedelta(days=9)  # a Sunday: the week that ends with it is a whole one
    answer_sales(office, date(2026, 11, 23), 4_000)
    assert closed() == Decimal(106_000)
    # Who sends the form as it is filled in types nothing; who types the log's number takes the log's.
    office.numbers(plan_id, form=replace(form, closed="106,000"))
    assert office.plan(plan_id).opening == Decimal(100_000)
    logged = office.plan(plan_id).closed_logged
    office.numbers(plan_id, form=replace(form, closed=str(logged)))
    assert (office.plan(plan_id).opening, closed()) == (None, logged)

    # Of another period's beginning a typed amount says nothing; of another end it does.
    office.numbers(plan_id, form=replace(form, closed="200,000"))
    dates = GoalForm("dates", date(2026, 1, 1), date(2027, 2, 28), "900k")
    assert office.draft(goal=dates).closed.value == Decimal(200_000)
    step = office.draft(goal=replace(dates, begins_on=date(2026, 10, 1)))
    assert (step.closed.opening, step.closed.value) == (None, step.closed.logged)


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
