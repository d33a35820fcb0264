"""Who sees whose plan."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.domain.plans import overview as plans
from bot.domain.tables import Member, Team
from tests.domain.planning import Office
from tests.domain.plans.steps import NOT_YOURS


def test_who_sees_whose_plan(office: Office) -> None:
    plan_id = office.signed()
    for user in ("U2", "UN", "UA"):
        assert office.refused(plans.version, user, plan_id=plan_id) == NOT_YOURS
        assert office.refused(plans.overview, user, slack_user_id="U1") == NOT_YOURS
        assert office.refused(plans.versions, user, slack_user_id="U1") == NOT_YOURS
    assert office.refused(plans.overview, "UC") == (
        "You have no plan of your own as you are in no team. "
        "Name one of your reps to see theirs, like /plan @name."
    )
    assert office.refused(plans.overview, "UA").startswith("You are not in a sales team yet.")

    def another_coach(session: Session) -> None:
        team = session.exec(select(Team).where(Team.name == "Harbor")).one()
        nora = session.exec(select(Member).where(Member.slack_user_id == "UN")).one()
        team.coach_id, team.second_coach_id = nora.id, None

    office.database.write_now(another_coach)
    assert office.do(plans.version, "UN", plan_id=plan_id).coach_name == "Nora"
    assert office.refused(plans.version, "UC", plan_id=plan_id) == NOT_YOURS
