"""Steps at plans that the tests of several files begin with, and what they expect."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.plans import overview as plans
from bot.domain.setup import targets as target_setting
from bot.domain.shown.plans import OtherGoalForm, PlanShown, Versions
from bot.domain.shown.setup import THIS_WEEK
from bot.domain.tables import Answer, CheckIn, Conversation, Member, Metric, Opportunity, Team
from tests.domain.planning import Office

INCOME = OtherGoalForm("income", "", amount="60,000", commission="10 %")
RUN = OtherGoalForm("personal", "Run every week", amount="500", unit="km", hours="3.5")
LEAVE = OtherGoalForm("leave", "Skiing", begins_on=date(2027, 2, 8), ends_on=date(2027, 2, 19))
THIS_MONDAY = date(2026, 11, 16)
WORKED = {"conversations": Decimal(22), "base_moves": Decimal(9), "sales": Decimal(13_044)}
NOT_YOURS = "Only a rep and their coaches see the rep’s plan. Open yours with /plan."


def sell(office: Office, *amounts: int, user: str = "U1", on: date = date(2026, 11, 2)) -> None:
    """Sales in the log, each with four conversations that began a day before; old enough to count."""

    def log(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        for number, amount in enumerate(amounts):
            deal = Opportunity(
                workspace_id=member.workspace_id,
                member_id=member.id,
                company=f"Company {on} {number}",
                company_key=f"company {on} {number}",
                base=4,
                status="won",
                created_at=office.now,
            )
            session.add(deal)
            session.flush()
            session.add(
                Conversation(
                    workspace_id=member.workspace_id,
                    member_id=member.id,
                    opportunity_id=deal.id,
                    held_on=on,
                    week=on - timedelta(days=on.weekday()),
                    base=4,
                    outcome="won",
                    amount=Decimal(amount),
                    moves=4,
                    request_key=f"{user} {on} {number}",
                    logged_at=office.now,
                )
            )

    office.database.write_now(log)


def answer_sales(office: Office, week: date, amount: int, *, user: str = "U1") -> None:
    """An answer to the question about a week's sales."""

    def answer(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        team = session.exec(select(Team).where(Team.name == "Harbor")).one()
        metric = session.exec(select(Metric).where(Metric.key == "sales")).one()
        check_in = CheckIn(
            workspace_id=member.workspace_id,
            member_id=member.id,
            team_id=team.id,
            week=week,
            state="answered",
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
                target=Decimal(1_000),
                number=Decimal(amount),
                verdict="yes",
            )
        )

    office.database.write_now(answer)


def own_metric(office: Office, name: str = "Demos", team: str = "Harbor") -> int:
    """A metric that a team has of its own; its id."""

    def add(session: Session) -> int:
        found = session.exec(select(Team).where(Team.name == team)).one()
        metric = Metric(
            workspace_id=office.workspace_id,
            team_id=found.id,
            key=name.casefold(),
            name=name,
            unit="count",
            question=f"Did you meet your goal of {name}?",
            source="hand",
            position=10,
        )
        session.add(metric)
        session.flush()
        return metric.id

    return office.database.write_now(add)


def set_by_coach(office: Office, week: str = THIS_WEEK, by: str = "UC", **amounts: str) -> bool:
    """Dana's targets for Priya, as typed into /coach targets."""

    def ids(session: Session) -> tuple[int, dict[str, int]]:
        member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        return member.id, {m.key: m.id for m in session.exec(select(Metric))}

    member_id, by_key = office.database.write_now(ids)
    texts = {by_key[key]: text for key, text in amounts.items()}
    return office.do(
        target_setting.set_targets, by, member_id=member_id, texts=texts, from_week=week
    ).changed


def shown(office: Office, plan_id: int) -> PlanShown:
    return office.database.write_now(plans.show, plan_id, now=office.now)


def metric_id_of(office: Office, key: str) -> int:
    return office.database.write_now(
        lambda s: s.exec(select(Metric).where(Metric.key == key)).one().id
    )


def versions(office: Office, user: str, of: str | None = None) -> Versions:
    return office.do(plans.versions, user, slack_user_id=of)
