"""Each thing that can be wrong with the bot, and the words for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import migrations
from bot.clock import SettableClock
from bot.database import Database
from bot.domain import workspaces
from bot.domain.tables import OutboxItem
from bot.http.health_check import HealthReport, shown
from tests.http.watching import Ward


async def test_nothing_is_wrong(ward: Ward) -> None:
    assert (await ward.look()).problems == ()


async def test_slack_that_is_away_too_long(ward: Ward) -> None:
    ward.line.connected, ward.line.cut_off_seconds = False, 60.0
    assert (await ward.look()).problems == ()
    ward.line.cut_off_seconds = 61.0
    assert (await ward.look()).problems == ("No connection to Slack for 61 s.",)
    ward.line.gave_up.set()
    (problem,) = (await ward.look()).problems
    assert problem.startswith("Slack could not be reached for minutes")


async def test_before_the_start_is_over(database: Database, clock: SettableClock) -> None:
    ward = Ward(database, clock)
    ward.line.connected = False
    assert (await ward.look()).problems == (
        "Not connected to Slack yet.",
        "No tick has gone well yet.",
    )


async def test_ticks_that_fail(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ward.heartbeat, "silent_seconds", lambda name: 91.0)
    assert (await ward.look()).problems == ("The last tick that went well is 91 s ago.",)


async def test_messages_that_wait_too_long_and_those_given_up(ward: Ward) -> None:
    now = ward.clock.now()

    def put(session: Session, minutes: int, dead: str | None = None) -> None:
        at = now - timedelta(minutes=minutes)
        session.add(
            OutboxItem(
                workspace_id=workspace_of(session),
                surface="home",
                subject_id=minutes,
                lane="publish",
                due_at=None if dead else at,
                failed_reason=dead,
                token=str(minutes),
                created_at=at,
            )
        )

    ward.database.write_now(put, 4)
    ward.database.write_now(put, -10)  # due later
    ward.database.write_now(put, 60, "channel_not_found")
    report = await ward.look()
    assert report.problems == ()
    assert report.oldest_due_seconds == 240
    assert report.stored is not None
    assert (report.stored.backlog.due, report.stored.backlog.given_up) == (1, 1)
    ward.database.write_now(put, 6)
    assert (await ward.look()).problems == (
        "The oldest undelivered message has been due for 360 s.",
    )


def workspace_of(session: Session) -> int:
    return workspaces.install(
        session,
        slack_team_id="T0HARBOR",
        name="Harbor",
        bot_user_id="U0BASECOACH",
        now=datetime(2026, 11, 20, tzinfo=UTC),
    )


async def test_a_database_that_does_not_answer(clock: SettableClock, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    try:
        ward = Ward(database, clock)
        await ward.heartbeat.beat("tick")
        assert (await ward.look()).problems == ("The database does not answer.",)
    finally:
        database.close()


async def test_a_schema_of_another_release(ward: Ward) -> None:
    with ward.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert (await ward.look()).problems == (
        f"The database's schema is at 0000, this release needs {migrations.HEAD}.",
    )


async def test_a_clock_that_was_set_is_told(ward: Ward) -> None:
    assert not (await ward.look()).holding_back
    ward.seconds += 3_600
    assert (await ward.look()).holding_back


@pytest.mark.postgresql
async def test_the_database_s_own_clock_is_compared(
    new_postgresql: Callable[[], str], clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(new_postgresql())
    try:
        ward = Ward(database, clock)
        await ward.heartbeat.beat("tick")
        stored = (await ward.look()).stored
        assert stored is not None
        assert stored.skew_seconds is not None
        assert abs(stored.skew_seconds) < 5  # one machine, one clock
        monkeypatch.setattr("bot.http.health_check.time.time", lambda: 1_700_000_000.0)
        (problem,) = (await ward.look()).problems
        assert problem.startswith("The database's clock differs by +")
    finally:
        database.close()


def test_vitals_can_be_shown_as_json() -> None:
    report = HealthReport(
        problems=("The database does not answer.",),
        transport="http",
        connected=True,
        cut_off_seconds=0.0,
        reconnects=0,
        tick_seconds_ago=None,
        last_delivery_at=None,
        holding_back=False,
        stored=None,
        oldest_due_seconds=0.0,
    )
    found = json.loads(json.dumps(shown(report)))
    assert (found["ready"], found["database"], found["due"]) == (False, False, None)
