"""Where a version of a plan belongs, and that nobody signs their own."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.people import enrolments
from bot.domain.plans import places, sights, sign_off
from bot.domain.tables import Member, Plan, PlanState
from tests.domain.planning import Office


def coach_enrolled(office: Office) -> None:
    """Dana, who coaches Harbor, is a rep of Harbor too."""
    office.database.write_now(lambda session: office.enrol(session, "UC", "Harbor", now=office.now))


def acting(office: Office, plan_id: int) -> tuple[str | None, str | None]:
    """The channel in which the version is shown, and who decides about it."""

    def read(session: Session) -> tuple[str | None, str | None]:
        plan = session.get_one(Plan, plan_id)
        coach = places.coach_of(session, plan)
        return places.place(session, plan).channel, coach.slack_user_id if coach else None

    return office.database.read_now(read)


def test_a_coachs_own_plan_is_for_the_second_coach(office: Office) -> None:
    coach_enrolled(office)
    plan_id = office.propose("UC")
    assert acting(office, plan_id) == ("CHarbor", "UD")
    for decide in (sign_off.approve, sign_off.suggest_step):
        sentence = office.refused(decide, "UC", plan_id=plan_id)
        assert sentence.startswith("Nobody signs their own plan")
    reason = {"plan_id": plan_id, "reason": "No."}
    assert office.refused(sign_off.send_back, "UC", **reason).startswith("Nobody signs")
    assert office.approve(plan_id, "UD").state == PlanState.APPROVED


def test_a_coach_agrees_to_their_own_higher_sights_as_a_rep_only(office: Office) -> None:
    coach_enrolled(office)
    offer = office.offered(office.signed("UC", by="UD"))
    agreed = office.do(sights.agree, "UC", plan_id=offer)
    assert (agreed.state, agreed.coach_agreed_at) == (PlanState.OFFERED, None)
    assert office.do(sights.agree, "UD", plan_id=offer).state == PlanState.APPROVED


def test_the_plan_of_a_rep_who_left_belongs_nowhere(office: Office) -> None:
    plan_id = office.propose()
    assert acting(office, plan_id) == ("CHarbor", "UC")

    def leave(session: Session) -> bool:
        member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        enrolments.end(session, member=member, now=office.now + timedelta(days=1))
        return places.is_open(session, session.get_one(Plan, plan_id))

    assert office.database.write_now(leave) is False
    assert acting(office, plan_id) == (None, None)
