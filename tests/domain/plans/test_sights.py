"""After weeks of everything met higher sights are offered, once; they count once rep and coach agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from math import ceil

from sqlmodel import Session, select

from bot.domain.plans import overview as plans
from bot.domain.plans import sights
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.tables import Answer, CheckIn, Member, Metric, Plan, PlanState, Team
from bot.rules.weeks import WEEK
from tests.domain.planning import GOAL, NEXT_MONDAY, Office, numbers
from tests.domain.plans.steps import sell

LATE = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)
"""A Wednesday: the check-in about the plan's fourth week has closed."""
FIFTH_WEEK = date(2026, 12, 21)
NEXT = date(2026, 12, 28)
LATER = numbers(working_weeks="40")


def weeks(office: Office, *results: str, first: date = NEXT_MONDAY, user: str = "U1") -> None:
    """The rep's record from a week on: `yes`, `no`, `open`, `away` or `skipped`."""

    def make(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        team = session.exec(select(Team).where(Team.name == "Harbor")).one()
        metric = session.exec(select(Metric).where(Metric.key == "conversations")).one()
        for number, result in enumerate(results):
            state = {"yes": "answered", "no": "answered"}.get(result, result)
            check_in = CheckIn(
                workspace_id=member.workspace_id,
                member_id=member.id,
                team_id=team.id,
                week=first + number * WEEK,
                state=state,
                due_at=office.now,
            )
            session.add(check_in)
            session.flush()
            session.add(
                Answer(
                    workspace_id=member.workspace_id,
                    check_in_id=check_in.id,
                    metric_id=metric.id,
                    position=0,
                    name=metric.name,
                    unit=metric.unit,
                    question=metric.question,
                    source=metric.source,
                    target=Decimal(22),
                    verdict=result if result in {"yes", "no"} else None,
                )
            )

    office.database.write_now(make)


def look(office: Office, now: datetime = LATE) -> list[Plan]:
    """Let the tick do its work; the offers that wait then."""
    office.now = now
    while office.database.write_now(sights.offer_due, now=now):
        continue

    def waiting(session: Session) -> list[Plan]:
        found = session.exec(select(Plan).where(Plan.state == PlanState.OFFERED))
        return [Plan(**plan.model_dump()) for plan in found]

    return office.database.write_now(waiting)


def offer(office: Office) -> int:
    office.signed()
    weeks(office, "yes", "yes", "yes", "yes")
    (offered,) = look(office)
    return offered.id


def test_after_four_met_weeks_a_higher_goal_is_offered_once_to_both(office: Office) -> None:
    signed = office.signed()
    weeks(office, "yes", "yes", "yes", "yes")
    assert look(office, LATE - WEEK) == []
    assert look(office, datetime(2026, 12, 22, 16, 59, tzinfo=UTC)) == []  # not closed yet
    (offered,) = look(office)
    shown = office.do(plans.version, "UC", plan_id=offered.id)
    assert (shown.state, shown.origin, shown.version, shown.based_on) == (
        "offered",
        "sights",
        2,
        1,
    )
    assert Decimal(630_000) <= shown.goal <= Decimal(750_000)
    assert shown.plan.weekly.sales > office.plan(signed).sales
    assert (
        office.desired_versions("plan")[offered.id]
        == office.desired_versions("plan_reply")[offered.id]
        == 1
    )
    assert office.targets(NEXT)["conversations"] == Decimal(22)

    # Looked at week by week, it stays the one offer.
    weeks(office, "yes", "yes", first=FIFTH_WEEK)
    assert [plan.id for plan in look(office, LATE + 2 * WEEK)] == [offered.id]
    assert office.desired_versions("plan")[offered.id] == 1


def test_it_counts_once_both_agreed(office: Office) -> None:
    offered = offer(office)
    first = office.do(sights.agree, "U1", plan_id=offered)
    assert (first.state, first.coach_agreed_at) == ("offered", None)
    wanted = office.desired_versions("plan")[offered]
    assert office.do(sights.agree, "U1", plan_id=offered) == first
    assert office.desired_versions("plan")[offered] == wanted
    assert office.targets(NEXT)["conversations"] == Decimal(22)

    both = office.do(sights.agree, "UD", plan_id=offered)
    assert (both.state, both.from_week) == ("approved", NEXT)
    shown = office.do(plans.version, "UD", plan_id=offered)
    assert shown.coach_agreed_by == "UD"
    assert office.targets(FIFTH_WEEK)["sales"] == Decimal(13_044)
    assert office.targets(NEXT)["sales"] == shown.plan.weekly.sales
    for user in ("U1", "UD", "UC"):
        assert office.do(sights.agree, user, plan_id=offered).state == "approved"
    assert office.plan(offered).decided_at == office.now


OPENED = numbers(closed="440,000", ratios={"home": "80"}, working_weeks="46")
"""Most of the goal was sold before the rep logged anything: 8 sales remain."""


def test_an_opening_balance_is_kept_so_an_offer_asks_for_a_quarter_more_at_most(
    office: Office,
) -> None:
    signed = office.plan(office.signed(form=OPENED))
    assert (signed.opening, signed.opening_on) == (Decimal(440_000), date(2026, 11, 20))
    weeks(office, "yes", "yes", "yes", "yes")
    for week, amount in enumerate((4_000, 3_000, 5_000)):
        sell(office, amount, on=NEXT_MONDAY + week * WEEK)
    (offered,) = look(office)
    assert offered.opening == Decimal(440_000)
    assert (offered.closed, offered.closed_logged) == (Decimal(452_000), Decimal(12_000))
    for asked, before in (
        (offered.conversations, signed.conversations),
        (offered.base_moves, signed.base_moves),
        (offered.sales, signed.sales),
    ):
        assert asked is not None
        assert before is not None
        assert before <= asked <= ceil(before * Decimal("1.25"))
    office.do(sights.agree, "U1", plan_id=offered.id)
    office.do(sights.agree, "UC", plan_id=offered.id)
    # A change of the version after it still has the opening balance.
    assert office.draft().closed.value == Decimal(452_000)


def test_not_now_is_quiet_for_a_quarter(office: Office) -> None:
    offered = offer(office)
    office.do(sights.agree, "UC", plan_id=offered)
    shown = office.do(sights.not_now, "U1", plan_id=offered)
    assert (shown.state, shown.decided_by) == ("declined", "U1")
    assert office.do(sights.not_now, "U1", plan_id=offered) == shown
    said = office.refused(sights.agree, "UC", plan_id=offered)
    assert said == "Priya said no to this version already."
    assert office.targets(NEXT)["conversations"] == Decimal(22)

    weeks(office, *["yes"] * 13, first=FIFTH_WEEK)
    for week in range(17):
        sell(office, 14_000, on=NEXT_MONDAY + week * WEEK)
    assert look(office, LATE + 12 * WEEK) == []
    (again,) = look(office, LATE + 13 * WEEK)
    assert again.version == 3


def test_the_coachs_not_now_counts_as_much(office: Office) -> None:
    offered = offer(office)
    office.do(sights.agree, "U1", plan_id=offered)
    assert office.do(sights.not_now, "UC", plan_id=offered).state == "declined"
    assert office.refused(sights.agree, "U1", plan_id=offered) == (
        "Dana said no to this version already."
    )


def test_away_and_skipped_weeks_neither_count_nor_break(office: Office) -> None:
    office.signed()
    weeks(office, "yes", "away", "yes", "skipped")
    assert look(office) == []
    weeks(office, "yes", "yes", first=FIFTH_WEEK)
    assert len(look(office, LATE + 2 * WEEK)) == 1


def test_a_miss_a_silence_and_a_short_record_prevent_it(office: Office) -> None:
    office.signed()
    weeks(office, "yes", "yes", "no", "yes", "yes", "unanswered")
    for week in range(3):
        assert look(office, LATE + week * WEEK) == []
    office.signed("U2", form=LATER)  # met weeks from before the plan say nothing of it
    weeks(office, *["yes"] * 4, first=NEXT_MONDAY, user="U2")
    assert look(office, LATE + 3 * WEEK) == []


def test_an_edit_that_turns_a_week_into_a_miss_before_the_offer_prevents_it(
    office: Office,
) -> None:
    office.signed()
    weeks(office, "yes", "yes", "yes", "yes")

    def edit(session: Session) -> None:
        session.exec(select(Answer).limit(1).offset(1)).one().verdict = "no"

    office.database.write_now(edit)
    assert look(office) == []


def test_nothing_is_offered_while_something_waits(office: Office) -> None:
    office.signed()
    weeks(office, "yes", "yes", "yes", "yes")
    waiting = office.propose(goal=replace(GOAL, goal="700k"))
    assert look(office) == []
    office.do(plan_sign_off.send_back, "UC", plan_id=waiting, reason="Later.")
    weeks(office, "yes", first=FIFTH_WEEK)
    assert len(look(office, LATE + WEEK)) == 1


def test_a_plan_that_is_over_or_followed_is_looked_at_no_more(office: Office) -> None:
    first = office.signed()
    weeks(office, "yes", "yes", "yes", "yes")
    office.now = LATE
    second = office.signed(goal=replace(GOAL, goal="500k"), form=LATER)
    office.now += WEEK
    assert look(office, LATE + WEEK) == []
    assert office.plan(first).sights_due_at is None
    due = office.plan(second).sights_due_at
    assert due is not None
    assert due > office.now
    assert look(office, LATE + 60 * WEEK) == []
    assert office.plan(second).sights_due_at is None


def test_a_team_says_after_how_many_weeks(office: Office) -> None:
    def two(session: Session) -> None:
        session.exec(select(Team).where(Team.name == "Harbor")).one().raise_after_weeks = 2

    office.database.write_now(two)
    office.signed()
    weeks(office, "yes", "yes")
    assert len(look(office, LATE - 2 * WEEK)) == 1


def test_a_change_of_the_reps_replaces_the_offer(office: Office) -> None:
    offered = offer(office)
    office.propose(goal=replace(GOAL, goal="800k"), form=LATER)
    assert office.plan(offered).state == PlanState.REPLACED
    said = office.refused(sights.agree, "UC", plan_id=offered)
    assert said == "Another version took this one’s place: open it with /plan."
