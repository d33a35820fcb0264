"""A large Monday in virtual time: the real bot, the sandbox's own Web API and limits, and refusals by dice.

Everybody of one workspace is due at nine. Nobody answers: what counts is when each is asked, and whether Slack's
limits were kept on the way. The parts are the simulation's, so hours of waiting cost nothing.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from bench import people
from bot.app import REMOVE_DUPLICATES, TICK
from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import Lane
from bot.sandbox.records import User
from bot.sandbox.seed import seed_workspace
from bot.sandbox.state.faults import Limits
from bot.sandbox.workspace import Workspace
from bot.slack.views.checkins.messages import ANSWER_YES
from tests.repository import MANIFEST
from tests.simulation.people import action_ids
from tests.simulation.replicas import OneProcessThread, Replica, build_replica
from tests.simulation.virtual_time import Process, VirtualClock, VirtualLoop
from tests.simulation.wire import BASE_URL, Call, Wire
from tests.simulation.yard import Yard

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday; London is where the reps are."""

POST = "chat.postMessage"
RETRY_AFTER = 30
"""Seconds that a planted 429 asks for. Slack counts by the minute, so half of one is usual."""

LONGEST = timedelta(hours=24)
"""After this much virtual time a fan-out that has not ended is broken."""

AFTERWARDS = timedelta(minutes=10)
"""How long is looked on after the last: for a second copy, say."""


@dataclass
class Post:
    """One call of chat.postMessage."""

    user_id: str
    is_check_in: bool
    """If not, it is a reminder: those who were asked first get theirs while others still wait."""
    began_at: datetime
    answered_at: datetime | None = None
    quiet_until: datetime | None = None
    """Where it was refused: until when Slack wants no other."""


@dataclass
class Seen:
    """What a Monday came to."""

    posts: list[Post] = field(default_factory=list)
    """In the order in which they began."""
    planted: int = 0
    """Posts that the dice refused."""
    over_the_limit: int = 0
    """Calls that Slack's own limits refused."""
    check_ins: Counter[str] = field(default_factory=Counter)
    """How many check-in messages stand in each rep's DM."""
    rows: list[str] = field(default_factory=list)
    """The reps in the order of their rows in the outbox."""
    trouble: list[str] = field(default_factory=list)
    """Beats that failed."""

    @property
    def waits(self) -> list[timedelta]:
        """How long after nine each rep was asked, shortest first."""
        return sorted(
            post.answered_at - NINE
            for post in self.posts
            if post.is_check_in and post.answered_at and not post.quiet_until
        )

    @property
    def busiest_minute(self) -> int:
        """The most posts that reached Slack within one minute."""
        return most_within_a_minute([p.answered_at for p in self.posts if p.answered_at])

    @property
    def refusals(self) -> list[tuple[datetime, datetime]]:
        """When each 429 was answered, and until when it wants quiet."""
        return sorted(
            (p.answered_at, p.quiet_until) for p in self.posts if p.answered_at and p.quiet_until
        )

    @property
    def quiet(self) -> timedelta:
        """For how long, all in all, Slack wanted none."""
        total, until = timedelta(0), NINE
        for refused_at, quiet_until in self.refusals:
            total += max(quiet_until - max(refused_at, until), timedelta(0))
            until = max(until, quiet_until)
        return total

    @property
    def longest_silence(self) -> timedelta:
        """The longest time between one post's beginning and the next one's."""
        moments = [NINE, *(post.began_at for post in self.posts)]
        return max(later - before for before, later in itertools.pairwise(moments))


class Monday:
    """One workspace's Monday; as much of a world as a replica asks for."""

    retry_handlers = list

    def __init__(
        self,
        yard: Yard,
        loop: VirtualLoop,
        *,
        reps: int,
        refused: float,
        retry_after: int,
        seed: int,
    ) -> None:
        self._yard, self._reps, self._refused, self._retry_after = yard, reps, refused, retry_after
        self._dice = Random(f"refusals {seed}")
        self._clock = VirtualClock(loop, NINE - timedelta(minutes=1))
        self._all_asked = asyncio.Event()
        self._asked = 0
        self._open: dict[int, Post] = {}
        self.seen = Seen()
        self.workspace = Workspace.open(
            None, clock=self._clock, manifest=MANIFEST, monotonic=loop.time
        )
        self.workspace.base_url = BASE_URL
        self.wire = Wire(
            self.workspace, random=Random(f"wire {seed}"), rates={}, is_down=lambda: False
        )
        self.promises = self
        self.database: Database

    async def live(self) -> Seen:
        """From just before nine until everybody was asked, and somewhat longer."""
        self._settle_in()
        self.workspace.dispatcher.start()
        self.wire.before.append(self._begins)
        self.wire.after.append(self._is_answered)
        replica = build_replica(
            self,
            "bot",
            url=self._yard.url,
            engines=self._yard.engines,
            wire=self.wire,
            clock=self._clock,
            skew=0.0,
        )
        beats = [
            asyncio.create_task(self._beat(replica, TICK, 15.0)),
            asyncio.create_task(self._beat(replica, REMOVE_DUPLICATES, 60.0)),
        ]
        async with asyncio.timeout(LONGEST.total_seconds()):
            await self._all_asked.wait()
        await asyncio.sleep(AFTERWARDS.total_seconds())
        self._look_around()
        replica.process.kill("the end")
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in (*beats, *others):
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.workspace.close()
        return self.seen

    def _settle_in(self) -> None:
        seed_workspace(self.workspace)
        for number in range(1, self._reps + 1):
            who = people.slack_user(number)
            self.workspace.add_user(User(who, f"rep{number}", f"Rep {number}", people.TIMEZONE))
            self.workspace.dm_of(who)
        self.workspace.limits = Limits.like_slack()
        self.database = Database(
            self._yard.url,
            executor=OneProcessThread(Process("looking on"), self._yard.engines),
            engines=self._yard.engines.get,
        )
        # Everybody's check-in is written down as due half a minute before `now`.
        people.fill(
            self.database, reps=self._reps, now=NINE + timedelta(seconds=30), due=self._reps
        )

    async def _beat(self, replica: Replica, name: str, seconds: float) -> None:
        while True:
            await replica.beat(name)
            await asyncio.sleep(seconds)

    # Slack's side.

    def _begins(self, call: Call) -> None:
        if call.method != POST:
            return
        user_id = "U" + str(call.arguments["channel"])[1:]
        is_check_in = ANSWER_YES in str(call.arguments["blocks"])
        post = self._open[id(call)] = Post(user_id, is_check_in, self._clock.now())
        self.seen.posts.append(post)
        if self._dice.random() < self._refused:
            self.seen.planted += 1
            self.workspace.faults.next_call("429", POST, retry_after=self._retry_after)

    def _is_answered(self, call: Call) -> None:
        last = self.workspace.calls[-1]
        self.seen.over_the_limit += last.status == 429 and last.fault is None
        if call.method != POST:
            return
        post = self._open.pop(id(call))
        post.answered_at = self._clock.now()
        if not call.done:
            post.quiet_until = post.answered_at + timedelta(seconds=self._retry_after)
        self._asked += call.done and post.is_check_in
        if self._asked == self._reps:
            self._all_asked.set()

    def _look_around(self) -> None:
        """What stands on the screens, and in the tables, when all is over."""
        for channel in self.workspace.channels.values():
            if channel.user is not None:
                self.seen.check_ins[channel.user] = sum(
                    ANSWER_YES in action_ids(message)
                    for message in self.workspace.messages(channel.id)
                )
        with self.database.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT member.slack_user_id FROM outbox"
                " JOIN check_in ON check_in.id = outbox.subject_id"
                " JOIN member ON member.id = check_in.member_id"
                " WHERE outbox.surface = 'check_in' ORDER BY outbox.id"
            )
            self.seen.rows = [who for (who,) in rows]

    # What a replica asks of its world.

    def next_in_lane(self, lane: Lane) -> datetime | None:
        """When a lane of the sender has something to do."""
        return self.database.read_now(sending.next_due_at, lane)

    def note(self, words: str) -> None:
        """Something went wrong."""
        self.seen.trouble.append(words)

    def outbox_changed(self, replica: Replica) -> None:
        """There is no other replica to be told."""


def live(
    yard: Yard, *, reps: int, refused: float = 0.0, retry_after: int = RETRY_AFTER, seed: int = 1
) -> Seen:
    """A Monday of so many reps, `refused` of whose posts (0 to 1) are refused for `retry_after` seconds."""
    yard.clear()

    async def monday() -> Seen:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        world = Monday(yard, loop, reps=reps, refused=refused, retry_after=retry_after, seed=seed)
        return await world.live()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(monday())


def most_within_a_minute(moments: list[datetime]) -> int:
    """The most of these that lie within one minute."""
    moments = sorted(moments)
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= timedelta(minutes=1):
            first += 1
        most = max(most, last - first + 1)
    return most
