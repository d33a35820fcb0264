"""Health and metrics: what is wrong is said in words, and nothing of members is said at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot import app as composition
from bot import migrations
from bot.app import Basecoach
from bot.clock import SettableClock
from bot.database import Database
from bot.domain import workspaces
from bot.domain.tables import Member, OutboxItem
from bot.http.health import HealthServer
from bot.http.health_check import HealthCheck, HealthReport, shown
from bot.problems import StartProblem
from bot.scheduler import ClockGuard, Heartbeat
from bot.slack.delivery.sender import Sender
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import HealthSettings
from tests.patience import PATIENCE
from tests.scenarios.conftest import World


@pytest.fixture
def transport() -> str:
    return "socket_mode"


@pytest.fixture
async def watched(world: World) -> AsyncIterator[Basecoach]:
    """A second bot beside the world's, which is watched over."""
    async with composition.running(
        database=world.database,
        clock=world.clock,
        bot_token=world.workspace.bot_token,
        app_token=world.workspace.app_token,
        api_url=world.server.api_url,
        health=HealthSettings(port=0),
    ) as bot:
        yield bot


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def ready(bot: Basecoach, session: aiohttp.ClientSession) -> dict[str, Any]:
    """What /readyz says once the first tick has been."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with session.get(f"{bot.health_url}/readyz") as answer:
                found: dict[str, Any] = await answer.json()
                assert answer.status == (200 if found["ready"] else 503)
                if found["ready"]:
                    return found


async def metrics(bot: Basecoach, session: aiohttp.ClientSession) -> tuple[str, dict[str, float]]:
    """The text, and each sample without labels or with its labels' values behind its name."""
    async with session.get(f"{bot.health_url}/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        text = await answer.text()
    samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples[" ".join([sample.name, *sample.labels.values()])] = sample.value
    return text, samples


async def test_a_bot_at_work_is_ready_and_says_what_it_sees(
    watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{watched.health_url}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    found = await ready(watched, session)
    assert found.pop("last_tick_seconds_ago") >= 0
    assert found == {
        "ready": True,
        "problems": [],
        "transport": "socket_mode",
        "connected": True,
        "cut_off_seconds": 0.0,
        "last_delivery_at": None,
        "holding_back_after_clock_jump": False,
        "database": True,
        "schema": migrations.HEAD,
        "due": 0,
        "oldest_due_seconds": 0.0,
        "given_up": 0,
    }


async def test_other_paths_and_methods_do_nothing(
    watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/slack/events", 404),
        ("POST", "/readyz", 405),
        ("POST", "/metrics", 405),
    ):
        async with session.request(method, f"{watched.health_url}{path}") as answer:
            assert answer.status == status


async def test_metrics_count_and_tell_nothing_of_anybody(
    world: World, watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    await ready(watched, session)
    await world.stop_bot()  # what is pressed now reaches the watched one
    await world.workspace.until(lambda: len(world.workspace.socket_mode.connections) == 1)
    await world.priya.command("/log-conversation", "Zanzibar 2nd")
    await world.priya.command("/log-conversation", "help")
    text, samples = await metrics(watched, session)
    assert samples["basecoach_ready"] == 1
    assert samples["basecoach_slack_connected socket_mode"] == 1
    assert samples["basecoach_database_up"] == 1
    assert samples["basecoach_outbox_given_up"] == 0
    assert samples["basecoach_payloads_total command 200"] == 2
    assert samples["basecoach_payload_seconds_count command"] == 2
    assert samples["basecoach_payload_seconds_bucket command +Inf"] == 2
    assert samples["basecoach_payload_seconds_sum command"] > 0
    assert samples["basecoach_beats_total tick ok"] >= 1
    assert samples["basecoach_clock_jumps_total"] == 0
    assert samples["basecoach_slack_reconnects_total"] == 0
    assert samples["process_start_time_seconds"] > 0
    assert any(name.startswith("basecoach_build_info ") for name in samples)
    for family in text_string_to_metric_families(text):
        assert family.documentation
    people = world.database.read_now(names)
    for word in (*people, "Zanzibar", "Harbor", "C0COACH", world.priya.dm, "U0", "xoxb", "xapp"):
        assert word not in text


def names(session: Session) -> list[str]:
    return [found.name for found in session.exec(select(Member))]


async def test_a_delivery_is_told(
    world: World, watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    await world.stop_bot()
    await world.priya.open_home()
    world.clock.move_to(world.due("U0PRIYA"))
    async with asyncio.timeout(PATIENCE):
        while watched.sender.last_delivery_at != world.clock.now():
            await watched.sender.send_due()
    _, samples = await metrics(watched, session)
    assert samples["basecoach_last_delivery_timestamp_seconds"] == pytest.approx(
        world.clock.now().timestamp()
    )


async def test_a_taken_port_is_said_in_words(world: World, watched: Basecoach) -> None:
    assert watched.health_url is not None
    taken = int(watched.health_url.rpartition(":")[2])
    with pytest.raises(StartProblem, match=r"Health can't be served at .*BASECOACH_METRICS_PORT"):
        async with composition.running(
            database=world.database,
            clock=world.clock,
            bot_token=world.workspace.bot_token,
            app_token=world.workspace.app_token,
            api_url=world.server.api_url,
            health=HealthSettings(port=taken),
        ):
            raise AssertionError("it started")


# Each thing that can be wrong, by an health_check whose parts are in the test's hands.


@dataclass
class Line:
    """A way in that is as the test says."""

    name: str = "socket_mode"
    connected: bool = True
    cut_off_seconds: float = 0.0
    reconnects: int = 0
    gave_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def is_connected(self) -> bool:
        return self.connected


@dataclass
class Ward:
    """An health_check and what it examines."""

    database: Database
    clock: SettableClock
    seconds: float = 0.0
    line: Line = field(default_factory=Line)

    def __post_init__(self) -> None:
        self.heartbeat = Heartbeat(
            guard=ClockGuard(wall=lambda: 1_700_000_000.0 + self.seconds, monotonic=lambda: 1_000.0)
        )
        self.heartbeat.add("tick", self.nothing, seconds=15)

    async def nothing(self) -> None:
        return None

    async def look(self) -> HealthReport:
        return await self.health_check().look()

    def health_check(self) -> HealthCheck:
        client = AsyncWebClient(base_url="http://127.0.0.1:9/")
        return HealthCheck(
            database=self.database,
            clock=self.clock,
            heartbeat=self.heartbeat,
            tick="tick",
            sender=Sender(database=self.database, client=client, clock=self.clock),
            transport=self.line,
            payload_metrics=PayloadMetrics(),
        )


@pytest.fixture
async def ward(database: Database, clock: SettableClock) -> Ward:
    ward = Ward(database, clock)
    await ward.heartbeat.beat("tick")
    return ward


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


async def test_who_asks_over_http_is_told_by_the_status(
    ward: Ward, session: aiohttp.ClientSession
) -> None:
    server = HealthServer(ward.health_check(), HealthSettings(port=0))
    await server.start()
    try:

        async def ask(path: str) -> tuple[int, str]:
            async with session.get(f"{server.url}{path}") as answer:
                return answer.status, await answer.text()

        status, text = await ask("/readyz")
        assert (status, json.loads(text)["problems"]) == (200, [])
        ward.line.connected, ward.line.cut_off_seconds = False, 61.0
        status, text = await ask("/readyz")
        assert (status, json.loads(text)) == (503, shown(await ward.look()))
        assert json.loads(text)["problems"] == ["No connection to Slack for 61 s."]
        # A restart would mend nothing of that, and metrics are for the looking all the same.
        assert await ask("/healthz") == (200, "ok\n")
        status, text = await ask("/metrics")
        assert (status, "basecoach_ready 0.0" in text) == (200, True)
    finally:
        await server.stop()


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
