"""The database's own promises: transactions, group commit, exact columns, refused naive times."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from bot.database import Database, parse_url, signal
from bot.domain.tables import Metric, Target, Workspace
from bot.problems import DatabaseProblem
from tests.patience import PATIENCE

PATIENCE = 20

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def add_workspace(session: Session, team: str, *, created_at: datetime = NOON) -> int:
    workspace = Workspace(
        slack_team_id=team, name="Harbor", bot_user_id="U1", created_at=created_at
    )
    session.add(workspace)
    session.flush()
    return workspace.id


def teams(session: Session) -> list[str]:
    return list(session.exec(select(Workspace.slack_team_id).order_by(Workspace.slack_team_id)))


async def test_what_a_use_case_wrote_is_there_when_write_returns(database: Database) -> None:
    identity = await database.write(add_workspace, "T1")
    assert isinstance(identity, int)
    assert await database.read(teams) == ["T1"]


async def test_a_use_case_that_raises_takes_back_its_own_work_only(database: Database) -> None:
    def add_and_raise(session: Session, team: str) -> None:
        add_workspace(session, team)
        raise LookupError(team)

    results = await asyncio.gather(
        database.write(add_workspace, "T1"),
        database.write(add_and_raise, "T2"),
        database.write(add_workspace, "T3"),
        database.write(add_workspace, "T1"),  # the unique key refuses it
        database.write(add_workspace, "T4"),
        return_exceptions=True,
    )
    assert isinstance(results[1], LookupError)
    assert isinstance(results[3], sa.exc.IntegrityError) or isinstance(
        results[0], sa.exc.IntegrityError
    )
    assert await database.read(teams) == ["T1", "T3", "T4"]


async def test_signals_are_told_after_the_commit_and_not_after_a_rollback(
    database: Database,
) -> None:
    told: list[list[str]] = []
    database.subscribe("outbox", lambda: told.append(database.read_now(teams)))

    def add_and_signal(session: Session, team: str, *, fail: bool) -> None:
        add_workspace(session, team)
        signal(session, "outbox")
        if fail:
            raise LookupError

    with pytest.raises(LookupError):
        await database.write(add_and_signal, "T1", fail=True)
    assert told == []
    await database.write(add_and_signal, "T2", fail=False)
    await database.write(add_workspace, "T3")
    assert told == [["T2"]]


async def test_signals_of_use_cases_that_share_a_commit_are_told_once_after_it(
    new_sqlite: Callable[[], str],
) -> None:
    """All of these wait while the first one is at work, so they are committed as a group."""
    database = Database(new_sqlite())
    told: list[list[str]] = []
    database.subscribe("outbox", lambda: told.append(database.read_now(teams)))
    database.subscribe("failed", lambda: told.append(["never"]))
    others_wait = threading.Event()

    def add_and_signal(session: Session, team: str, *, name: str = "outbox") -> None:
        add_workspace(session, team)
        signal(session, name)
        if name == "failed":
            raise LookupError

    def add_many_and_signal(session: Session, asked: Sequence[str]) -> list[None]:
        for team in asked:
            add_and_signal(session, team)
        return [None] * len(asked)

    async def all_wait() -> None:
        others_wait.set()

    results = await asyncio.gather(
        database.write(lambda session: others_wait.wait(60)),
        database.write(add_workspace, "T1"),
        database.write(add_and_signal, "T2"),
        database.write(add_and_signal, "T3", name="failed"),
        database.write_batched(add_many_and_signal, "T4"),
        database.write_batched(add_many_and_signal, "T5"),
        all_wait(),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(LookupError) == 1
    assert told == [["T1", "T2", "T4", "T5"]]
    database.close()


async def test_many_writers_at_once_all_get_through(database: Database) -> None:
    await asyncio.gather(*(database.write(add_workspace, f"T{n:03}") for n in range(100)))
    assert len(await database.read(teams)) == 100


async def test_moments_come_back_aware_and_naive_ones_are_refused(database: Database) -> None:
    local = datetime(2026, 11, 23, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    await database.write(add_workspace, "T1", created_at=local)

    def created(session: Session) -> datetime:
        return session.exec(select(Workspace.created_at)).one()

    back = await database.read(created)
    assert back == NOON
    assert back.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="naive"):
        await database.write(add_workspace, "T2", created_at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["0", "17", "12500.50", "999999999999", "0.0001", "12345678901.1"])
async def test_numbers_are_stored_exactly(database: Database, text: str) -> None:
    def store(session: Session) -> None:
        workspace_id = add_workspace(session, "T1")
        from bot.domain.tables import Member

        member = Member(
            workspace_id=workspace_id,
            slack_user_id="U1",
            name="Priya",
            timezone="UTC",
            profile_read_at=NOON,
            created_at=NOON,
        )
        metric = Metric(
            workspace_id=workspace_id,
            key="k",
            name="n",
            unit="count",
            question="?",
            source="asked",
            position=0,
        )
        session.add_all([member, metric])
        session.flush()
        session.add(
            Target(
                workspace_id=workspace_id,
                member_id=member.id,
                metric_id=metric.id,
                from_week=NOON.date(),
                amount=Decimal(text),
                set_at=NOON,
            )
        )

    await database.write(store)
    amount = await database.read(lambda session: session.exec(select(Target.amount)).one())
    assert amount == Decimal(text)


async def test_reading_cannot_write_on_sqlite(new_sqlite: object) -> None:
    database = Database(new_sqlite())  # type: ignore[operator]
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        await database.read(add_workspace, "T1")
    database.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://x/y", "does not speak"),
        ("hello", "not a database address"),
        ("sqlite://", "names no SQLite file"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(DatabaseProblem, match=words):
        parse_url(address)


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, not a database\n" * 50)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseProblem, match="is not an SQLite database"):
        database.check()
    database.close()


def add_together(session: Session, asked: Sequence[str]) -> list[int | Exception]:
    """Refuses what begins with an x, one by one; a team twice breaks the whole crowd."""
    return [LookupError(team) if team[0] == "x" else add_workspace(session, team) for team in asked]


async def test_many_together_have_an_outcome_each(database: Database) -> None:
    told: list[int] = []
    database.subscribe("outbox", lambda: told.append(1))
    outcomes = await asyncio.gather(
        *(database.write_batched(add_together, team) for team in ("T1", "x", "T2", "T3", "T4")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [int, LookupError, int, int, int]
    assert await database.read(teams) == ["T1", "T2", "T3", "T4"]


async def test_many_read_together_and_have_an_outcome_each(database: Database) -> None:
    crowds: list[int] = []

    def count(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        crowds.append(len(asked))
        if "broken" in asked:
            raise ValueError
        known = teams(session)
        return [known.count(team) if team[0] != "x" else LookupError(team) for team in asked]

    await database.write(add_workspace, "T1")
    asked = ["T1", "x", *(f"U{n:02}" for n in range(40)), "broken", "T1"]
    outcomes = await asyncio.gather(
        *(database.read_batched(count, team) for team in asked), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [int, LookupError, *[int] * 40, ValueError, int]
    assert (outcomes[0], outcomes[2], outcomes[-1]) == (1, 0, 1)
    assert max(crowds) > 1


async def test_a_crowd_that_fails_is_done_one_by_one(database: Database) -> None:
    crowds: list[int] = []

    def counted(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        crowds.append(len(asked))
        return add_together(session, asked)

    wanted = [*(f"T{n:02}" for n in range(40)), "T07", *(f"U{n:02}" for n in range(40))]
    outcomes = await asyncio.gather(
        *(database.write_batched(counted, team) for team in wanted), return_exceptions=True
    )
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert len(failed) == 1
    assert isinstance(failed[0], sa.exc.IntegrityError)
    assert await database.read(teams) == sorted(set(wanted))
    assert max(crowds) > 1


async def test_a_deadlock_repeats_the_whole_crowd(new_postgresql: Callable[[], str]) -> None:
    database = Database(new_postgresql())
    attempts: list[int] = []

    def unlucky_once(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        attempts.append(len(asked))
        outcomes = add_together(session, asked)
        if len(attempts) == 1:
            session.connection().exec_driver_sql(
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"
            )
        return outcomes

    outcomes = await asyncio.gather(
        *(database.write_batched(unlucky_once, f"T{n}") for n in range(5))
    )
    assert len(set(outcomes)) == 5
    assert await database.read(teams) == [f"T{n}" for n in range(5)]
    assert attempts[0] == attempts[1]
    database.close()


@pytest.mark.parametrize("way", ["write", "read"])
async def test_a_use_case_that_raises_stop_iteration_is_an_error_of_its_own(
    database: Database, way: str
) -> None:
    """A future refuses StopIteration: the caller would wait for ever."""

    def runs_dry(session: Session) -> int:
        return next(iter([]))

    async with asyncio.timeout(PATIENCE):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await getattr(database, way)(runs_dry)
    assert await database.read(teams) == []
