"""Who is where: people join the team and leave it, move to other zones, lose their account and get it back.

What becomes of somebody and what the bot has heard of it are two things; the promises need both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot.app import PROFILES, PROFILES_SECONDS
from bot.domain.access import Caller
from bot.domain.handover.handover import hands_of, team_changed
from bot.domain.refusals import Refusal
from bot.domain.setup import forms as setup_forms
from bot.domain.tables import Team
from tests.harbor import Seeded
from tests.simulation.mix import START, Absence, Move
from tests.simulation.replicas import Replica
from tests.simulation.virtual_time import Killed

if TYPE_CHECKING:
    from tests.simulation.world import World

ALEX = Caller(workspace_id=1, slack_user_id="U0ALEX")
"""An admin, so that repeating what was done already changes nothing and is no error."""


@dataclass
class Stay:
    """A rep's profile shows a zone."""

    since: datetime
    zone: str
    known_since: datetime | None = None
    """When the bot had read it, or a later one; None: not yet."""


@dataclass
class Stint:
    """A rep was in the team: surely since the one moment, and until the other."""

    since: datetime
    until: datetime | None = None


class Whereabouts:
    """Everybody's, from the first moment on."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seeded = Seeded({}, 0)
        before = START - timedelta(days=60)
        self.zones = {who: [Stay(before, zone, before)] for who, zone in world.mix.people.items()}
        """Each rep's zones, as their profile had them."""
        self.stints: dict[str, list[Stint]] = {who: [] for who in world.mix.people}
        self.extend_deadlines_after_downtime: dict[str, datetime] = {}
        """When an account worked again."""

    def begin(self, seeded: Seeded) -> None:
        """The database holds the team as it is at first."""
        self._seeded = seeded
        for who in self._world.mix.reps_at_first():
            self.stints[who].append(Stint(START))

    async def move(self, move: Move) -> None:
        """A profile shows another zone, and some time later the bot knows."""
        who, zone = move.person, move.zone
        await asyncio.sleep(move.at)
        if who not in self._world.mix.people:
            return
        self._world.note(f"{who} moves to {zone}")
        self._world.sometimes("somebody moves")
        self.zones[who].append(Stay(self._world.clock.now(), zone))
        self._world.workspace.change_user(who, tz=zone)
        await self._profile_is_read(who)

    async def go_away(self, away: Absence) -> None:
        """An account is deactivated and, maybe, comes back; the bot hears of both."""
        who = away.person
        await asyncio.sleep(away.span.begin)
        self._world.note(f"{who} is deactivated")
        self._world.sometimes("somebody is deactivated")
        self._world.workspace.change_user(who, deleted=True)
        self._world.start(self._profile_is_read(who))
        await self._reach(away.span.end)
        self._world.note(f"{who} comes back")
        self._world.workspace.change_user(who, deleted=False)
        self.extend_deadlines_after_downtime[who] = self._world.clock.now()
        await self._profile_is_read(who)

    async def join_and_leave(self, who: str) -> None:
        """All that the mix has of it for one person, each until the bot has taken it."""
        for tenure in self._world.mix.tenures_of(who):
            await self._reach(tenure.span.begin)
            while not self.is_rep(who) and self._world.loop.time() < tenure.span.end:
                if await self.told(self._enrol, who):
                    self._world.note(f"{who} joins the team")
                    self._world.sometimes("somebody joins the team")
                    self.stints[who].append(Stint(self._world.clock.now()))
                else:
                    await asyncio.sleep(self._world.random.uniform(60, 6 * 3600))
            await self._reach(tenure.span.end)
            leaving = self._world.clock.now()
            while self.is_rep(who):
                if await self.told(self._end, who):
                    self._world.note(f"{who} leaves the team")
                    self._world.sometimes("somebody leaves the team")
                    self.stints[who][-1].until = leaving
                else:
                    await asyncio.sleep(self._world.random.uniform(60, 6 * 3600))

    async def lose_second_coach(self, moment: float) -> None:
        """An admin takes the second coach out of the team's form."""
        await self._reach(moment)
        while not await self.told(self._end_second_coach, "U0MORGAN"):
            await asyncio.sleep(self._world.random.uniform(60, 6 * 3600))
        self._world.note("the team has no second coach any more")
        self._world.sometimes("a coach goes")
        self._world.second_left_at = self._world.clock.now()

    async def told(
        self, change: Callable[[Replica, str], Coroutine[Any, Any, None]], who: str
    ) -> bool:
        """Whether a process made the change; it may be killed over it, and none may be alive."""
        alive = self._world.alive()
        if not alive:
            return False
        replica = self._world.random.choice(alive)
        task = replica.process.start(change(replica, who))
        await asyncio.wait([task])
        if task.cancelled() or isinstance(task.exception(), (Killed, Refusal)):
            return False
        await task  # whatever else it raised is for the simulation to tell
        return True

    async def _enrol(self, replica: Replica, who: str) -> None:
        """As the form does, which reads the profile first."""
        if await replica.profiles.refresh(ALEX.workspace_id, [who]):
            raise Refusal("Slack does not tell")
        await replica.database.write(
            setup_forms.enrol_reps,
            caller=ALEX,
            team_id=self._seeded.team_id,
            slack_user_ids=[who],
            now=self._world.clock.now(),
        )

    async def _end_second_coach(self, replica: Replica, _: str) -> None:
        await replica.database.write(
            _without_second_coach, team_id=self._seeded.team_id, now=self._world.clock.now()
        )

    async def _end(self, replica: Replica, who: str) -> None:
        await replica.database.write(
            setup_forms.end_enrolment,
            caller=ALEX,
            member_id=self._seeded.members[who],
            now=self._world.clock.now(),
        )

    async def _reach(self, moment: float) -> None:
        await asyncio.sleep(max(moment - self._world.loop.time(), 0.0))

    def is_rep(self, who: str) -> bool:
        """Whether somebody is in the team, as far as the bot was told."""
        stints = self.stints[who]
        return bool(stints) and stints[-1].until is None

    def is_there(self, who: str) -> bool:
        """Whether somebody has an account that works: nobody else does anything, or reads anything."""
        return not self._world.workspace.users[who].deleted

    async def _profile_is_read(self, who: str) -> None:
        """Of the beats that read profiles anew, those that find something: within a day of a change that no
        event told of, and a minute later again where reading fails.
        """
        await asyncio.sleep(self._world.random.uniform(60, 20 * 3600))
        tries = 0
        while not self._is_known(who):
            if not self.is_rep(who):
                # Whoever is in no team is read when they join one.
                await asyncio.sleep(86_400)
                continue
            tries += 1
            for replica in self._world.alive():
                replica.process.start(replica.beat(PROFILES))
            await asyncio.sleep(PROFILES_SECONDS if tries < 10 else 10 * PROFILES_SECONDS)
        if self.is_there(who):
            for stay in self.zones[who]:
                stay.known_since = stay.known_since or self._world.clock.now()

    def _is_known(self, who: str) -> bool:
        """Whether the bot knows what the profile says; of somebody deactivated, Slack tells no zone."""
        user = self._world.workspace.users[who]
        (known,) = self._world.promises.rows(
            "SELECT (? OR timezone = ?) AND coalesce(inactive_because = 'deactivated', 0) = ? FROM member"
            " WHERE slack_user_id = ?",
            bool(user.deleted),
            user.tz,
            bool(user.deleted),
            who,
        )[0]
        return bool(known)


def _without_second_coach(session: Session, *, team_id: int, now: datetime) -> None:
    """What the team's form does with an empty second coach."""
    team = session.get_one(Team, team_id)
    before = hands_of(team)
    team.second_coach_id = None
    team_changed(session, team=team, before=before, by_id=team.coach_id, now=now)
