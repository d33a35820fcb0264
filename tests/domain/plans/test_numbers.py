"""The numbers of a plan as people type them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from bot.domain.plans import drafts as plan_drafts
from bot.domain.tables import Member
from bot.rules import plan as rules
from tests.domain.planning import GOAL, Office, numbers


def test_bad_input_in_the_second_step_is_answered_under_its_field(office: Office) -> None:
    plan_id = office.draft().plan_id
    number = "is not a number: type it in digits, like"
    cases: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"closed": ""}, {rules.CLOSED: "Type a number, like $12,500."}),
        (
            {"closed": "-5"},
            {rules.CLOSED: "It can't be below zero: type 0 or more instead of “-5”."},
        ),
        (
            {"closed": "600,000"},
            {
                rules.CLOSED: "This goal is reached already: what is closed is as much. "
                "Type a higher goal."
            },
        ),
        (
            {"average_sale": "1.234", "ratios": {"first": "12,5"}},
            {
                rules.AVERAGE_SALE: "I read “1.234” as 1,234. Type 1,234 if that is right.",
                rules.RATIO + "first": "I read “12,5” as 12.5. Type 12.5 if that is right.",
            },
        ),
        ({"average_sale": "much"}, {rules.AVERAGE_SALE: f"“much” {number} $12,500."}),
        (
            {"average_sale": "0"},
            {rules.AVERAGE_SALE: "An average sale is above 0: type what one sale brings."},
        ),
        (
            {"working_weeks": "0"},
            {
                rules.WORKING_WEEKS: "A plan needs working weeks: "
                "type how many you will work until its end."
            },
        ),
        (
            {"working_weeks": "60"},
            {rules.WORKING_WEEKS: "Only 49 weeks are left until the end: type up to 49."},
        ),
        (
            {"working_weeks": "4.55"},
            {rules.WORKING_WEEKS: "“4.55” has more than one decimal: type it rounded, like 3.5."},
        ),
        (
            {"ratios": {"first": "0 %", "second": "101", "third": "half", "home": "45.55"}},
            {
                rules.RATIO
                + "first": "With 0 % nothing would ever get there: type a percentage above 0.",
                rules.RATIO
                + "second": "More than 100 % can't get on: type a percentage up to 100.",
                rules.RATIO + "third": f"“half” {number} 3.5.",
                rules.RATIO
                + "home": "“45.55” has more than one decimal: type it rounded, like 3.5.",
            },
        ),
        (
            {"ratios": {"first": "0.1", "second": "0.1"}, "average_sale": "1"},
            {
                rules.CLOSED: "These numbers would take 43,478,260,870 conversations a week: "
                "check the goal, the average sale and the ratios."
            },
        ),
    ]
    for changes, sentences in cases:
        form = numbers(**changes)
        said = office.problems(plan_drafts.save_numbers, "U1", plan_id=plan_id, form=form)
        assert said == sentences
    assert office.plan(plan_id).conversations is None


def test_numbers_are_read_in_the_reps_locale(office: Office) -> None:
    def germans(session: Session) -> None:
        session.exec(select(Member).where(Member.slack_user_id == "U1")).one().locale = "de_DE"

    office.database.write_now(germans)
    plan_id = office.draft(goal=replace(GOAL, goal="600.000")).plan_id
    typed = numbers(average_sale="20.000,00", ratios={"first": "20,5 %"}, working_weeks="45,5")
    shown = office.numbers(plan_id, form=typed).shown
    assert (shown.goal, shown.average_sale.value) == (Decimal(600_000), Decimal(20_000))
    assert shown.ratios[0].percent == Decimal("20.5")
    assert shown.working_weeks == Decimal("45.5")
