"""A signed plan against the log and the weeks since: what has to be said once is news until it was told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.plans import reality
from bot.domain.plans.reality import AnsweredWeek
from bot.domain.shown.card import PlanAgainst
from bot.domain.tables import Conversation, Enrolment, Member, Opportunity, Plan, Team
from bot.rules.ratios import Step
from bot.rules.reality import PlanWeek, Why
from bot.rules.weeks import WEEK
from tests.domain.planning import FRIDAY, Office

WHEN = date(2026, 11, 30)


def against(office: Office, *, weeks: int = 6) -> PlanAgainst | None:
    """Priya's plan, some weeks after it began to count, each with all conversations and too few base moves."""
    numbers = PlanWeek(Decimal(22), Decimal(22), Decimal(3), Decimal(9))

    def read(session: Session) -> PlanAgainst | None:
        rep = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        enrolment = session.exec(select(Enrolment).where(Enrolment.member_id == rep.id)).one()
        begun = session.exec(select(Plan.from_week)).first() or WHEN
        last = begun + (weeks - 1) * WEEK
        return reality.of_rep(
            session,
            rep=rep,
            team=session.get_one(Team, enrolment.team_id),
            answered=[AnsweredWeek(last - n * WEEK, numbers) for n in range(11, -1, -1)],
            week=last + WEEK,
            today=last + WEEK,
        )

    return office.database.read_now(read)


def talked(session: Session, workspace_id: int, deals: int, firsts: int) -> None:
    """So many deals with one conversation each, of which some reached 1st, long enough ago to count."""
    rep = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
    for number in range(deals):
        deal = Opportunity(
            workspace_id=workspace_id,
            member_id=rep.id,
            company=f"Deal {number}",
            company_key=f"deal {number}",
            created_at=FRIDAY,
        )
        session.add(deal)
        session.flush()
        day = date(2026, 7, 6) + timedelta(days=number % 5)
        is_first = number < firsts
        session.add(
            Conversation(
                workspace_id=workspace_id,
                member_id=rep.id,
                opportunity_id=deal.id,
                held_on=day,
                week=date(2026, 7, 6),
                base=1 if is_first else None,
                moves=int(is_first),
                request_key=f"deal {number}",
                logged_at=FRIDAY,
            )
        )


def test_a_rep_without_a_signed_plan_has_nothing_to_hold_against(office: Office) -> None:
    assert against(office) is None
    office.propose("U1")
    assert against(office) is None


def test_only_weeks_under_the_plan_can_disprove_it_and_that_is_news_once(office: Office) -> None:
    office.signed("U1")
    early = against(office, weeks=5)
    assert early is not None
    assert (early.disproof, early.announces) == (None, False)
    found = against(office)
    assert found is not None
    assert found.disproof is not None
    assert (found.disproof.why, found.is_new, found.announces) == (Why.RATES, True, True)
    office.database.write_now(reality.told, shown=found, now=office.now)
    again = against(office)
    assert again is not None
    assert (again.disproof, again.is_new, again.announces) == (found.disproof, False, False)


def test_an_assumed_ratio_that_became_measured_is_news_once(office: Office) -> None:
    office.signed("U1")
    before = against(office, weeks=1)
    assert before is not None
    assert [ratio.provenance for ratio in before.ratios] == ["assumed"] * 4
    assert not before.announces
    office.database.write_now(talked, office.workspace_id, 40, 8)
    found = against(office, weeks=1)
    assert found is not None
    first, second, *_ = found.ratios
    assert (first.step, first.planned, first.now.percent) == (Step.FIRST, 20, 20)
    assert (first.now.hits, first.now.trials) == (8, 40)
    assert (first.became_measured, first.is_new, second.is_new) == (True, True, False)
    office.database.write_now(reality.told, shown=found, now=office.now)
    again = against(office, weeks=1)
    assert again is not None
    assert (again.ratios[0].became_measured, again.announces) == (True, False)
