"""One message at a time, a Slack that refuses it for as long as a test says, and what becomes of the message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, delete, select

from bot.clock import SettableClock
from bot.database import Database
from bot.doctor import records
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import scheduling
from bot.domain.outbox import outbox
from bot.domain.outbox.backlog import backlog
from bot.domain.setup import checklist
from bot.domain.tables import (
    Alert,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    OutboxItem,
    Plan,
    PlanRatio,
    PlanState,
    Reminder,
    Team,
)
from bot.domain.tables import Workspace as Workspaces
from bot.rules.ratios import Provenance, Step
from bot.sandbox.workspace import Workspace
from bot.slack.delivery.sender import Sender
from tests.conftest import FRIDAY
from tests.scenarios.conftest import unhurried

POST, UPDATE, PUBLISH = "chat.postMessage", "chat.update", "views.publish"

REDRAW = "redraw"
"""A check-in that was posted and changed."""

SURFACES = (outbox.CHECK_IN, outbox.REMINDER, outbox.ALERT, outbox.PLAN, outbox.HOME, REDRAW)

WINDOWED = {outbox.CHECK_IN, outbox.REMINDER}

SENT = 9
"""The number of the reminder that was sent; those that a delivery plans have smaller ones."""

METHOD = {outbox.HOME: PUBLISH, REDRAW: UPDATE}

AT_ONCE = timedelta(minutes=4)
"""Until a message is delivered after one refusal: two looks, a minute apart, and a pause."""

SOON = timedelta(minutes=31)
"""Until it is delivered after a trouble of an hour: the pause that was begun, and a look."""

LATER = timedelta(hours=1, minutes=5)
"""Until a message without a window is delivered after a trouble of days."""


@dataclass
class Lab:
    """A team of one rep, with a message of each kind."""

    database: Database
    clock: SettableClock
    workspace: Workspace
    client: AsyncWebClient
    start: float
    """The clock's offset on Monday at nine."""
    sender: Sender

    @classmethod
    def on_monday(
        cls, database: Database, clock: SettableClock, workspace: Workspace, client: AsyncWebClient
    ) -> Lab:
        due_at = database.read_now(lambda s: s.exec(select(Enrolment.next_due_at)).one())
        assert due_at is not None
        clock.move_to(due_at)
        database.write_now(scheduling.schedule_due, now=due_at)
        database.write_now(_one_of_each, due_at)
        sender = Sender(database=database, client=client, clock=clock, pace=unhurried())
        return cls(database, clock, workspace, client, (due_at - FRIDAY).total_seconds(), sender)

    async def begin(self, surface: str) -> None:
        """Nine o'clock once more: nothing was sent, and one message is due."""
        self.workspace.faults.clear()
        self.clock.follow(self.start)
        self.sender = Sender(
            database=self.database, client=self.client, clock=self.clock, pace=unhurried()
        )
        self.database.write_now(_reset, surface, self.clock.now())
        if surface == REDRAW:
            await self.sender.send_due()
            self.database.write_now(_change, self.clock.now())

    @property
    def item(self) -> OutboxItem:
        def read(session: Session) -> OutboxItem:
            return OutboxItem(**session.exec(select(OutboxItem)).one().model_dump())

        return self.database.read_now(read)

    @property
    def is_delivered(self) -> bool:
        """Whether Slack shows what it should, in full."""
        item = self.item
        return item.failed_reason is None and item.rendered_version >= item.desired_version

    async def beat(self) -> None:
        """What is due is done."""
        now = self.clock.now()
        self.database.write_now(checkins.skip_undelivered, now=now)
        await self.sender.ask_about_token()
        await self.sender.send_due()

    async def through_an_hour(self) -> None:
        """Let an hour pass, with some beats in it."""
        for minutes in (1, 2, 7, 15, 20, 15):
            self.clock.move(60 * minutes)
            await self.beat()

    async def until_delivered(self, within: timedelta) -> bool:
        """Go on from one moment at which something is due to the next."""
        end = self.clock.now() + within
        while not self.is_delivered:
            due_at = self.item.due_at
            now = self.clock.now()
            later = due_at if due_at is not None and due_at > now else now + timedelta(seconds=30)
            if later > end:
                return False
            self.clock.move_to(later)
            await self.beat()
        return True

    def names(self, reason: Collection[str]) -> bool:
        """Whether doctor, an admin's Home and the metric say what was given up, and why."""
        now = self.clock.now()
        findings, _ = self.database.read_now(records.look, now=now)
        found = self.database.read_now(checklist.checklist, workspace_id=1, now=now)
        reasons = {why for _, why, _ in self.database.read_now(backlog, now=now).reasons}
        said = [one.words for one in findings]
        missing = [one.text for one in found.missing if one.kind == "given_up"]
        return (
            bool(reasons & set(reason))
            and any(why in words for words in said for why in reason)
            and any(why in words for words in missing for why in reason)
        )


def _one_of_each(session: Session, now: datetime) -> None:
    check_in = session.exec(select(CheckIn)).one()
    session.add(
        Alert(
            workspace_id=check_in.workspace_id,
            check_in_id=check_in.id,
            team_id=check_in.team_id,
            created_at=now,
        )
    )
    plan = Plan(
        workspace_id=check_in.workspace_id,
        member_id=check_in.member_id,
        team_id=check_in.team_id,
        version=1,
        state=PlanState.PROPOSED,
        currency="USD",
        period="dates",
        begins_on=date(2026, 11, 30),
        ends_on=date(2027, 2, 28),
        goal=Decimal(90_000),
        closed=Decimal(0),
        average_sale=Decimal(5_000),
        working_weeks=Decimal(12),
        weeks_counted=Decimal(12),
        conversations=20,
        base_moves=9,
        sales=Decimal(10_000),
        created_at=now,
    )
    session.add(plan)
    session.flush()
    for step in Step:
        session.add(
            PlanRatio(
                workspace_id=plan.workspace_id,
                plan_id=plan.id,
                step=step,
                percent=Decimal(30),
                provenance=Provenance.ASSUMED,
                found_percent=Decimal(30),
                found_provenance=Provenance.ASSUMED,
            )
        )
    session.add(
        Reminder(
            workspace_id=check_in.workspace_id, check_in_id=check_in.id, number=SENT, sent_at=now
        )
    )


def _reset(session: Session, surface: str, now: datetime) -> None:
    session.exec(delete(OutboxItem))
    session.exec(delete(Reminder).where(Reminder.number != SENT))
    check_in = session.exec(select(CheckIn)).one()
    is_open = surface == outbox.REMINDER
    check_in.state = CheckInState.OPEN if is_open else CheckInState.SCHEDULED
    check_in.delivered_at = now if is_open else None
    check_in.deadline_at = now + timedelta(hours=31) if is_open else None
    check_in.skipped_because, check_in.due_at = None, now
    for member in session.exec(select(Member)):
        member.inactive_because = None
        member.home_opened_at = now if surface == outbox.HOME else None
    session.exec(select(Team)).one().channel_problem = None
    session.exec(select(Workspaces)).one().disconnected_reason = None
    subject = {
        outbox.ALERT: session.exec(select(Alert.id)).one(),
        outbox.PLAN: session.exec(select(Plan.id)).one(),
        outbox.HOME: check_in.member_id,
        outbox.REMINDER: session.exec(select(Reminder.id)).one(),
    }.get(surface, check_in.id)
    kind = outbox.CHECK_IN if surface == REDRAW else surface
    new = outbox.New(check_in.workspace_id, kind, subject, now)
    outbox.add_all(session, [new], now=now)


def _change(session: Session, now: datetime) -> None:
    item = session.exec(select(OutboxItem)).one()
    outbox.mark_many_stale(
        session,
        workspace_id=item.workspace_id,
        surface=item.surface,
        subject_ids=[item.subject_id],
        now=now,
    )
