"""A seed's world from beginning to end: processes that die and come back, people, faults, and the checks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session

from bot.app import REMOVE_DUPLICATES, TICK
from bot.database import Database
from bot.sandbox.records import BOT_USER_ID, Channel, Message, User
from bot.sandbox.seed import seed_workspace
from bot.sandbox.workspace import Workspace
from tests.harbor import COACH_CHANNEL
from tests.repository import MANIFEST
from tests.simulation.hands import Hands
from tests.simulation.mix import START, Mix
from tests.simulation.odd_answers import OddAnswers, TokenBeats
from tests.simulation.people import People
from tests.simulation.promises import Promises
from tests.simulation.records import Broken
from tests.simulation.replicas import Replica, build_replica, draw_delay
from tests.simulation.seed import KIM, QUAY_CHANNEL, seed_database
from tests.simulation.virtual_time import CURRENT, VirtualClock, VirtualLoop
from tests.simulation.whereabouts import Whereabouts
from tests.simulation.wire import BASE_URL, ODD, RESPONSE_URL, Call, Wire
from tests.simulation.yard import Yard

BEAT = 15.0

HEAL_BEAT = 60.0

AUDIT_EVERY = 6 * 3600.0


class World:
    """One seed's world."""

    def __init__(self, mix: Mix, yard: Yard, loop: VirtualLoop, *, mutations: Any = None) -> None:
        self.mix = mix
        self.loop = loop
        self.clock = VirtualClock(loop, START)
        self.engines = yard.engines
        self._url = yard.url
        self.path = yard.path
        self.random = Random(f"world {mix.seed}")
        self.mutations = mutations
        self.workspace = Workspace.open(
            None, clock=self.clock, manifest=MANIFEST, monotonic=loop.time
        )
        self.workspace.base_url = BASE_URL  # where response_urls lead
        odd = OddAnswers(mix.odd_answers)
        self.wire = Wire(
            self.workspace,
            random=Random(f"wire {mix.seed}"),
            rates=mix.call_faults,
            is_down=lambda: self._in(mix.slack_outages),
            odd_code=lambda call: odd.take(call.method, call.arguments, loop.time()),
        )
        self.replicas: list[Replica | None] = [None] * mix.replicas
        self.people = People(self)
        self.whereabouts = Whereabouts(self)
        self.hands = Hands(self)
        self.trace: list[str] = []
        self.counts: Counter[str] = Counter()
        self.sql: sqlite3.Connection = sqlite3.connect(":memory:")
        self._changed = asyncio.Event()
        self._broke = asyncio.Event()
        self._unaudited = True
        self._tasks: set[asyncio.Task[Any]] = set()
        self.retry_handlers: Callable[[], list[Any]] = list
        self.promises = Promises(self)
        self.snoozes: Counter[int] = Counter()
        self.picked: dict[tuple[int, str | None], set[str]] = defaultdict(set)
        """The acts that an alert may have because coaches picked them."""
        self.confirmed: set[tuple[int, str | None]] = set()
        """The alerts of which Slack heard that an act was picked; they have one of those acts."""
        self.second_left_at: datetime | None = None
        """When the team lost its second coach."""

    # Words about it.

    def note(self, words: str) -> None:
        """A line in the trace."""
        self.trace.append(f"{self.clock.now():%Y-%m-%d %H:%M:%S} {words}")

    def sometimes(self, what: str) -> None:
        """Something worth having happened did happen."""
        self.counts[what] += 1

    def broke(self, broken: Broken) -> None:
        """A promise was broken: the run ends."""
        self.note(f"BROKEN {broken}")
        if not any(b.promise == broken.promise for b in self.promises.broken):
            self.promises.broken.append(broken)
        self._broke.set()

    # Living it.

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something that belongs to no process of the bot's."""
        token = CURRENT.set(None)
        try:
            task = self.loop.create_task(work)
        finally:
            CURRENT.reset(token)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            error = task.exception()
            self.broke(Broken("simulation", f"{type(error).__name__}: {error}"))
            logging.getLogger(__name__).error("the simulation itself failed", exc_info=error)

    async def live(self) -> None:
        """From the first moment to the last, unless a promise is broken before."""
        self._settle_in()
        self.workspace.dispatcher.start()
        self.wire.before.append(self.promises.before_call)
        self.wire.after.append(self.promises.after_call)
        self.wire.after.append(self._noticed)
        self.wire.after.append(TokenBeats(self).notice)
        self.engines.after_commit.append(self._committed)
        for number in range(self.mix.replicas):
            self.start(self._keep_running(number))
        self.start(self._beat())
        self.start(self._remove_duplicates_of())
        for who in self.mix.people:
            self.start(self.whereabouts.join_and_leave(who))
            self.start(self.people.log_conversations(who))
            self.start(self.people.open_homes(who))
        self.start(self.people.open_homes("U0DANA"))
        for span in self.mix.bot_outages:
            self.start(self._go_out(span.begin, span.end))
        for move in self.mix.moves:
            self.start(self.whereabouts.move(move))
        for away in self.mix.absences:
            self.start(self.whereabouts.go_away(away))
        for change in self.mix.hand_changes:
            self.start(self.hands.change(change))
        for trouble in self.mix.channel_troubles:
            self.start(self._lose_channel(trouble.span.begin, trouble.span.end, trouble.how))
        if self.mix.second_leaves is not None:
            self.start(self.whereabouts.lose_second_coach(self.mix.second_leaves))
        self.start(self._calm_down())
        self.start(self._audit())
        ending = self.start(asyncio.sleep(self.mix.end))
        broke = self.start(self._broke.wait())
        await asyncio.wait([ending, broke], return_when=asyncio.FIRST_COMPLETED)
        if not self._broke.is_set():
            self.promises.audit()
            self.promises.at_the_end()
        await self._shut_down()

    async def _shut_down(self) -> None:
        self.engines.after_commit.clear()
        for replica in self.replicas:
            if replica is not None:
                replica.process.kill("the end")
        for task in list(self._tasks):
            task.remove_done_callback(self._ended)
            task.cancel()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.sql.close()
        self.workspace.close()

    def _settle_in(self) -> None:
        seed_workspace(self.workspace)
        for who, zone in self.mix.people.items():
            known = self.workspace.users.get(who)
            name = known.real_name if known else f"Rep {who[-1]}"
            self.workspace.add_user(User(who, name.split()[0].lower(), name, zone))
        coach_channel = self.workspace.channels[COACH_CHANNEL]
        coach_channel.members = ["U0DANA", "U0MORGAN", "U0ALEX", BOT_USER_ID]
        if self.mix.hand_changes:
            self.workspace.add_user(User(KIM, "kim", "Kim Park", "Europe/London"))
            there = [KIM, "U0ALEX", BOT_USER_ID]
            quay = Channel(QUAY_CHANNEL, "coach-kim", kind="private", members=there)
            self.workspace.add_channel(quay)
        engine = Database(self._url, engines=self.engines.get, executor=_Never()).engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            seeded = seed_database(session, self.mix, self.workspace, now=self.clock.now())
        self.whereabouts.begin(seeded)
        self.sql = sqlite3.connect(self.path, isolation_level=None)

    # Processes.

    async def _keep_running(self, number: int) -> None:
        random = Random(f"replica {number} {self.mix.seed}")
        while True:
            while (outage := self._in(self.mix.bot_outages)) is not None:
                await asyncio.sleep(outage.end - self.loop.time() + random.uniform(0, 60))
            gone = asyncio.Event()
            replica = build_replica(
                self,
                f"replica {number}",
                url=self._url,
                engines=self.engines,
                wire=self.wire,
                clock=self.clock,
                skew=self.mix.skews[number],
            )
            self.replicas[number] = replica
            stop_work = replica.process.on_death

            def died(gone: asyncio.Event = gone, stop_work: Callable[[], None] = stop_work) -> None:
                stop_work()
                gone.set()

            replica.process.on_death = died
            if self.mix.kill_rate and self._faulty():
                replica.process.dies_in = int(random.expovariate(self.mix.kill_rate))
            await gone.wait()
            self.replicas[number] = None
            if not any(self.replicas):
                self._last_seen()
            self.note(f"{replica.process.name} died: {replica.process.died_at}")
            self.sometimes("a process dies")
            if not any(self.replicas):
                self.sometimes("no process is alive")
            await asyncio.sleep(
                random.choice(
                    (random.uniform(1, 10), random.uniform(1, 10), random.uniform(10, 600))
                )
            )

    def _last_seen(self) -> None:
        """What the beats that were left out would have noted, every five minutes."""
        seen = self.clock.now() - timedelta(seconds=self.random.uniform(0, 300))
        self.sql.execute(
            "UPDATE workspace SET last_seen_at = max(last_seen_at, ?)",
            (seen.replace(tzinfo=None).isoformat(sep=" "),),
        )

    def alive(self) -> list[Replica]:
        return [replica for replica in self.replicas if replica is not None]

    def maybe_pause(self, replica: Replica) -> None:
        """The process may stop for a while, as one does that is swapped out."""
        if self.mix.pauses and self._faulty() and self.random.random() < self.mix.pauses:
            seconds = self.random.uniform(0, self.mix.longest_pause)
            replica.process.wakes_at = max(replica.process.wakes_at, self.loop.time() + seconds)
            self.sometimes("a process pauses")

    async def _go_out(self, begin: float, end: float) -> None:
        await asyncio.sleep(begin)
        self.note(f"every process stops for {timedelta(seconds=round(end - begin))}")
        self.sometimes("an outage of the bot")
        for replica in self.alive():
            replica.process.kill("outage")

    def outbox_changed(self, replica: Replica) -> None:
        """Another replica would see the row at its next idle look; here it looks within that time."""
        for other in self.alive():
            if other is not replica:
                self.loop.call_later(self.random.uniform(0, 15), other.bot.sender.wake)

    def _committed(self) -> None:
        self._changed.set()
        self._unaudited = True

    async def _beat(self) -> None:
        """Beats of the heart, but only those at which something is due."""
        while True:
            self._changed.clear()
            due = self.promises.next_due()
            wait = 3600.0 if due is None else max((due - self.clock.now()).total_seconds(), 0.0)
            if wait > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(wait, 12 * 3600.0)):
                        await self._changed.wait()
                continue
            for replica in self.alive():
                self.maybe_pause(replica)
                self.loop.call_later(self.random.uniform(0, BEAT), self._start_beat, replica)
            await asyncio.sleep(BEAT)

    def _start_beat(self, replica: Replica) -> None:
        if replica.process.alive:
            replica.process.start(replica.beat(TICK))

    async def _remove_duplicates_of(self) -> None:
        while True:
            due = self.promises.next_heal()
            if due is None or due > self.clock.now():
                wait = 600.0 if due is None else (due - self.clock.now()).total_seconds()
                await asyncio.sleep(min(max(wait, 1.0), 600.0))
                continue
            for replica in self.alive():
                replica.process.start(replica.beat(REMOVE_DUPLICATES))
            await asyncio.sleep(HEAL_BEAT)

    async def _calm_down(self) -> None:
        await asyncio.sleep(self.mix.faults_end)
        self.note("no faults from here on")
        self.wire.rates.clear()
        for replica in self.alive():
            replica.process.dies_in = None

    async def _audit(self) -> None:
        while True:
            await asyncio.sleep(AUDIT_EVERY)
            if self._unaudited:
                self._unaudited = False
                self.promises.audit()

    def _faulty(self) -> bool:
        return self.loop.time() < self.mix.faults_end

    def _in(self, spans: Any) -> Any:
        now = self.loop.time()
        return next((span for span in spans if now in span), None)

    # Slack's side.

    def on_the_way(self, replica: Replica, envelope: Mapping[str, Any]) -> None:
        """An envelope is on its way to a replica: once, twice or not at all."""
        self.maybe_pause(replica)
        is_event = envelope["type"] == "events_api"
        faulty = self._faulty()
        if is_event and faulty and self.random.random() < self.mix.dropped_events:
            self.sometimes("an event is dropped")
            replica.transport.drop(envelope)
            return
        transport = replica.transport
        replica.process.start(transport.answer(envelope, draw_delay(self.random), silent=False))
        if faulty and self.random.random() < self.mix.repeated:
            other = self.random.choice(self.alive())
            self.sometimes("an envelope is repeated")
            delay = self.random.uniform(0.0, 2.0)
            other.process.start(other.transport.answer(envelope, delay, silent=True))

    def _noticed(self, call: Call) -> None:
        self._unaudited = True
        if call.fault is not None:
            self.sometimes(f"call fault {call.fault}")
            code = f" {call.code}" if call.fault == ODD else ""
            self.note(f"{call.method} {call.fault}{code}")
        if call.method == "chat.postMessage" and call.done and call.answer is not None:
            message = self.workspace.message(call.answer["channel"], call.answer["ts"])
            if message is not None:
                self.note(f"posted in {message.channel}: {message.text}")
                self.people.sees(message)
        elif call.method in {"chat.update", "chat.delete"} and call.done:
            self.note(f"{call.method} in {call.arguments['channel']}")
        elif call.method == RESPONSE_URL and call.done:
            self.sometimes("a response_url is answered")

    async def _lose_channel(self, begin: float, end: float, how: str) -> None:
        await asyncio.sleep(begin)
        self.note(f"the coach channel is {how}")
        self.sometimes(f"the coach channel is {how}")
        if how == "archived":
            self.workspace.archive(COACH_CHANNEL)
        else:
            self.workspace.remove_bot(COACH_CHANNEL)
        await asyncio.sleep(end - begin)
        self.note("the coach channel is repaired")
        if how == "archived":
            self.workspace.unarchive(COACH_CHANNEL)
        else:
            self.workspace.invite_bot(COACH_CHANNEL)

    def seconds_to_deadline(self, message: Message, *, beyond: float) -> float:
        """From now to the check-in's deadline, and somewhat beyond."""
        deadline = self.promises.deadline_of(message)
        if deadline is None:
            return 3600.0
        return max((deadline - self.clock.now()).total_seconds() + beyond, 1.0)

    def snoozed(self, message: Message) -> None:
        """The rep asked for another reminder."""
        check_in = self.promises.check_in_of(message)
        if check_in is not None:
            self.snoozes[check_in] += 1


class _Never:
    """An executor for somebody who wants none."""

    def submit(self, *_: Any) -> Any:
        raise NotImplementedError

    def shutdown(self, **_: Any) -> None:
        """Nothing runs."""
