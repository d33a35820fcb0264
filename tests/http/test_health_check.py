"""Each thing that can be wrong with the bot, and the words for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import failures, migrations
from bot.clock import SettableClock
from bot.database import Database
from bot.domain.setup import workspaces
from bot.domain.tables import OutboxItem
from bot.http.health_check import WRITE_EVERY, HealthReport, shown
from tests.full_disk import full_disk
from tests.http.watching import Ward
from tests.postgresql import make_read_only


async def test_nothing_is_wrong(ward: Ward) -> None:
    assert (await ward.look()).problems == ()


async def test_slack_that_is_away_too_long(ward: Ward) -> None:
    ward.line.connected, ward.line.cut_off_seconds = False, 40.0
    assert (await ward.look()).problems == ()
    ward.line.cut_off_seconds = 41.0
    assert (await ward.look()).problems == ("No connection to Slack for 41 s.",)
    ward.line.connected = True  # again, which the watchdog has not seen yet
    report = await ward.look()
    assert (report.problems, report.cut_off_seconds) == ((), 0.0)
    ward.line.connected = False
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


@pytest.mark.sqlite
async def test_a_full_disk(new_sqlite: Callable[[], str], clock: SettableClock) -> None:
    database = Database(new_sqlite())
    try:
        ward = Ward(database, clock)
        await ward.heartbeat.beat("tick")
        check = ward.health_check()
        with full_disk(database):
            for _ in range(3):
                report = await check.look()
                assert report.problems == (
                    "Nothing can be written to the database: its disk is full.",
                )
            # However often somebody looks, it is tried once in ten seconds.
            assert database.write_failures() == {"disk_full": 1}
            assert shown(report)["writable"] is False
        ward.monotonic += WRITE_EVERY
        assert (await check.look()).problems == ()
        assert database.write_failures() == {"disk_full": 1}
    finally:
        database.close()


@pytest.mark.postgresql
async def test_a_server_that_takes_no_writes(
    new_postgresql: Callable[[], str], clock: SettableClock
) -> None:
    """A standby answers every read and refuses every write, and so does a server with this setting."""
    url = new_postgresql()
    make_read_only(url)
    database = Database(url)
    try:
        ward = Ward(database, clock)
        await ward.heartbeat.beat("tick")
        report = await ward.look()
        assert report.problems == ("Nothing can be written to the database: it is read-only.",)
        assert database.write_failures() == {"read_only": 1}
        assert report.stored is not None
        assert report.stored.disk is None
    finally:
        database.close()


async def test_what_people_met_is_told_for_two_minutes(ward: Ward) -> None:
    failed = ward.payload_metrics.failures
    for part, cause in (
        (failures.LISTENER, "bug"),
        (failures.LISTENER, "disk_full"),
        (failures.LISTENER, "disk_full"),
        (failures.BACKGROUND, "slack"),
        (failures.ROW, "bug"),
        (failures.SENDER, "away"),
    ):
        failed.note(None, part=part, kind="", cause=cause)
    assert (await ward.look()).problems == (
        "What follows an action failed in the last 120 s (slack: 1).",
        "What people did failed in the last 120 s (disk_full: 2, bug: 1).",
        "Rows could not be handled in the last 120 s (bug: 1).",
        "Messages failed because of the bot in the last 120 s (away: 1).",
    )


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
        unwritable=None,
    )
    found = json.loads(json.dumps(shown(report)))
    assert (found["ready"], found["database"], found["due"]) == (False, False, None)
