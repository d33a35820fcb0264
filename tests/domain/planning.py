"""Reps and coaches at their plans: the use cases as somebody, and the steps that several tests begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.metrics import targets
from bot.domain.people import enrolments
from bot.domain.people.members import Profile, apply_profile
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import goals as plan_goals
from bot.domain.plans import overview as plans
from bot.domain.plans import sights
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import workspaces
from bot.domain.shown.plans import (
    Decided,
    GoalForm,
    NumbersForm,
    NumbersStep,
    OtherGoalForm,
    ReviewStep,
    SuggestForm,
)
from bot.domain.tables import Member, OutboxItem, Plan, Team
from bot.rules.weeks import monday_of
from tests.seeding import reach_once, seed_once

T = TypeVar("T")

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""After everybody was asked about the week of 16 November."""
NEXT_MONDAY = date(2026, 11, 23)

GOAL = GoalForm(period="dates", begins_on=NEXT_MONDAY, ends_on=date(2027, 10, 31), goal="600k")
NUMBERS = NumbersForm(
    closed="0",
    average_sale="20,000",
    ratios={"first": "20", "second": "50 %", "third": "50", "home": "60%"},
    working_weeks="46",
)
SUGGESTION = SuggestForm(
    goal="500,000",
    average_sale="20,000",
    ratios=NUMBERS.ratios,
    working_weeks="46",
    reason="Begin with what you can reach.",
)


class Office:
    """Dana and Drew coach Harbor with Priya (U1) and Sam (U2); Nora (UN) coaches another team with U3."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = FRIDAY
        self.workspace_id = seed_once(database, self._make)

    def _make(self, session: Session) -> int:
        workspace_id = workspaces.install(
            session, slack_team_id="T1", name="Harbor", bot_user_id="UB", now=FRIDAY
        )
        people = {
            "UA": "Alex",
            "UC": "Dana",
            "UD": "Drew",
            "UN": "Nora",
            "U1": "Priya",
            "U2": "Sam",
            "U3": "Kim",
        }
        ids = {
            user: apply_profile(
                session,
                workspace_id=workspace_id,
                profile=Profile(user, name, "Europe/London", is_admin=user == "UA"),
                now=FRIDAY,
            )
            for user, name in people.items()
        }
        for name, coach, second in (("Harbor", "UC", "UD"), ("Quay", "UN", None)):
            session.add(
                Team(
                    workspace_id=workspace_id,
                    name=name,
                    name_key=name.casefold(),
                    coach_id=ids[coach],
                    second_coach_id=ids[second] if second else None,
                    coach_channel=f"C{name}",
                    check_in_day=0,
                    check_in_at=time(9),
                    deadline_day=1,
                    deadline_at=time(17),
                    working_from=time(8),
                    working_until=time(20),
                    created_at=FRIDAY,
                )
            )
        session.flush()
        for user, team in (("U1", "Harbor"), ("U2", "Harbor"), ("U3", "Quay")):
            self.enrol(session, user, team, now=FRIDAY)
        return workspace_id

    def enrol(
        self, session: Session, user: str, team: str, *, now: datetime, whole_week: bool = True
    ) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        found = session.exec(select(Team).where(Team.name == team)).one()
        enrolments.enrol(
            session,
            workspace_id=member.workspace_id,
            member_id=member.id,
            team_id=found.id,
            enrolled_on=monday_of(now.date()) if whole_week else None,
            now=now,
        )

    # What people do.

    def do(self, use_case: Callable[..., T], user: str, **arguments: Any) -> T:
        return self.database.write_now(
            use_case, caller=Caller(self.workspace_id, user), now=self.now, **arguments
        )

    def refused(self, use_case: Callable[..., object], user: str, **arguments: Any) -> str:
        with pytest.raises(Refusal) as refusal:
            self.do(use_case, user, **arguments)
        return refusal.value.sentence

    def problems(
        self, use_case: Callable[..., object], user: str, **arguments: Any
    ) -> dict[str, str]:
        with pytest.raises(FieldProblems) as found:
            self.do(use_case, user, **arguments)
        return found.value.sentences

    def draft(self, user: str = "U1", goal: GoalForm = GOAL) -> NumbersStep:
        return self.do(plan_drafts.save_goal, user, form=goal)

    def numbers(self, plan_id: int, user: str = "U1", form: NumbersForm = NUMBERS) -> ReviewStep:
        return self.do(plan_drafts.save_numbers, user, plan_id=plan_id, form=form)

    def goal(self, plan_id: int, form: OtherGoalForm, user: str = "U1") -> ReviewStep:
        return self.do(plan_goals.save_other_goal, user, plan_id=plan_id, goal_id=None, form=form)

    def propose(
        self,
        user: str = "U1",
        *,
        goal: GoalForm = GOAL,
        form: NumbersForm = NUMBERS,
        others: tuple[OtherGoalForm, ...] = (),
    ) -> int:
        """A plan through all three steps, with no to every pair; its id."""
        return reach_once(self.database, self._propose, user, goal, form, others, now=self.now)

    def _propose(
        self,
        user: str,
        goal: GoalForm,
        form: NumbersForm,
        others: tuple[OtherGoalForm, ...],
        *,
        now: datetime,
    ) -> int:
        assert now == self.now
        plan_id = self.draft(user, goal).plan_id
        review = self.numbers(plan_id, user, form)
        for other in others:
            review = self.goal(plan_id, other, user)
        pairs = {f"{pair.first_key}:{pair.second_key}": "no" for pair in review.pairs}
        return self.do(plan_drafts.propose, user, plan_id=plan_id, pairs=pairs).plan_id

    def approve(self, plan_id: int, by: str = "UC", from_week: date | None = None) -> Decided:
        return self.do(plan_sign_off.approve, by, plan_id=plan_id, from_week=from_week)

    def suggest(
        self,
        plan_id: int,
        by: str = "UC",
        form: SuggestForm = SUGGESTION,
        key: str | None = None,
    ) -> int:
        key = key or f"{plan_id} {by} {form.goal} {self.now}"
        return self.do(
            plan_sign_off.suggest, by, plan_id=plan_id, form=form, request_key=key
        ).plan_id

    def signed(
        self,
        user: str = "U1",
        *,
        goal: GoalForm = GOAL,
        form: NumbersForm = NUMBERS,
        by: str = "UC",
    ) -> int:
        """A plan that the rep has proposed and `by` has signed; its id."""
        return reach_once(self.database, self._signed, user, goal, form, by, now=self.now)

    def _signed(
        self, user: str, goal: GoalForm, form: NumbersForm, by: str, *, now: datetime
    ) -> int:
        assert now == self.now
        plan_id = self.propose(user, goal=goal, form=form)
        self.approve(plan_id, by)
        return plan_id

    def offered(self, plan_id: int) -> int:
        """Higher sights for a signed plan, as the tick offers them."""

        def offer(session: Session) -> int:
            plan = session.get_one(Plan, plan_id)
            member = session.get_one(Member, plan.member_id)
            team = session.get_one(Team, plan.team_id)
            sights._offer(session, plan, member, team, [], self.now)
            return plans.waiting_of(session, member.id).id

        return self.database.write_now(offer)

    # What is so.

    def plan(self, plan_id: int) -> Plan:
        return self.database.write_now(lambda s: Plan(**s.get_one(Plan, plan_id).model_dump()))

    def targets(self, week: date, user: str = "U1") -> dict[str, Decimal]:
        def read(session: Session) -> dict[str, Decimal]:
            member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
            found = targets.in_force(session, [member.id], week).get(member.id, [])
            return {metric.key: amount for metric, amount in found}

        return self.database.write_now(read)

    def desired_versions(self, surface: str) -> dict[int, int]:
        """By subject, which version of the surface's message is wanted."""

        def read(session: Session) -> dict[int, int]:
            items = session.exec(select(OutboxItem).where(OutboxItem.surface == surface))
            return {item.subject_id: item.desired_version for item in items}

        return self.database.write_now(read)

    def count_plans(self, state: str) -> int:
        """How many versions are in a state."""
        return self.database.write_now(
            lambda s: len(s.exec(select(col(Plan.id)).where(Plan.state == state)).all())
        )

    def count(self, table: type[Any]) -> int:
        return self.database.write_now(lambda s: len(s.exec(select(col(table.id))).all()))


def numbers(**changes: Any) -> NumbersForm:
    """The numbers of the worked example, but for some."""
    ratios = {**NUMBERS.ratios, **changes.pop("ratios", {})}
    return replace(NUMBERS, ratios=ratios, **changes)
