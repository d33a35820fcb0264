"""Rep and coach decide about a version: what happens, who may, and the words for what can't be decided."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.database import Database
from bot.domain.checkins import scheduling
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import overview as plans
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.refusals import Refusal
from bot.domain.tables import Answer, CheckIn, Metric, PlanState
from tests.domain.planning import (
    GOAL,
    NEXT_MONDAY,
    SUGGESTION,
    TUESDAY,
    Office,
    numbers,
)
from tests.domain.plans.steps import THIS_MONDAY, WORKED, set_by_coach
from tests.patience import PATIENCE


def test_propose_suggest_accept_approve_and_last_week_stays_as_it_was(office: Office) -> None:
    set_by_coach(office, conversations="10", base_moves="4", sales="5,000")
    mine = office.propose()
    shown = office.do(plans.version, "UC", plan_id=mine)
    assert shown.targets_now == {"conversations": 10, "base_moves": 4, "sales": 5_000}
    assert shown.next_week == NEXT_MONDAY

    hers = office.suggest(mine)
    assert office.plan(mine).state == PlanState.REPLACED
    suggested = office.do(plans.version, "U1", plan_id=hers)
    assert (suggested.version, suggested.state, suggested.origin) == (2, "suggested", "coach")
    assert (suggested.goal, suggested.reason) == (Decimal(500_000), SUGGESTION.reason)
    assert suggested.plan.weekly.conversations == 19
    assert suggested.coach_agreed_by == "UC"
    assert (office.desired_versions("plan"), office.desired_versions("plan_reply")) == (
        {mine: 2},
        {hers: 1},
    )

    accepted = office.do(plan_sign_off.accept, "U1", plan_id=hers)
    assert (accepted.state, accepted.version) == (PlanState.PROPOSED, 2)
    assert accepted.rep_agreed_at is not None
    assert office.desired_versions("plan")[hers] >= 1

    # The check-in about the week before is out by then.
    office.now = TUESDAY - timedelta(days=1)
    office.database.write_now(scheduling.schedule_due, now=office.now)
    office.now = TUESDAY
    approved = office.approve(hers)
    assert (approved.state, approved.from_week) == (PlanState.APPROVED, date(2026, 11, 30))
    assert office.do(plans.version, "UC", plan_id=hers).targets_now == {
        "conversations": 10,
        "base_moves": 4,
        "sales": 5_000,
    }
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(10)
    assert office.targets(date(2026, 11, 30)) == {
        "conversations": Decimal(19),
        "base_moves": Decimal(7),
        "sales": Decimal(10_870),
    }

    def asked(session: Session) -> list[tuple[date, Decimal]]:
        rows = session.exec(
            select(CheckIn.week, Answer.target)
            .join(Answer)
            .join(Metric)
            .where(Metric.key == "conversations")
            .order_by(CheckIn.week)
        )
        return [(week, target) for week, target in rows]

    assert office.database.write_now(asked) == [(THIS_MONDAY, Decimal(10))]
    for days in (6, 13):
        office.database.write_now(scheduling.schedule_due, now=TUESDAY + timedelta(days=days))
    assert office.database.write_now(asked) == [
        (THIS_MONDAY, Decimal(10)),
        (NEXT_MONDAY, Decimal(10)),
        (date(2026, 11, 30), Decimal(19)),
    ]


def test_a_plan_can_count_from_a_later_week(office: Office) -> None:
    plan_id = office.propose()
    weeks = office.do(plan_sign_off.approval, "UD", plan_id=plan_id).weeks
    assert weeks[:2] == (NEXT_MONDAY, date(2026, 11, 30))
    for wrong in (date(2026, 11, 16), date(2026, 12, 1), date(2028, 1, 3)):
        said = office.refused(plan_sign_off.approve, "UD", plan_id=plan_id, from_week=wrong)
        assert said == "Choose a Monday from Monday 23 November on and before the plan ends."
    office.approve(plan_id, "UD", from_week=date(2026, 12, 7))
    assert office.targets(date(2026, 11, 30)) == {}
    assert office.targets(date(2026, 12, 7)) == WORKED


def test_no_monday_left_is_said(office: Office) -> None:
    short = replace(GOAL, ends_on=date(2026, 12, 6))
    plan_id = office.propose(goal=short, form=numbers(working_weeks="2"))
    office.now += timedelta(days=14)
    said = office.refused(plan_sign_off.approve, "UC", plan_id=plan_id)
    assert said == (
        "No Monday is left in this plan’s period: send it back, so that Priya writes one for the next."
    )
    assert office.targets(date(2026, 12, 7)) == {}


def test_a_plan_is_sent_back_with_a_reason(office: Office) -> None:
    plan_id = office.propose()
    arguments = {"plan_id": plan_id}
    assert office.do(plan_sign_off.send_back_form, "UC", **arguments).version == 1
    for reason, sentence in (
        (" ", "Say in a few words what should be different."),
        ("x" * 1001, "The reason has 1001 characters. Shorten it to 1000."),
    ):
        said = office.refused(plan_sign_off.send_back, "UC", **arguments, reason=reason)
        assert said == sentence
    shown = office.do(plan_sign_off.send_back, "UC", **arguments, reason=" Too high. ")
    assert (shown.state, shown.reason, shown.decided_by) == ("sent_back", "Too high.", "UC")
    wanted = office.desired_versions("plan_reply"), office.desired_versions("plan")
    office.do(plan_sign_off.send_back, "UC", **arguments, reason="Too high.")
    assert (office.desired_versions("plan_reply"), office.desired_versions("plan")) == wanted
    assert office.do(plans.overview, "U1").sent_back == office.do(plans.version, "U1", **arguments)
    assert office.targets(NEXT_MONDAY) == {}


def test_a_sent_plan_is_withdrawn_by_its_rep_while_nobody_has_decided(office: Office) -> None:
    plan_id = office.propose()
    said = office.refused(plan_sign_off.withdraw, "U2", plan_id=plan_id)
    assert said == "This is somebody else’s plan. Open yours with /plan."
    before = office.desired_versions("plan")[plan_id]
    gone = office.do(plan_sign_off.withdraw, "U1", plan_id=plan_id)
    assert (gone.state, gone.decided_by, gone.reason) == ("declined", None, "Priya took it back.")
    assert office.desired_versions("plan")[plan_id] == before + 1
    assert office.do(plan_sign_off.withdraw, "U1", plan_id=plan_id) == gone
    assert office.desired_versions("plan")[plan_id] == before + 1
    said = office.refused(plan_sign_off.approve, "UC", plan_id=plan_id)
    assert said == "This version was withdrawn. Priya took it back."

    # The next one begins from it; once it is signed, it is too late.
    assert office.do(plan_drafts.goal_step, "U1").goal == Decimal(600_000)
    again = office.signed()
    said = office.refused(plan_sign_off.withdraw, "U1", plan_id=again)
    assert said.startswith("Dana approved this version already")


def test_a_rep_declines_and_writes_on_from_their_own_numbers(office: Office) -> None:
    mine = office.propose()
    hers = office.suggest(mine)
    shown = office.do(plan_sign_off.decline, "U1", plan_id=hers, reason="Too low.")
    assert (shown.state, shown.reason, shown.decided_by) == ("declined", "Too low.", "U1")
    assert set(office.desired_versions("plan")) == {mine, hers}
    again = office.do(plan_sign_off.decline, "U1", plan_id=hers)
    assert again == shown
    assert office.do(plan_drafts.goal_step, "U1").goal == Decimal(600_000)


def test_of_two_coaches_at_once_one_signs(database: Database) -> None:
    office = Office(database)
    plan_id = office.propose()
    ready = threading.Barrier(2)

    def press(user: str) -> str:
        ready.wait(timeout=PATIENCE)
        try:
            return office.approve(plan_id, user, from_week=None).state
        except Refusal as refusal:
            return refusal.sentence

    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(press, ["UC", "UD"]))
    assert said[1] == "approved"
    assert said[0].endswith("approved this version already: it counts from Monday 23 November on.")
