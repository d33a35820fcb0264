"""Presses that are recorded together leave the same rows as presses one by one; a press finds its message."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from bot.database import Database, rows
from bot.domain import deliveries
from bot.domain.access import Caller
from bot.domain.checkins import presses, scheduling
from bot.domain.checkins.presses import Press, PressedMessage
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.checkins import Recorded
from bot.domain.shown.setup import Channel as ShownChannel
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import (
    Answer,
    CheckIn,
    Conversation,
    Enrolment,
    Member,
    Metric,
    Opportunity,
    OutboxItem,
    Reminder,
)
from tests.domain.mondays import DEADLINE, Mondays, at

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
WEEK = date(2026, 11, 16)
REPS = 8


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], Database]]:
    new_url: Callable[[], str] = request.getfixturevalue(f"new_{request.param}")
    with ExitStack() as databases:

        def new() -> Database:
            database = Database(new_url())
            databases.callback(database.close)
            return database

        yield new


def monday(session: Session, *, seed: int) -> None:
    """Eight reps with three questions each; what they logged, who opened Home and who was posted differ."""
    chance = random.Random(seed)
    workspace_id = workspaces.install(
        session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
    )
    ids = [
        members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(f"U{n}", f"Rep {n}", timezone="Europe/London"),
            now=FRIDAY,
        )
        for n in range(REPS)
    ]
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach="U0", second_coach="U1", channel="C0COACH"),
        channel=ShownChannel("C0COACH", "coach", is_private=True, is_member=True),
        public_confirmed=False,
        now=FRIDAY,
    )
    metrics = session.exec(select(Metric).order_by(col(Metric.position))).all()
    for member_id in ids:
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team.id,
            enrolled_on=date(2026, 9, 1),
            now=FRIDAY,
        )
        for metric in metrics:
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=date(2026, 8, 31),
                amount=Decimal(2),
                set_by=None,
                now=FRIDAY,
            )
        _log(session, workspace_id, member_id, chance.choice([0, 1, 2, 3, 3]))
    # One after the other: who is due at the same moment comes in any order on PostgreSQL.
    for enrolment_id in session.exec(select(Enrolment.id).order_by(col(Enrolment.id))).all():
        scheduling.schedule_due(session, now=MONDAY, only=[enrolment_id])
    for lane in outbox.Lane:
        found = sending.claim(session, sender="s", lane=lane, now=MONDAY, limit=100)
        for claimed in sorted(found, key=attrgetter("id")):
            if chance.random() < 0.9:
                ts = f"{MONDAY.timestamp():.0f}.{claimed.id:06}"
                report = sending.Report(claimed, "s", MONDAY, channel="D1", ts=ts)
                deliveries.posted(session, [deliveries.PostReport(report)])
    for member_id in ids:
        if chance.random() < 0.5:
            session.get_one(Member, member_id).home_opened_at = MONDAY
    for reminder in session.exec(select(Reminder).order_by(col(Reminder.id))).all():
        if chance.random() < 0.4:
            reminder.sent_at, reminder.due_at = MONDAY, None
            outbox.mark_stale(
                session,
                workspace_id=workspace_id,
                surface=outbox.REMINDER,
                subject_id=reminder.id,
                now=MONDAY,
            )


def _log(session: Session, workspace_id: int, member_id: int, conversations: int) -> None:
    opportunity = Opportunity(
        workspace_id=workspace_id,
        member_id=member_id,
        company="Acme",
        company_key="acme",
        created_at=FRIDAY,
    )
    session.add(opportunity)
    session.flush()
    for n in range(conversations):
        session.add(
            Conversation(
                workspace_id=workspace_id,
                member_id=member_id,
                opportunity_id=opportunity.id,
                held_on=WEEK,
                week=WEEK,
                moves=1,
                outcome="won" if n == 2 else "open",
                amount=Decimal(5) if n == 2 else None,
                request_key=f"{member_id}-{n}",
                logged_at=FRIDAY,
            )
        )
    session.flush()


def some_presses(session: Session, *, seed: int) -> list[list[Press]]:
    """What everybody presses, in crowds: sense, nonsense, on others' check-ins, and several on one check-in."""
    chance = random.Random(seed + 1)
    found = session.exec(
        select(CheckIn.id, Answer.id, Member.slack_user_id, OutboxItem.token)
        .join(CheckIn, col(CheckIn.id) == col(Answer.check_in_id))
        .join(Member, col(Member.id) == col(CheckIn.member_id))
        .join(OutboxItem, col(OutboxItem.subject_id) == col(CheckIn.id))
        .where(OutboxItem.surface == outbox.CHECK_IN)
        .order_by(col(Answer.id))
    ).all()
    asked: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for check_in_id, *press in found:
        asked[check_in_id].append((press[0], press[1], press[2]))
    crowds = []
    for number in range(6):
        now = MONDAY + timedelta(hours=6 * number + 1)
        crowd = []
        redraws = {check_in: chance.random() < 0.5 for check_in in asked}
        for check_in in chance.choices(list(asked), k=REPS + 2):
            answer_id, user, token = chance.choice(asked[check_in])
            crowd.append(
                Press(
                    caller=Caller(1, user if chance.random() < 0.95 else "U3"),
                    answer_id=answer_id if chance.random() < 0.97 else 999,
                    pressed=chance.choice(["yes", "yes", "no", presses.AS_LOGGED]),
                    now=now,
                    posted=PressedMessage(token, "D1", f"{MONDAY.timestamp():.0f}.777777"),
                    redraws=redraws[check_in],
                )
            )
        crowds.append(crowd)
    return crowds


@dataclass(frozen=True)
class Outcome:
    """What came of a press, comparable."""

    kind: str
    words: str


def outcome_of(answer: object) -> Outcome:
    return Outcome(type(answer).__name__, str(answer))


def everything(session: Session) -> dict[str, list[Any]]:
    """Every table, without what is random or only counts."""
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        left_out = (
            {"id", "token", "desired_version", "due_at", "created_at", "subject_id"}
            if table.name == "outbox"
            else set()
        )
        if table.name in {"answer_edit", "alert", "reminder"}:  # as they come, or by check-in
            left_out.add("id")
        columns = [column for column in table.c if column.name not in left_out]
        if table.name == "outbox":
            # A Home is due at once either way, since whichever change came first.
            due_at = sa.case((table.c.surface != outbox.HOME, table.c.due_at))
            columns += [
                table.c.desired_version > table.c.rendered_version,
                table.c.due_at.is_not(None),
                due_at,
                sa.case((table.c.surface != outbox.ALERT, table.c.subject_id)),
            ]
        found[table.name] = sorted(map(str, rows(session, sa.select(*columns))))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_presses_together_lead_to_the_rows_of_presses_one_by_one(
    new_database: Callable[[], Database], seed: int
) -> None:
    together, alone = new_database(), new_database()
    plain = 0
    for database in (together, alone):
        database.write_now(monday, seed=seed)
    crowds = together.read_now(some_presses, seed=seed)
    for crowd, same in zip(crowds, alone.read_now(some_presses, seed=seed), strict=True):
        outcomes = together.write_now(presses.press_many, crowd)
        expected: list[object] = []
        for press in same:
            expected += alone.write_now(presses.press_many, [press])
        assert [outcome_of(outcome) for outcome in outcomes] == list(map(outcome_of, expected))
        plain += sum(isinstance(outcome, Recorded) for outcome in outcomes)
        assert together.read_now(everything) == alone.read_now(everything)
    assert plain > 0


def test_one_check_in_may_be_answered_more_than_once_in_a_crowd(
    new_database: Callable[[], Database],
) -> None:
    database = new_database()
    database.write_now(monday, seed=1)

    def questions_of_somebody(session: Session) -> list[int]:
        check_in = session.exec(
            select(CheckIn.id)
            .join(Member, col(Member.id) == col(CheckIn.member_id))
            .where(Member.slack_user_id == "U2")
        ).one()
        return list(session.exec(select(Answer.id).where(Answer.check_in_id == check_in)))

    def verdicts(session: Session) -> set[str | None]:
        return set(session.exec(select(Answer.verdict).where(col(Answer.id).in_(ids))))

    def target_nothing(session: Session) -> None:
        for answer in session.exec(select(Answer).where(col(Answer.id).in_(ids))):
            answer.target = Decimal(0)

    ids = database.write_now(questions_of_somebody)
    database.write_now(target_nothing)
    crowd = [Press(Caller(1, "U2"), n, "yes", MONDAY + timedelta(hours=1)) for n in (*ids, *ids)]
    outcomes = database.write_now(presses.press_many, crowd)
    assert [type(outcome) for outcome in outcomes] == [Recorded] * 6
    assert database.read_now(verdicts) == {"yes"}


# The message that was pressed.

TS = f"{at(23, 9, 1).timestamp():.0f}.000000"
SOON = at(23, 9, 3)


def lost(mondays: Mondays) -> OutboxItem:
    """U1's check-in was posted, and the answer got lost."""
    mondays.beat(at(23, 9))
    item = mondays.item(outbox.CHECK_IN, mondays.check_in("U1").id)
    assert item is not None
    mondays.change(item, unknown_since=at(23, 9), lookbacks=1, due_at=at(23, 9, 5), claimed_by="s")
    return item


def find(
    mondays: Mondays,
    token: str,
    *,
    channel: str = "D1",
    ts: str = TS,
    of: str = "U1",
    by: str | None = None,
    now: datetime = SOON,
) -> int:
    """How often the sender is told of a press that asks for its number, so that it changes nothing else."""
    posted = PressedMessage(token, channel, ts)
    return mondays.signals(lambda: mondays.press(of, 1, "yes", now, by=by, posted=posted))


def test_a_press_on_a_message_of_unknown_outcome_proves_that_it_was_delivered(
    mondays: Mondays,
) -> None:
    item = lost(mondays)
    assert find(mondays, item.token) == 1
    found = mondays.item(outbox.CHECK_IN, item.subject_id)
    assert found is not None
    assert found.model_dump() == {
        **item.model_dump(),
        "lane": "update",
        "channel": "D1",
        "ts": TS,
        "posted_at": at(23, 9, 1),
        "rendered_version": 1,
        "due_at": at(23, 9, 3),
    }
    check_in = mondays.check_in("U1")
    assert (check_in.state, check_in.delivered_at) == ("open", at(23, 9, 1))
    assert check_in.deadline_at == DEADLINE


def test_a_message_is_not_adopted_without_its_token_or_by_somebody_elses_press(
    mondays: Mondays,
) -> None:
    token = lost(mondays).token
    for call in (
        lambda: find(mondays, "another"),
        lambda: find(mondays, token, of="U2"),
        lambda: find(mondays, token, channel=""),
        lambda: find(mondays, token, ts=""),
        lambda: find(mondays, token, by="U2"),
        lambda: find(mondays, token, now=DEADLINE + timedelta(days=14, seconds=1)),
    ):
        assert call() == 0
    item = mondays.item(outbox.CHECK_IN, mondays.check_in("U1").id)
    assert item is not None
    assert (item.ts, item.unknown_since) == (None, at(23, 9))
    assert mondays.check_in("U1").state == "scheduled"


def test_a_message_that_is_known_stays_where_it_is(mondays: Mondays) -> None:
    mondays.ask()
    before = mondays.item(outbox.CHECK_IN, mondays.check_in("U1").id)
    assert before is not None
    assert find(mondays, before.token) == 0
    assert mondays.item(outbox.CHECK_IN, before.subject_id) == before


def test_the_first_of_several_presses_on_a_lost_message_finds_it(mondays: Mondays) -> None:
    """The second press sees it delivered: its form names the deadline."""
    item = lost(mondays)
    first, second = (
        Press(
            Caller(mondays.workspace_id, "U1"),
            mondays.answers("U1")[question].id,
            "yes",
            at(23, 9, 3 + question),
            posted=PressedMessage(item.token, "D1", ts),
        )
        for question, ts in ((0, TS), (1, "1795424599.000000"))
    )
    outcomes = mondays.write(presses.press_many, [first, second])
    assert [outcome.deadline_at for outcome in outcomes] == [DEADLINE, DEADLINE]
    found = mondays.item(outbox.CHECK_IN, item.subject_id)
    assert found is not None
    assert (found.ts, found.due_at) == (TS, at(23, 9, 3))
