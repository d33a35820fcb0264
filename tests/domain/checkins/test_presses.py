"""Presses that are recorded together leave the same rows as presses one by one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from bot.database import Database, rows
from bot.domain import deliveries, workspaces
from bot.domain.access import Caller
from bot.domain.checkins import answers, presses, scheduling
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins.presses import Press, PressedMessage
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.shown.setup import Channel as ShownChannel
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import (
    Answer,
    CheckIn,
    Conversation,
    Member,
    Metric,
    Opportunity,
    OutboxItem,
    Reminder,
)

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
WEEK = date(2026, 11, 16)
REPS = 8

NewUrl = Callable[[], str]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_url(request: pytest.FixtureRequest) -> NewUrl:
    found: NewUrl = request.getfixturevalue(f"new_{request.param}")
    return found


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
    scheduling.schedule_due(session, now=MONDAY)
    for lane in outbox.Lane:
        for claimed in sending.claim(session, sender="s", lane=lane, now=MONDAY, limit=100):
            if chance.random() < 0.9:
                ts = f"{MONDAY.timestamp():.0f}.{claimed.id:06}"
                report = sending.Report(claimed, "s", MONDAY, channel="D1", ts=ts)
                deliveries.posted(session, [deliveries.PostReport(report)])
    for member_id in ids:
        if chance.random() < 0.5:
            session.get_one(Member, member_id).home_opened_at = MONDAY
    for reminder in session.exec(select(Reminder)).all():
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
    """What everybody presses, in crowds: sense, nonsense, and on others' check-ins; each check-in once
    in a crowd, so that the order within it is no matter."""
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
        of_each = {check_in: chance.choice(list(answers)) for check_in, answers in asked.items()}
        for answer_id, user, token in chance.sample(list(of_each.values()), k=REPS - 1):
            crowd.append(
                Press(
                    caller=Caller(1, user if chance.random() < 0.95 else "U3"),
                    answer_id=answer_id if chance.random() < 0.97 else 999,
                    pressed=chance.choice(["yes", "yes", "no"]),
                    now=now,
                    posted=PressedMessage(token, "D1", f"{MONDAY.timestamp():.0f}.777777"),
                    redraws=chance.random() < 0.5,
                )
            )
        crowds.append(crowd)
    return crowds


def one_by_one(session: Session, asked: Press) -> Recorded | NumberQuestion:
    """What `press_many` is held against."""
    if asked.posted is not None:
        checkins.found(
            session,
            answer_id=asked.answer_id,
            token=asked.posted.token,
            channel=asked.posted.channel,
            ts=asked.posted.ts,
            now=asked.now,
        )
    return answers.press(
        session,
        caller=asked.caller,
        answer_id=asked.answer_id,
        pressed=asked.pressed,
        now=asked.now,
        redraws=asked.redraws,
    )


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
            {"id", "token", "desired_version", "due_at", "created_at"}
            if table.name == "outbox"
            else set()
        )
        if table.name in {"answer_edit", "alert"}:
            left_out.add("id")
        columns = [column for column in table.c if column.name not in left_out]
        if table.name == "outbox":
            # A Home is due at once either way, since whichever change came first.
            due_at = sa.case((table.c.surface != outbox.HOME, table.c.due_at))
            columns += [
                table.c.desired_version > table.c.rendered_version,
                table.c.due_at.is_not(None),
                due_at,
            ]
        found[table.name] = sorted(map(str, rows(session, sa.select(*columns))))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_lead_to_the_same_rows(new_url: NewUrl, seed: int) -> None:
    together, alone = Database(new_url()), Database(new_url())
    plain = 0
    for database in (together, alone):
        database.write_now(monday, seed=seed)
    crowds = together.read_now(some_presses, seed=seed)
    for crowd, same in zip(crowds, alone.read_now(some_presses, seed=seed), strict=True):
        outcomes = together.write_now(presses.press_many, crowd)
        expected: list[object] = []
        for press in same:
            try:
                expected.append(alone.write_now(one_by_one, press))
            except Refusal as refusal:
                expected.append(refusal)
        assert [outcome_of(outcome) for outcome in outcomes] == list(map(outcome_of, expected))
        plain += sum(isinstance(outcome, Recorded) for outcome in outcomes)
        assert together.read_now(everything) == alone.read_now(everything)
    assert plain > 0
    together.close()
    alone.close()


def test_one_check_in_may_be_answered_more_than_once_in_a_crowd(new_url: NewUrl) -> None:
    database = Database(new_url())
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
    database.close()
