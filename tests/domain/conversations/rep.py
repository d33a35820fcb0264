"""A rep at the command line of Slack, and the team that they log for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.conversations import forms as conversation_forms
from bot.domain.conversations import logging as conversations
from bot.domain.metrics import metrics, targets
from bot.domain.shown.conversations import Form, Logged
from bot.domain.tables import (
    Conversation,
    Enrolment,
    Member,
    Metric,
    Opportunity,
    Team,
    Workspace,
)

THIS_WEEK = date(2026, 11, 16)
LAST_WEEK = date(2026, 11, 9)
TODAY = date(2026, 11, 20)
"""The clock's Friday, in London."""


def seed(session: Session, *, timezone: str = "Europe/London") -> None:
    """A team with a coach and one rep, U0PRIYA, whose targets are 20, 9 and 50,000; and a stranger's team."""
    now = datetime(2026, 10, 1, tzinfo=UTC)
    workspace = Workspace(slack_team_id="T1", name="Harbor", bot_user_id="U1", created_at=now)
    session.add(workspace)
    session.flush()
    metrics.add_built_in_metrics(session, workspace.id)
    people = [
        Member(
            workspace_id=workspace.id,
            slack_user_id=user,
            name=user,
            timezone=timezone,
            profile_read_at=now,
            created_at=now,
        )
        for user in ("U0DANA", "U0PRIYA", "U0SAM", "U0ALEX")
    ]
    session.add_all(people)
    session.flush()
    dana, priya, sam, _ = people
    team = Team(
        workspace_id=workspace.id,
        name="East",
        name_key="east",
        coach_id=dana.id,
        check_in_day=0,
        check_in_at=time(9),
        deadline_day=1,
        deadline_at=time(17),
        working_from=time(8),
        working_until=time(20),
        created_at=now,
    )
    session.add(team)
    session.flush()
    for rep in (priya, sam):
        session.add(
            Enrolment(
                workspace_id=workspace.id,
                member_id=rep.id,
                team_id=team.id,
                enrolled_on=date(2026, 10, 1),
            )
        )
    for key, amount in (("conversations", 20), ("base_moves", 9), ("sales", 50_000)):
        metric = session.exec(select(Metric).where(Metric.key == key)).one()
        targets.set_target(
            session,
            workspace_id=workspace.id,
            member_id=priya.id,
            metric_id=metric.id,
            from_week=date(2026, 10, 5),
            amount=Decimal(amount),
            set_by=dana.id,
            now=now,
        )


@dataclass
class Rep:
    """A rep at the command line of Slack, each command with a key of its own."""

    database: Database
    clock: SettableClock
    user: str = "U0PRIYA"
    commands: int = 0

    @property
    def caller(self) -> Caller:
        return Caller(workspace_id=1, slack_user_id=self.user)

    def key(self) -> str:
        self.commands += 1
        return f"{self.user}-{self.commands}"

    def do(self, use_case: Any, **arguments: Any) -> Any:
        arguments = {"caller": self.caller, "now": self.clock.now(), **arguments}
        return self.database.write_now(use_case, **arguments)

    def line(self, text: str, *, key: str | None = None) -> Any:
        return self.do(conversations.log_line, text=text, request_key=key or self.key())

    def log(self, text: str) -> Logged:
        logged = self.line(text)
        assert isinstance(logged, Logged)
        return logged

    def form(self, form: Form, *, key: str | None = None) -> Any:
        return self.do(conversations.log_form, form=form, request_key=key or self.key())

    def form_of(self, company: str) -> Form:
        """The form as the rep fills it in for a conversation today."""
        form = self.do(conversation_forms.empty_form)
        assert isinstance(form, Form)
        return replace(form, company=company)

    def edit(self, logged: Logged, **changes: Any) -> Any:
        form = self.do(conversation_forms.edit_form, conversation_id=logged.conversation_id)
        return self.do(
            conversations.edit,
            conversation_id=logged.conversation_id,
            form=replace(form, **changes),
        )

    def undo(self, logged: Logged) -> Logged:
        undone = self.do(conversations.undo, conversation_id=logged.conversation_id)
        assert isinstance(undone, Logged)
        return undone

    def opportunities(self) -> list[tuple[str, int, str]]:
        """(company, base, status) of every opportunity that has a conversation left."""

        def look(session: Session) -> list[tuple[str, int, str]]:
            found = session.exec(
                select(Opportunity)
                .join(Conversation, col(Conversation.opportunity_id) == col(Opportunity.id))
                .where(col(Conversation.undone_at).is_(None))
                .distinct()
                .order_by(col(Opportunity.id))
            )
            return [(o.company, o.base, o.status) for o in found]

        return self.database.read_now(look)

    def count(self) -> int:
        return self.database.read_now(
            lambda session: session.exec(
                select(func.count())
                .select_from(Conversation)
                .where(col(Conversation.undone_at).is_(None))
            ).one()
        )
