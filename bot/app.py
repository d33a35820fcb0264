"""The composition root: the only place that connects the parts of a running bot. Importing it does nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.database.row_by_row import RowByRow
from bot.domain import ticks
from bot.domain.checkins import downtime
from bot.domain.handover import channels
from bot.domain.outbox import outbox
from bot.domain.people import members, zone_rules
from bot.domain.privacy import retention
from bot.domain.refusals import Refusal
from bot.domain.setup import workspaces
from bot.failures import Failures
from bot.problems import StartProblem
from bot.scheduler import Heartbeat
from bot.slack.application import build
from bot.slack.channels import read_channel
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.sender import Sender
from bot.slack.profiles import Profiles
from bot.slack.receiving.middleware import Installation
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.socket_mode import SocketMode
from bot.slack.receiving.transport import HealthSettings, HttpSettings, Transport
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.redrawing import Redrawing
from bot.slack.responding.response_urls import ResponseUrls
from bot.slack.services import Services
from bot.slack.starting import until_answered
from bot.slack.uploads import Uploads

if TYPE_CHECKING:
    from bot.http.health import HealthServer

__all__ = ["Basecoach", "StartProblem", "running"]

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

TICK = "tick"
TICK_SECONDS = 15.0
SEEN = "seen"
SEEN_SECONDS = 300.0
REMOVE_DUPLICATES = "remove_duplicates"
DUPLICATE_CHECK_SECONDS = 60.0
ASK_AGAIN = "ask_about_token"
ASK_AGAIN_SECONDS = 15.0
CHANNELS = "channels"
CHANNELS_SECONDS = 600.0
PROFILES = "profiles"
PROFILES_SECONDS = 60.0
PROFILES_AT_ONCE = 50
RETENTION = "retention"
RETENTION_SECONDS = 3_600.0
PROFILE_MAX_AGE = timedelta(hours=20)

STOP_SECONDS = 9.0
"""How many seconds stopping may take: Docker kills a container after ten."""

HTTP_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)
"""The time-out of every call to Slack. The SDK ignores its own `timeout` when it is given a session."""


class Basecoach:
    """A running bot: listeners, sender and heartbeat with one database and one workspace."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        client: AsyncWebClient,
        app_client: AsyncWebClient,
        transport: Callable[[AsyncApp, PayloadMetrics], Transport],
        services: Services,
        installation: Installation,
        pace: Pace | None = None,
        heartbeat: Heartbeat | None = None,
        health: HealthSettings | None = None,
        retention_months: int | None = None,
    ) -> None:
        """`retention_months`: after how many months records of people are deleted; None keeps them."""
        self.database = database
        self.clock = clock
        self.installation = installation
        self.app = build(client=app_client, installation=installation, services=services)
        self._heartbeat = heartbeat or Heartbeat()
        self.sender = Sender(
            database=database,
            client=client,
            clock=clock,
            pace=pace,
            holds=self._heartbeat.guard.holds,
            failed=services.failures,
        )
        self._row_by_row = RowByRow(database, services.failures)
        self._client = client
        self._profiles = services.profiles
        self._background = services.background
        self.payload_metrics = PayloadMetrics(services.failures)
        self.transport = transport(self.app, self.payload_metrics)
        self._heartbeat.add(TICK, self.tick, seconds=TICK_SECONDS)
        self._heartbeat.add(SEEN, self.say_seen, seconds=SEEN_SECONDS)
        self._heartbeat.add(
            REMOVE_DUPLICATES, self.sender.remove_duplicates, seconds=DUPLICATE_CHECK_SECONDS
        )
        self._heartbeat.add(ASK_AGAIN, self.sender.ask_about_token, seconds=ASK_AGAIN_SECONDS)
        self._heartbeat.add(CHANNELS, self.look_at_channels, seconds=CHANNELS_SECONDS)
        self._heartbeat.add(PROFILES, self.refresh_profiles, seconds=PROFILES_SECONDS)
        self._retention_months = retention_months
        if retention_months is not None:
            self._heartbeat.add(RETENTION, self.forget_old, seconds=RETENTION_SECONDS)
        self._health = self._watched(health)
        self._sending: asyncio.Task[None] | None = None
        self._moves: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] | None = None

    async def start(self) -> None:
        """Start to receive payloads and to work. Raises StartProblem, whose text is for the operator."""
        if self._health is not None:
            await self._health.start()
        await self.transport.start()
        moved = await self.database.write(
            downtime.extend_deadlines_after_downtime,
            workspace_id=self.installation.workspace_id,
            now=self.clock.now(),
        )
        if moved:
            log.warning("back after an absence", extra={"deadlines_moved": moved})
        rescheduled = await self.database.write(zone_rules.follow, now=self.clock.now())
        if rescheduled:
            log.warning("time zones have changed", extra={"rescheduled": rescheduled})
        self.database.subscribe(outbox.SIGNAL, self.sender.wake)
        self._unsubscribe = self.clock.subscribe(self._clock_moved)
        self._sending = asyncio.create_task(self.sender.run())
        self._heartbeat.start()
        log.info("started", extra={"workspace": self.installation.slack_team_id})

    async def stop(self) -> None:
        """Claim no more work, finish the work in progress, and release everything; take at most STOP_SECONDS."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self.sender.stop()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(self.transport.stop(), self._heartbeat.stop(), *self._moves)
                await self._background.finish()
                if self._sending is not None:
                    await self._sending
                    await self._heartbeat.beat(SEEN)  # which fails where nothing can be written
        except TimeoutError:
            # As after a crash, unfinished posts are looked for when their rows are claimed again.
            log.warning("stopped with work in hand")
        finally:
            if self._health is not None:
                await self._health.stop()
        log.info("stopped")

    async def settle(self) -> None:
        """Do everything that is due now, after a beat in progress has ended, and finish the background tasks."""
        await self._heartbeat.beat(TICK)
        await self._background.finish()

    async def tick(self) -> None:
        """Do everything that is due now."""
        for step in await self.database.read(ticks.due, now=self.clock.now()):
            await self._row_by_row.run(step, ticks.due_ids(step), now=self.clock.now())

    async def say_seen(self) -> None:
        """Record that the bot is running, so that a downtime can be told from a quiet hour."""
        await self.database.write(
            downtime.seen, workspace_id=self.installation.workspace_id, now=self.clock.now()
        )

    async def look_at_channels(self) -> None:
        """Ask Slack about the coach channels: somebody may have mended one, or opened one to others."""
        workspace_id = self.installation.workspace_id
        for channel_id in await self.database.read(
            channels.coach_channels, workspace_id=workspace_id
        ):
            try:
                seen = await read_channel(self._client, channel_id)
            except Refusal:
                continue  # Slack does not answer; the next beat asks again.
            await self.database.write(
                channels.channel_seen,
                workspace_id=workspace_id,
                channel=channel_id,
                seen=seen,
                now=self.clock.now(),
            )

    async def refresh_profiles(self) -> None:
        """Read the profiles of reps again that were read too long ago: time zones change, and people leave."""
        stale = await self.database.read(
            members.to_refresh,
            workspace_id=self.installation.workspace_id,
            read_before=self.clock.now() - PROFILE_MAX_AGE,
            limit=PROFILES_AT_ONCE,
        )
        if stale:
            await self._profiles.refresh(
                self.installation.workspace_id, stale, within=None, only_known=True
            )

    async def forget_old(self) -> None:
        """Delete what is older than it is kept, batch by batch; the next beat goes on where Slack is behind."""
        if self._retention_months is not None:
            while await self.database.write(
                retention.forget_old, now=self.clock.now(), months=self._retention_months
            ):
                continue

    @property
    def health_url(self) -> str | None:
        """Return the address of health and metrics, without a slash at its end; None if they are not served."""
        return None if self._health is None else self._health.url

    def _watched(self, settings: HealthSettings | None) -> HealthServer | None:
        if settings is None:
            return None
        from bot.http.health import (
            HealthServer,
        )  # the web server is imported only when it is needed
        from bot.http.health_check import HealthCheck

        health_check = HealthCheck(
            database=self.database,
            clock=self.clock,
            heartbeat=self._heartbeat,
            tick=TICK,
            sender=self.sender,
            transport=self.transport,
            payload_metrics=self.payload_metrics,
        )
        return HealthServer(health_check, settings)

    def _clock_moved(self) -> None:
        self.sender.wake()
        for beat in (TICK, SEEN):
            task = asyncio.get_running_loop().create_task(self._heartbeat.beat(beat))
            self._moves.add(task)
            task.add_done_callback(self._moves.discard)


@asynccontextmanager
async def running(
    *,
    database: Database,
    clock: Clock,
    bot_token: str,
    app_token: str | None = None,
    http: HttpSettings | None = None,
    health: HealthSettings | None = None,
    api_url: str,
    admin_users: frozenset[str] = frozenset(),
    pace: Pace | None = None,
    retention_months: int | None = None,
) -> AsyncIterator[Basecoach]:
    """Run a bot for the length of an `async with` block. Raises StartProblem, whose text is for the operator.

    Slack's payloads come over HTTP if `http` is given, else over Socket Mode with `app_token`.
    """
    async with slack_session() as session:
        client = slack_client(session, api_url, bot_token)
        installation = await _install(client, database, clock, bot_token)
        failures = Failures()
        background = BackgroundTasks(failures)
        responses = ResponseUrls(session, api_url, background)
        services = Services(
            database=database,
            clock=clock,
            profiles=Profiles(database, client, clock, admin_users=admin_users),
            responses=responses,
            background=background,
            redrawing=Redrawing(database, clock, responses, background),
            uploads=Uploads(session=session, api_url=api_url, database=database, clock=clock),
            admin_users=admin_users,
            failures=failures,
        )
        bot = Basecoach(
            database=database,
            clock=clock,
            client=client,
            app_client=slack_client(session, api_url, None),
            transport=_transport(app_token, http),
            services=services,
            installation=installation,
            pace=pace,
            health=health,
            retention_months=retention_months,
        )
        try:
            await bot.start()
            yield bot
        finally:
            await bot.stop()


def slack_session() -> aiohttp.ClientSession:
    """Return the session for all calls to Slack, with its own time-out."""
    # The sender's lanes limit their calls themselves. A call that waits for a connection uses up its time-out.
    connector = aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(connector=connector, timeout=HTTP_TIMEOUT)


def slack_client(session: aiohttp.ClientSession, api_url: str, token: str | None) -> AsyncWebClient:
    """Return a client that makes each call once: by default the SDK repeats a POST after a lost connection."""
    client = AsyncWebClient(
        token=token,
        base_url=api_url,
        session=session,
        retry_handlers=[],
        logger=_quiet_logger(),
    )
    if urlsplit(api_url).hostname in LOOPBACK:
        client.proxy = None  # the SDK uses HTTPS_PROXY even for this machine
    return client


def _transport(
    app_token: str | None, http: HttpSettings | None
) -> Callable[[AsyncApp, PayloadMetrics], Transport]:
    """Return the function that makes the transport once there is an app."""
    if http is not None:
        from bot.http.server import HttpServer  # only HTTP mode imports the web server

        return lambda app, received: HttpServer(app, http, payload_metrics=received)
    if app_token is None:
        raise ValueError("either app_token or http")
    return lambda app, received: SocketMode(app, app_token, payload_metrics=received)


async def _install(
    client: AsyncWebClient, database: Database, clock: Clock, bot_token: str
) -> Installation:
    """Ask Slack which workspace the token belongs to, and store that workspace."""
    answer = await until_answered(
        partial(_whose_token, client),
        setting="SLACK_BOT_TOKEN",
        remedy=("Copy it again from your app's page, under OAuth & Permissions, and start again."),
        api_url=client.base_url,
    )
    other = await database.read(workspaces.other_than, answer["team_id"])
    if other is not None:
        raise StartProblem(
            f"The database belongs to the workspace {other.name} ({other.slack_team_id}), but SLACK_BOT_TOKEN "
            f"is one of {answer['team']} ({answer['team_id']}). Use a token of that workspace, or give this "
            "workspace a database of its own with DATABASE_URL."
        )
    workspace_id = await database.write(
        workspaces.install,
        slack_team_id=answer["team_id"],
        name=answer["team"],
        bot_user_id=answer["user_id"],
        now=clock.now(),
    )
    return Installation(
        workspace_id=workspace_id,
        slack_team_id=answer["team_id"],
        bot_token=bot_token,
        bot_id=answer["bot_id"],
        bot_user_id=answer["user_id"],
    )


async def _whose_token(client: AsyncWebClient) -> dict[str, str]:
    """Return who the bot is, as Slack says. Raises what the call raises, and for an answer that lacks it."""
    answer = (await client.auth_test()).data
    names = ("team_id", "team", "user_id", "bot_id")
    if not isinstance(answer, dict) or not all(isinstance(answer.get(n), str) for n in names):
        raise SlackClientError("auth.test: the answer does not say who the bot is")
    return {name: answer[name] for name in names}


def _quiet_logger() -> logging.Logger:
    """Return a logger whose level is set: without one the SDK builds its debug texts at every call."""
    logger = logging.getLogger("slack_sdk.web")
    logger.setLevel(logging.WARNING)
    return logger
