"""A rep's plans go with the rep to another team, unless they can't count there."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.domain.plans import drafts, handing_over
from bot.domain.tables import Goal, Member, Metric, Plan, Team
from tests.domain.planning import Office


def move(office: Office, user: str = "U1", *, currency: str = "USD") -> None:
    """The rep's plans go from Harbor to Quay, which counts in this currency; so does the rep."""

    def hand_over(session: Session) -> None:
        old, new = (
            session.exec(select(Team).where(Team.name == name)).one() for name in ("Harbor", "Quay")
        )
        new.currency = currency
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        moves = [handing_over.Move(member.id, member.name, old, new)]
        handing_over.reps_moved(session, moves=moves, now=office.now)
        office.enrol(session, user, "Quay", now=office.now)

    office.database.write_now(hand_over)


def test_a_waiting_version_goes_to_the_new_team(office: Office) -> None:
    plan_id = office.propose()
    move(office)
    assert office.plan(plan_id).state == "proposed"
    assert office.approve(plan_id, "UN").state == "approved"


def test_amounts_in_another_currency_are_withdrawn_and_written_anew(office: Office) -> None:
    plan_id = office.propose()
    draft = office.draft().plan_id
    office.numbers(draft)
    move(office, currency="GBP")
    plan = office.plan(plan_id)
    assert (plan.state, plan.decided_by) == ("declined", None)
    assert plan.reason == (
        "Priya moved to Quay, which counts in GBP, and this plan’s amounts are in USD."
    )
    sentence = office.refused(drafts.propose, "U1", plan_id=draft, pairs={})
    assert "are in USD, and Quay counts in GBP" in sentence


def test_goals_about_what_the_new_team_does_not_count_are_withdrawn(office: Office) -> None:
    plan_id = office.propose()

    def own_goal(session: Session) -> None:
        plan = session.get_one(Plan, plan_id)
        metric = Metric(
            workspace_id=plan.workspace_id,
            team_id=plan.team_id,
            key="demos",
            name="Demos",
            unit="count",
            question="?",
            source="asked",
            position=100,
        )
        session.add(metric)
        session.flush()
        session.add(
            Goal(
                workspace_id=plan.workspace_id,
                plan_id=plan.id,
                key="k",
                position=1,
                kind="metric",
                words="Demos",
                metric_id=metric.id,
            )
        )

    office.database.write_now(own_goal)
    move(office)
    plan = office.plan(plan_id)
    assert plan.state == "declined"
    assert plan.reason == (
        "Priya moved to Quay, which does not count everything that this plan has goals for."
    )
