"""The bot's processes: the real product, put together as its composition root does, thrown away when killed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, Connection
from starlette.websockets import WebSocketDisconnect

from bot import database as databases
from bot.app import PROFILES, REMOVE_DUPLICATES, TICK, Basecoach
from bot.database import Database
from bot.database.batching import Job
from bot.database.sqlite_writer import SqliteWriter
from bot.domain.outbox import outbox, sending
from bot.scheduler import Heartbeat
from bot.slack.profiles import Profiles
from bot.slack.receiving.middleware import Installation
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.redrawing import Redrawing
from bot.slack.responding.response_urls import ResponseUrls
from bot.slack.services import Services
from bot.slack.uploads import Uploads
from tests.simulation.virtual_time import Killed, OneThread, Process, SkewedClock, VirtualClock
from tests.simulation.wire import API_URL, Wire

log = logging.getLogger(__name__)


class Engines:
    """One writing and one reading engine for all the processes of a run, with a point around each commit."""

    def __init__(self) -> None:
        self._engines: dict[bool, Engine] = {}
        self.process: Process | None = None
        """Whose work runs right now."""
        self.committed = 0
        self.after_commit: list[Callable[[], None]] = []
        self.commits_in_hand = 0

    def get(self, url: URL, *, writes: bool, pool_size: int) -> Engine:
        """As `bot.database.create_engine`, but the same one every time."""
        if writes not in self._engines:
            engine = databases.create_engine(url, writes=writes, pool_size=pool_size)
            self._engines[writes] = engine
            if writes:
                event.listen(engine, "connect", _no_fsync)
                event.listen(engine, "commit", self._before_commit)
        return self._engines[writes]

    def in_transaction(self) -> bool:
        """Whether anybody holds a connection at this moment."""
        return any(engine.pool.checkedout() for engine in self._engines.values())  # type: ignore[attr-defined]

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()

    def _before_commit(self, connection: Connection) -> None:
        if self.process is not None:
            self.process.point("before commit")
        self.commits_in_hand += 1


def _no_fsync(connection: Any, _record: Any) -> None:
    # Power loss is not simulated here, so nothing has to reach the disk.
    connection.execute("PRAGMA synchronous=OFF")


class OneProcessThread(OneThread):
    """The process's database work; a process can die before and after each commit."""

    def __init__(self, process: Process, engines: Engines) -> None:
        super().__init__(process)
        self._engines = engines

    def _run(self, future: Any, work: Callable[[], Any]) -> None:
        self._engines.process, self._engines.commits_in_hand = self._process, 0
        try:
            super()._run(future, work)
        finally:
            self._engines.process = None
        if self._engines.commits_in_hand:
            self._engines.committed += 1
            for callback in self._engines.after_commit:
                callback()
            try:
                self._process.point("after commit")
            except Killed:
                return


class QuickDatabase(Database):
    """The product's own, but for what finds nothing to do: every lane asks at every turn whether there is any.

    When a lane has something next is asked in short; each audit holds that answer against the product's. A
    claim goes the product's way whenever there is something to claim.
    """

    def __init__(
        self, url: str, *, next_in_lane: Callable[[str], datetime | None], **given: Any
    ) -> None:
        super().__init__(url, **given)
        self._next_in_lane = next_in_lane
        self._claims: dict[int, tuple[str, datetime]] = {}
        self._writer = SqliteWriter(self._commit_group, submit=self._threads.submit)

    def read_now(self, use_case: Any, *args: Any, **named: Any) -> Any:
        if use_case is sending.next_due_at:
            return self._next_in_lane(*args)
        return super().read_now(use_case, *args, **named)

    async def write(self, use_case: Any, *args: Any, **named: Any) -> Any:
        if use_case is not sending.claim:
            return await super().write(use_case, *args, **named)
        claim = Job(lambda session: use_case(session, *args, **named))
        self._claims[id(claim)] = (named["lane"], named["now"])
        return await asyncio.wrap_future(self._submit(claim))

    def _commit_group(self, group: list[Job]) -> None:
        busy = []
        for job in group:
            if self._is_idle(job):
                job.settle([])
            else:
                busy.append(job)
        if busy:
            self._commits.group(busy)

    def _is_idle(self, job: Job) -> bool:
        """Whether it claims what another replica has claimed at this very moment."""
        lane, now = self._claims.pop(id(job), (None, None))
        if lane is None or now is None:
            return False
        due_at = self._next_in_lane(lane)
        return due_at is None or due_at > now


class WebSocketInMemory:
    """The sandbox's end of a WebSocket whose other end is a replica."""

    def __init__(self, ticket: str, receive: Callable[[Mapping[str, Any]], None]) -> None:
        self.query_params = {"ticket": ticket}
        self._receive = receive
        self._answers: asyncio.Queue[str | None] = asyncio.Queue()

    async def accept(self) -> None:
        """It is always taken."""

    async def close(self, code: int = 1000) -> None:
        self._answers.put_nowait(None)

    async def send_text(self, text: str) -> None:
        self._receive(json.loads(text))

    async def receive_text(self) -> str:
        text = await self._answers.get()
        if text is None:
            raise WebSocketDisconnect(1006)
        return text

    def answer(self, text: str) -> None:
        """What the replica sends back."""
        self._answers.put_nowait(text)

    def cut(self) -> None:
        """The replica is gone."""
        self._answers.put_nowait(None)


class TransportInMemory:
    """How payloads reach a replica: the sandbox's Socket Mode without a socket.

    An envelope may come twice, and late enough to be overtaken by the next one.
    """

    name = "in_memory"
    cut_off_seconds = 0.0
    reconnects = 0
    logger = logging.getLogger("tests.simulation.transport")

    def __init__(self, app: AsyncApp, payload_metrics: PayloadMetrics, *, replica: Replica) -> None:
        self._app = app
        self._replica = replica
        self.gave_up = asyncio.Event()
        self._socket: WebSocketInMemory | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        socket_mode = self._replica.world.workspace.socket_mode
        ticket = socket_mode.new_url().partition("ticket=")[2].partition("&")[0]
        self._socket = WebSocketInMemory(ticket, self._receive)
        # The serving end belongs to Slack, not to this process.
        self._serving = asyncio.Task(
            socket_mode.serve(self._socket),  # type: ignore[arg-type]
            loop=asyncio.get_running_loop(),
        )

    async def stop(self) -> None:
        self.cut()

    def cut(self) -> None:
        if self._socket is not None:
            self._socket.cut()

    def _receive(self, envelope: Mapping[str, Any]) -> None:
        if envelope["type"] in {"hello", "disconnect"} or not self._replica.process.alive:
            return
        self._replica.world.on_the_way(self._replica, envelope)

    def drop(self, envelope: Mapping[str, Any]) -> None:
        """Slack gives the event up without anybody having seen it."""
        assert self._socket is not None
        self._socket.answer(json.dumps({"envelope_id": envelope["envelope_id"]}))

    async def answer(self, envelope: Mapping[str, Any], delay: float, *, silent: bool) -> None:
        """Have Bolt answer the envelope, as the product's Socket Mode does; `silent` is for a repetition."""
        await asyncio.sleep(delay)
        await self._replica.process.awake()
        request = SocketModeRequest.from_dict(dict(envelope))
        assert request is not None
        answer = await run_async_bolt_app(self._app, request)
        if not silent:
            if answer.status == 200:
                self._replica.world.promises.at_ack(envelope, answer.body)
            await send_async_response(self, request, answer, 0.0)  # type: ignore[arg-type]

    async def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        assert self._socket is not None
        self._socket.answer(json.dumps(response.to_dict()))


class Heart(Heartbeat):
    """A heart that beats when the world says so."""

    def start(self) -> None:
        """It begins nothing by itself."""


@dataclass(eq=False)
class Replica:
    """One process of the bot."""

    world: Any
    process: Process
    bot: Basecoach
    database: Database
    transport: TransportInMemory
    heart: Heart
    profiles: Profiles

    async def beat(self, name: str) -> None:
        """One beat of this name."""
        await self.process.awake()
        await self.heart.beat(name)
        if self.heart.beats[name, "failed"]:
            self.heart.beats[name, "failed"] = 0
            self.world.note(f"{self.process.name}: {name} failed")

    def stop_work(self) -> None:
        """The process is dead: Slack notices that its socket is gone."""
        self.transport.cut()


def build_replica(
    world: Any,
    name: str,
    *,
    url: str,
    engines: Engines,
    wire: Wire,
    clock: VirtualClock,
    skew: float,
) -> Replica:
    """A replica that has started to work; the parts meet as in `bot.app.running`."""
    process = Process(name)
    database = QuickDatabase(
        url,
        next_in_lane=world.promises.next_in_lane,
        executor=OneProcessThread(process, engines),
        engines=engines.get,
    )
    own_clock = SkewedClock(clock, timedelta(seconds=skew))
    session: Any = wire.session_of(process)
    quiet = logging.getLogger("slack_sdk.web")
    quiet.setLevel(logging.WARNING)

    def client_with(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=API_URL,
            session=session,
            retry_handlers=world.retry_handlers(),
            logger=quiet,
        )

    workspace = world.workspace
    client = client_with(workspace.bot_token)
    background = BackgroundTasks()
    responses = ResponseUrls(session, API_URL, background)
    profiles = Profiles(database, client, own_clock)
    services = Services(
        database=database,
        clock=own_clock,
        profiles=profiles,
        responses=responses,
        background=background,
        redrawing=Redrawing(database, own_clock, responses, background),
        uploads=Uploads(session=session, api_url=API_URL, database=database, clock=own_clock),
    )
    heart = Heart()
    replica = Replica(world, process, None, database, None, heart, profiles)  # type: ignore[arg-type]

    def transport(app: AsyncApp, payload_metrics: PayloadMetrics) -> Any:
        replica.transport = TransportInMemory(app, payload_metrics, replica=replica)
        return replica.transport

    replica.bot = Basecoach(
        database=database,
        clock=own_clock,
        client=client,
        app_client=client_with(None),
        transport=transport,
        services=services,
        installation=Installation(
            workspace_id=1,
            slack_team_id="T0HARBOR",
            bot_token=workspace.bot_token,
            bot_id="B0BASECOACH",
            bot_user_id="U0BASECOACH",
        ),
        heartbeat=heart,
    )
    process.on_death = replica.stop_work

    async def run() -> None:
        database.subscribe(outbox.SIGNAL, lambda: world.outbox_changed(replica))
        await replica.bot.start()
        for name in (TICK, PROFILES, REMOVE_DUPLICATES):
            process.start(replica.beat(name))

    process.start(run())
    return replica


def draw_delay(random: Random) -> float:
    """How long an envelope takes: mostly little, sometimes long enough to be overtaken."""
    return random.uniform(0.01, 0.1) if random.random() < 0.9 else random.uniform(0.1, 2.0)
