"""Reps who are asked on Mondays: targets, the tick, deliveries and presses, at moments that a test names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from bot.domain import deliveries, ticks
from bot.domain.access import Caller
from bot.domain.checkins import answers, presses
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.checkins.presses import Press, PressedMessage
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.people.members import Profile, apply_profile
from bot.domain.setup import workspaces
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.tables import (
    Absence,
    Alert,
    Answer,
    CheckIn,
    Conversation,
    Enrolment,
    Member,
    Metric,
    Opportunity,
    OutboxItem,
    Reminder,
    Team,
)
from tests.domain.planning import FRIDAY, Office
from tests.seeding import reach_once

T = TypeVar("T")
Table = TypeVar("Table", bound=SQLModel)

WEEK = date(2026, 11, 16)
"""The week that is asked about on Monday, 23 November."""
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When everybody is asked."""
DEADLINE = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TARGETS = (2, 3, 1_000)
"""Conversations, base moves and sales in a week."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in London, which keeps UTC then; day 31 is 1 December."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


class Mondays(Office):
    """Harbor and Quay, where everybody has targets; nothing happens but what a test says, when it says."""

    def _make(self, session: Session) -> int:
        workspace_id = super()._make(session)
        metrics = session.exec(select(Metric).order_by(col(Metric.position))).all()
        for member_id in session.exec(select(Enrolment.member_id)).all():
            for metric, amount in zip(metrics, TARGETS, strict=True):
                targets.set_target(
                    session,
                    workspace_id=workspace_id,
                    member_id=member_id,
                    metric_id=metric.id,
                    from_week=WEEK,
                    amount=Decimal(amount),
                    set_by=None,
                    now=FRIDAY,
                )
        return workspace_id

    # What happens.

    def beat(self, now: datetime) -> None:
        """One beat of the tick."""
        for step in self.database.read_now(ticks.due, now=now):
            self.database.write_now(step, now=now)

    def deliver(self, now: datetime) -> None:
        """Everything that is due is posted, updated and published."""
        for lane in outbox.Lane:
            named = {"sender": "s", "lane": lane, "now": now, "limit": 50}
            for claimed in self.database.write_now(sending.claim, **named):
                is_post = lane is outbox.Lane.POST
                report = sending.Report(
                    claimed,
                    "s",
                    now,
                    channel=f"D{claimed.id}" if is_post else None,
                    ts=f"{now.timestamp():.0f}.000000" if is_post else None,
                )
                self.database.write_now(deliveries.posted, [deliveries.PostReport(report)])

    def ask(self, now: datetime = MONDAY) -> None:
        """Everybody who is due is asked, and has it at once."""
        reach_once(self.database, self._ask, now)

    def _ask(self, now: datetime) -> None:
        self.beat(now)
        self.deliver(now)

    def press(
        self,
        user: str,
        question: int,
        pressed: str,
        now: datetime,
        *,
        by: str | None = None,
        redraws: bool = False,
        posted: PressedMessage | None = None,
    ) -> Recorded | NumberQuestion | Exception:
        """Somebody presses on a question of the rep's newest check-in."""
        answer_id = self.answers(user)[question].id
        caller = Caller(self.workspace_id, by or user)
        press = Press(caller, answer_id, pressed, now, posted=posted, redraws=redraws)
        (outcome,) = self.database.write_now(presses.press_many, [press])
        return outcome

    def give(self, form: TypedNumbers) -> Recorded:
        """Somebody sends a form with numbers; what is wrong with it is raised."""
        (outcome,) = self.database.write_now(answers.give_numbers, [form])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def claim(self, now: datetime, lane: outbox.Lane = outbox.Lane.POST) -> list[sending.Claimed]:
        """A sender takes what is due, and has not said yet what became of it."""
        return self.write(sending.claim, sender="slow", lane=lane, now=now, limit=50)

    def log(self, user: str, *, moves: tuple[int, ...], sales: int = 0, week: date = WEEK) -> None:
        """The rep's log of a week: a conversation for each number of base moves, the last one sold for `sales`."""

        def log(session: Session) -> None:
            member = _member(session, user)
            opportunity = Opportunity(
                workspace_id=member.workspace_id,
                member_id=member.id,
                company="Acme",
                company_key="acme",
                created_at=FRIDAY,
            )
            session.add(opportunity)
            session.flush()
            for n, moved in enumerate(moves):
                is_won = sales > 0 and n == len(moves) - 1
                session.add(
                    Conversation(
                        workspace_id=member.workspace_id,
                        member_id=member.id,
                        opportunity_id=opportunity.id,
                        held_on=week,
                        week=week,
                        moves=moved,
                        outcome="won" if is_won else "open",
                        amount=Decimal(sales) if is_won else None,
                        request_key=f"{user} {week} {n}",
                        logged_at=FRIDAY,
                    )
                )

        self.write(log)

    def met(self, user: str) -> None:
        """The rep's log meets every target of the week."""
        self.log(user, moves=(1, 1, 2), sales=1_500)

    def away(self, user: str, first: date, last: date, now: datetime = FRIDAY) -> None:
        """Days off that nobody has looked at yet."""

        def record(session: Session) -> None:
            member = _member(session, user)
            session.add(
                Absence(
                    workspace_id=member.workspace_id,
                    member_id=member.id,
                    first_day=first,
                    last_day=last,
                    kind="away",
                    request_key=f"{user} {first}",
                    recorded_by=member.id,
                    recorded_at=now,
                )
            )

        self.database.write_now(record)

    def reminded(self, now: datetime) -> None:
        """A beat sends the reminders that are due, and they arrive."""
        self.beat(now)
        self.deliver(now)

    def open_homes(self, *users: str) -> None:
        """These people have opened Basecoach's Home before."""

        def open_them(session: Session) -> None:
            for user in users:
                _member(session, user).home_opened_at = FRIDAY

        self.database.write_now(open_them)

    def change(self, row: Table, **columns: Any) -> None:
        """Set columns of a row, as an earlier day would have left them."""

        def change(session: Session) -> None:
            found = session.get_one(type(row), row.id)  # type: ignore[attr-defined]
            for name, value in columns.items():
                setattr(found, name, value)

        self.database.write_now(change)

    def write(self, use_case: Callable[..., T], *args: Any, **given: Any) -> T:
        return self.database.write_now(use_case, *args, **given)

    # What is so.

    def rows(self, table: type[Table], **columns: Any) -> list[Table]:
        """The rows with these values, in the order in which they were added."""

        def read(session: Session) -> list[Table]:
            found = select(table).order_by(col(table.id))  # type: ignore[attr-defined]
            return list(session.exec(found.filter_by(**columns)).all())

        return self.database.read_now(read)

    def member(self, user: str) -> Member:
        (member,) = self.rows(Member, slack_user_id=user, workspace_id=self.workspace_id)
        return member

    def team(self, name: str = "Harbor") -> Team:
        (team,) = self.rows(Team, name=name)
        return team

    def check_in(self, user: str) -> CheckIn:
        """The rep's newest check-in."""
        return max(self.rows(CheckIn, member_id=self.member(user).id), key=lambda one: one.week)

    def answers(self, user: str) -> list[Answer]:
        """The questions of the rep's newest check-in, in order."""
        found = self.rows(Answer, check_in_id=self.check_in(user).id)
        return sorted(found, key=lambda answer: answer.position)

    def reminders(self, user: str) -> list[Reminder]:
        found = self.rows(Reminder, check_in_id=self.check_in(user).id)
        return sorted(found, key=lambda reminder: reminder.number)

    def reminders_due(self, user: str) -> list[datetime | None]:
        return [reminder.due_at for reminder in self.reminders(user)]

    def alert(self, user: str) -> Alert | None:
        found = self.rows(Alert, check_in_id=self.check_in(user).id)
        return found[0] if found else None

    def item(self, surface: str, subject_id: int) -> OutboxItem | None:
        found = self.rows(OutboxItem, surface=surface, subject_id=subject_id)
        return found[0] if found else None

    def stale(self) -> set[str]:
        """What has to be drawn anew, as "home UC", "check_in U1", "reminder U1" or "alert U1"."""
        names = {member.id: member.slack_user_id for member in self.rows(Member)}
        reps = {one.id: names[one.member_id] for one in self.rows(CheckIn)}
        by_surface = {
            outbox.HOME: names,
            outbox.CHECK_IN: reps,
            outbox.REMINDER: {r.id: reps[r.check_in_id] for r in self.rows(Reminder)},
            outbox.ALERT: {alert.id: reps[alert.check_in_id] for alert in self.rows(Alert)},
        }
        return {
            f"{item.surface} {by_surface[item.surface][item.subject_id]}"
            for item in self.rows(OutboxItem)
            if item.desired_version > item.rendered_version and item.surface in by_surface
        }

    def stale_after(self, happens: Callable[[], object]) -> set[str]:
        """What has to be drawn anew because of what happens; all else stands as it is."""

        def all_shown(session: Session) -> None:
            for item in session.exec(select(OutboxItem)).all():
                item.rendered_version = item.desired_version

        self.database.write_now(all_shown)
        happens()
        return self.stale()

    def signals(self, happens: Callable[[], object]) -> int:
        """How often the sender is told while something happens."""
        told: list[str] = []
        self.database.subscribe(outbox.SIGNAL, lambda: told.append("told"))
        happens()
        return len(told)


def another_workspace(session: Session, *users: str) -> int:
    """A second workspace, in which these Slack ids are people too; its id."""
    workspace_id = workspaces.install(
        session, slack_team_id="T2", name="Elsewhere", bot_user_id="UB", now=FRIDAY
    )
    for user in users:
        apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(user, f"{user} elsewhere", "Europe/London", is_admin=True),
            now=FRIDAY,
        )
    return workspace_id


def _member(session: Session, user: str) -> Member:
    return session.exec(select(Member).where(Member.slack_user_id == user)).one()
