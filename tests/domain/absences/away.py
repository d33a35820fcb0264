"""A rep who is away: the use cases as they and their coach press them, and the beat of the tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.absences import recording as absences
from bot.domain.access import Caller
from bot.domain.checkins import answers, reminders, scheduling
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.absences import AbsenceSaved
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import (
    Answer,
    CheckIn,
    Member,
    Metric,
    OutboxItem,
)

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WEEK = date(2026, 11, 16)
"""The week that is asked about on Monday, 23 November."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in London, which keeps UTC then; day 31 is 1 December."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


def nov(day: int) -> date:
    return date(2026, 11, 1) + timedelta(days=day - 1)


def seed(session: Session, *, reps: int) -> None:
    """Dana coaches some reps: 20 conversations, 9 base moves and 10,000 a week."""
    workspace_id = workspaces.install(
        session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
    )
    ids = [
        members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(user, user, timezone="Europe/London"),
            now=FRIDAY,
        )
        for user in ("UDANA", *(f"U{n}" for n in range(reps)))
    ]
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach="UDANA"),
        channel=None,
        public_confirmed=False,
        now=FRIDAY,
    )
    for member_id in ids[1:]:
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team.id,
            enrolled_on=date(2026, 9, 1),
            now=FRIDAY,
        )
        for metric, amount in zip(
            session.exec(select(Metric).order_by(col(Metric.position))),
            (20, 9, 10_000),
            strict=True,
        ):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=date(2026, 8, 31),
                amount=Decimal(amount),
                set_by=None,
                now=FRIDAY,
            )


@dataclass
class Office:
    """A team whose clock is moved by saying when something is done."""

    database: Database

    def do(self, use_case: Any, *, by: str = "U0", **arguments: Any) -> Any:
        return self.database.write_now(use_case, caller=Caller(1, by), **arguments)

    def record(self, first: int, last: int, now: datetime, **more: Any) -> AbsenceSaved:
        """Away from one day of November to another."""
        arguments = {
            "member_id": None,
            "kind": "away",
            "request_key": f"{first}-{last}-{now}",
            **more,
        }
        saved = self.do(absences.record, first=nov(first), last=nov(last), now=now, **arguments)
        assert isinstance(saved, AbsenceSaved)
        return saved

    def beat(self, now: datetime) -> None:
        """One beat of the tick."""
        self.database.write_now(scheduling.schedule_due, now=now)
        self.database.write_now(checkins.skip_undelivered, now=now)
        self.database.write_now(checkins.close_due, now=now)
        self.database.write_now(reminders.remind_due, now=now)

    def deliver(self, now: datetime) -> None:
        """Whatever check-in is due to be sent arrives now."""
        for check_in in self.rows(CheckIn):
            item = self.item(check_in)
            due_at = item.due_at if item is not None else None
            if check_in.state == "scheduled" and due_at is not None and due_at <= now:
                self.database.write_now(checkins.delivered, at={check_in.id: now})

    def rows(self, table: Any) -> list[Any]:
        return self.database.read_now(
            lambda session: list(session.exec(select(table).order_by(table.id)).all())
        )

    def item(self, check_in: CheckIn) -> OutboxItem | None:
        return self.database.read_now(
            lambda session: session.exec(
                select(OutboxItem).where(
                    OutboxItem.surface == outbox.CHECK_IN, OutboxItem.subject_id == check_in.id
                )
            ).one_or_none()
        )

    def check_in(self, week: date = WEEK, user: str = "U0") -> CheckIn:
        return self.database.read_now(
            lambda session: session.exec(
                select(CheckIn)
                .join(Member, col(Member.id) == col(CheckIn.member_id))
                .where(CheckIn.week == week, Member.slack_user_id == user)
            ).one()
        )

    def goals(self) -> list[tuple[Decimal, Decimal | None]]:
        return [(a.target, a.full_target) for a in self.rows(Answer)]

    def answer(self, numbers: tuple[str, ...], now: datetime) -> None:
        typed = {
            answer.id: (f"f{answer.id}", text)
            for answer, text in zip(self.rows(Answer), numbers, strict=True)
        }
        form = TypedNumbers(Caller(1, "U0"), typed, late_accepted=True, now=now)
        (outcome,) = self.database.write_now(answers.give_numbers, [form])
        if isinstance(outcome, Exception):
            raise outcome


SMALLER = [(Decimal(12), Decimal(20)), (Decimal(5), Decimal(9)), (Decimal(6000), Decimal(10000))]
WHOLE = [(Decimal(20), None), (Decimal(9), None), (Decimal(10000), None)]
