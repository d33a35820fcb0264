"""Changes of hands: coaches are replaced, reps move, channels become public, and former coaches still press."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot.app import CHANNELS, PROFILES_SECONDS
from bot.domain.people import teams
from bot.domain.setup import forms as setup_forms
from bot.domain.shown.setup import Channel, TeamForm
from bot.domain.tables import Team
from bot.sandbox import records
from bot.sandbox.records import BOT_USER_ID
from bot.slack.views.alerts import TAKE
from bot.slack.views.plans.buttons import APPROVE
from tests.simulation.hand_changes import HandChange
from tests.simulation.replicas import Replica
from tests.simulation.seed import KIM
from tests.simulation.whereabouts import ALEX

if TYPE_CHECKING:
    from tests.simulation.world import World

OTHER = {"coach": ("U0DANA", KIM), "second coach": ("U0MORGAN", "U0ALEX")}
"""The two who take turns as the coach, and as the second coach: the latter is an admin who chooses himself."""


class Hands:
    """All changes of one world, each until the bot has taken it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = Random(f"hands {world.mix.seed}")
        self._channels = 0

    async def change(self, change: HandChange) -> None:
        """Make one change, when its time has come."""
        world = self._world
        await asyncio.sleep(change.at)
        if change.what in {"public", "shared"}:
            self._open_channel(change.what)
            await self._channel_is_read()
            return
        if change.what == "guest":
            await self._becomes_guest(change.person)
            return
        if change.what == "rep moves" and not world.whereabouts.is_rep(change.person):
            return
        if self._stands_already(change):
            return
        began, former = world.clock.now(), set(self.coaches())
        make = self._moves(change) if change.what == "rep moves" else self._changes(change)
        while not await world.whereabouts.told(make, change.person):
            if world.loop.time() > world.mix.faults_end:
                return  # the form is refused for as long as it names a channel that others can read
            await asyncio.sleep(self._random.uniform(60, 6 * 3600))
        world.note(f"{change.what} {change.person}".strip())
        world.sometimes(f"hands: {change.what}")
        world.promises.hands_changed(change, since=began)
        for who in sorted(former - set(self.coaches())):
            world.start(self._presses_what_was_theirs(who))
        if change.what == "second coach" and change.person in world.mix.people:
            world.start(self._signs_own_plan(change.person))

    def _stands_already(self, change: HandChange) -> bool:
        """Return whether the form shows that person or team anyway, so that saving it changes nothing."""
        one = self._world.promises.one
        match change.what:
            case "second coach":
                second = one(
                    "SELECT slack_user_id FROM team JOIN member ON member.id = second_coach_id"
                    " WHERE team.name = 'Harbor Sales'"
                )
                return bool(second == change.person)
            case "rep moves":
                team = one(
                    "SELECT team.name FROM enrolment JOIN team ON team.id = team_id"
                    " JOIN member ON member.id = member_id"
                    " WHERE ended_on IS NULL AND slack_user_id = ?",
                    change.person,
                )
                return bool(team == change.team)
        return False

    def _moves(self, change: HandChange) -> Callable[[Replica, str], Any]:
        team_id = self._team_id(change.team)

        async def move(replica: Replica, who: str) -> None:
            await replica.database.write(
                setup_forms.enrol_reps,
                caller=ALEX,
                team_id=team_id,
                slack_user_ids=[who],
                now=self._world.clock.now(),
            )

        return move

    def _changes(self, change: HandChange) -> Callable[[Replica, str], Any]:
        """Return what changes Harbor's form: another coach, second coach or channel."""

        async def save(replica: Replica, _: str) -> None:
            def update(session: Session, *, form: TeamForm, channel: Channel) -> None:
                teams.update_team(
                    session,
                    caller=ALEX,
                    team_id=self._team_id("Harbor Sales"),
                    form=form,
                    channel=channel,
                    public_confirmed=False,
                    now=self._world.clock.now(),
                )

            form = self._changed(replica, change)
            await replica.database.write(update, form=form, channel=self._seen(form.channel or ""))

        return save

    def _changed(self, replica: Replica, change: HandChange) -> TeamForm:
        def read(session: Session) -> TeamForm:
            team = session.get_one(Team, self._team_id("Harbor Sales"))
            return setup_forms.form_of(session, team)

        form = replica.database.read_now(read)
        match change.what:
            case "coach":
                first, other = OTHER["coach"]
                return replace(form, coach=other if form.coach == first else first)
            case "second coach":
                return replace(form, second_coach=change.person)
        return replace(form, channel=self._new_channel())

    def _new_channel(self) -> str:
        self._channels += 1
        channel = f"C0NEXT{self._channels}"
        members = ["U0DANA", "U0MORGAN", "U0ALEX", KIM, BOT_USER_ID]
        self._world.workspace.add_channel(
            records.Channel(channel, f"coaches-{self._channels}", kind="private", members=members)
        )
        return channel

    def _seen(self, channel: str) -> Channel:
        found = self._world.workspace.channels[channel]
        return Channel(
            channel,
            found.name,
            is_private=found.kind == "private",
            is_member=BOT_USER_ID in found.members,
            is_archived=found.is_archived,
            is_shared=found.is_ext_shared,
        )

    # What Slack says.

    def _open_channel(self, what: str) -> None:
        channel = self._world.promises.one(
            "SELECT coach_channel FROM team WHERE name = 'Harbor Sales'"
        )
        found = self._world.workspace.channels[channel]
        if what == "public":
            found.kind = "public"
        else:
            found.is_ext_shared = True
        self._world.note(f"{channel} is {what}")
        self._world.sometimes(f"hands: {what}")

    async def _channel_is_read(self) -> None:
        """Of the beats that look at channels, those that find something."""
        for _ in range(50):
            await asyncio.sleep(self._random.uniform(10, 600))
            for replica in self._world.alive():
                replica.process.start(replica.beat(CHANNELS))
            await asyncio.sleep(60)
            if self._world.promises.one(
                "SELECT channel_problem IS NOT NULL FROM team WHERE name = 'Harbor Sales'"
            ):
                return

    async def _becomes_guest(self, who: str) -> None:
        world = self._world
        world.note(f"{who} becomes a guest")
        world.sometimes("hands: guest")
        world.workspace.change_user(who, is_restricted=True)
        while not world.promises.one("SELECT is_guest FROM member WHERE slack_user_id = ?", who):
            await asyncio.sleep(self._random.uniform(60, 3600))
            for replica in world.alive():
                replica.process.start(replica.profiles.refresh(ALEX.workspace_id, [who]))
            await asyncio.sleep(PROFILES_SECONDS)
        world.start(self._presses_what_was_theirs(who))

    # What people do who may not any more.

    async def _presses_what_was_theirs(self, who: str) -> None:
        """A former coach presses on every alert, as if the old message stood in a window that was never closed."""
        world = self._world
        for _ in range(3):
            await asyncio.sleep(self._random.uniform(600, 20 * 3600))
            for (alert,) in world.promises.rows("SELECT id FROM alert WHERE done_at IS NULL"):
                await world.people.forge(who, TAKE, str(alert))
                world.sometimes("hands: a former coach presses")

    async def _signs_own_plan(self, who: str) -> None:
        world = self._world
        for (plan,) in world.promises.rows(
            "SELECT plan.id FROM plan JOIN member ON member.id = member_id"
            " WHERE slack_user_id = ? AND state = 'proposed'",
            who,
        ):
            await asyncio.sleep(self._random.uniform(60, 3600))
            await world.people.forge(who, APPROVE, str(plan))
            world.sometimes("hands: somebody signs their own plan")

    def coaches(self) -> list[str]:
        """The people who coach a team now."""
        found = self._world.promises.rows(
            "SELECT slack_user_id FROM member JOIN team ON member.id IN (coach_id, second_coach_id)"
        )
        return sorted({who for (who,) in found})

    def _team_id(self, name: str) -> int:
        return int(self._world.promises.one("SELECT id FROM team WHERE name = ?", name))
