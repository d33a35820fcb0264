"""A workspace, a database with one team, and the settings that point at both, for `basecoach doctor`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from sqlmodel import Session, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.clock import SettableClock
from bot.commands.doctor import read_all
from bot.database import Database
from bot.doctor import Finding, examine
from bot.domain.metrics import targets
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.setup import Channel, TeamForm
from bot.domain.tables import (
    Member,
    Metric,
    Team,
)
from bot.sandbox import workspace as sandbox
from bot.sandbox.server import SandboxServer

WEEK = date(2026, 11, 16)


@dataclass
class Office:
    """The sandbox's workspace, a database with one team, and the settings that point at both."""

    workspace: sandbox.Workspace
    server: DatedServer
    database_url: str
    values: dict[str, str]
    inherited: dict[str, str] = field(default_factory=dict)
    machine: SettableClock = field(default_factory=SettableClock)

    async def findings(self) -> list[Finding]:
        settings, problems = read_all(self.values)
        return await examine(
            settings, problems=problems, inherited=self.inherited, machine=self.machine
        )

    async def lines(self, level: str, about: str = "") -> list[str]:
        """What is said at a level, about one subject or all."""
        return [
            finding.words
            for finding in await self.findings()
            if finding.level == level and about in {"", finding.about}
        ]

    def change(self, work: Callable[[Session], object]) -> None:
        database = Database(self.database_url)
        try:
            database.write_now(work)
        finally:
            database.close()

    def member(self, slack_user_id: str, **changes: Any) -> None:
        """Change columns of a member."""

        def work(session: Session) -> None:
            found = session.exec(select(Member).where(Member.slack_user_id == slack_user_id)).one()
            for name, value in changes.items():
                setattr(found, name, value)

        self.change(work)

    def team(self, **changes: Any) -> None:
        """Change columns of the team."""

        def work(session: Session) -> None:
            found = session.exec(select(Team)).one()
            for name, value in changes.items():
                setattr(found, name, value)

        self.change(work)


def seed(session: Session) -> None:
    """Harbor Sales: Dana coaches Priya, in #coach-dana."""
    now = datetime.now(UTC)
    workspace_id = workspaces.install(
        session,
        slack_team_id="T0HARBOR",
        name="Harbor Supply Co.",
        bot_user_id="U0BASECOACH",
        now=now,
    )
    ids = {
        who: members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(who, name, timezone="Europe/London"),
            now=now,
        )
        for who, name in (
            ("U0PRIYA", "Priya Nair"),
            ("U0DANA", "Dana Whitfield"),
            ("U0MORGAN", "Morgan Blake"),
        )
    }
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(
            name="Harbor Sales", coach="U0DANA", second_coach="U0MORGAN", channel="C0COACH"
        ),
        channel=Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    enrolments.enrol(
        session,
        workspace_id=workspace_id,
        member_id=ids["U0PRIYA"],
        team_id=team.id,
        enrolled_on=date(2026, 9, 1),
        now=now,
    )
    targets.set_target(
        session,
        workspace_id=workspace_id,
        member_id=ids["U0PRIYA"],
        metric_id=session.exec(select(Metric.id).where(Metric.key == "sales")).one(),
        from_week=date(2026, 8, 31),
        amount=Decimal(10_000),
        set_by=ids["U0DANA"],
        now=now,
    )


class DatedServer(SandboxServer):
    """A sandbox whose answers carry the date that a test wants: `date`, or none."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.date: Callable[[], datetime | None] = lambda: datetime.now(UTC)

    def _app(self) -> ASGIApp:
        outermost: Any = super()._app()
        app = outermost._app

        async def dated(scope: Scope, receive: Receive, send: Send) -> None:
            async def answer(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = [pair for pair in message["headers"] if pair[0].lower() != b"date"]
                    if (date := self.date()) is not None:
                        headers.append((b"date", format_datetime(date, usegmt=True).encode()))
                    message = {**message, "headers": headers}
                await send(message)

            await app(scope, receive, answer)

        outermost._app = dated
        return outermost  # type: ignore[no-any-return]


def archived(office: Office) -> None:
    office.workspace.archive("C0COACH")
