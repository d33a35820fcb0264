"""Weeks of use with everything going wrong: two bots on one PostgreSQL, killed, stopped and restarted.

All chance comes from one seed. What happened when is up to the machine, so a seed repeats the plan of a run and
not its every moment; what was promised must hold in any case.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from bot.sandbox.people import Person
from bot.sandbox.records import Message
from bot.slack.views.checkins.forms import FIELD, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, SNOOZE
from tests.patience import PATIENCE
from tests.processes.conftest import Bot, Yard

FAULTY = ("chat.postMessage", "chat.update", "views.publish", "views.open", "users.info")
FROM_MONDAY_TO_TUESDAY = timedelta(hours=35)
"""From the check-ins to the evening after their deadline, less what the dice take off."""

LONGEST_QUIET = 120
"""Moves of a quarter of an hour within which everything must come to rest at the end."""


@dataclass
class Given:
    """An answer that Slack showed as taken."""

    answer_id: int
    verdict: str


@dataclass
class Soak:
    """One run: the plan, the counts, and what was acknowledged."""

    yard: Yard
    seed: int
    said: Counter[str] = field(default_factory=Counter)
    given: list[Given] = field(default_factory=list)
    awaited: dict[str, tuple[Given, int]] = field(default_factory=dict)
    """By person: the press that was acknowledged last, and how many notes they had been shown before it."""

    touched: set[int] = field(default_factory=set)
    running: list[Bot] = field(default_factory=list)
    steps: int = 16
    """Moves of the clock in each week."""

    weeks: int = 0

    async def run(self, *, seconds: float) -> None:
        """Whole weeks, until the time is over; then an hour without faults, to come to rest."""
        dice, until = random.Random(self.seed), time.monotonic() + seconds
        self.running = list(await asyncio.gather(self.yard.start_bot(), self.yard.start_bot()))
        await self._welcomed()
        self.yard.clock.move_to(self.yard.clock.now().replace(hour=9, minute=0) + timedelta(days=3))
        monday = self.yard.clock.now()
        while self.weeks == 0 or time.monotonic() < until:
            if self.weeks:
                self.yard.clock.move_to(monday + timedelta(weeks=self.weeks))
            await self._week(dice)
            self.weeks += 1
        await self._rest()

    async def stop(self) -> None:
        """End what this run started."""
        for bot in self.running:
            if bot.process.returncode is None:
                bot.process.send_signal(signal.SIGCONT)
                await bot.kill()

    async def _welcomed(self) -> None:
        """Nobody is asked before the bots have said hello to everybody."""
        reps = sum(user.startswith("U0REP") for user in self.yard.workspace.users)
        calls = self.yard.workspace.calls
        await self.yard.workspace.until(
            lambda: sum(call.method == "chat.postMessage" for call in calls) >= reps,
            timeout=PATIENCE,
        )
        self._trouble(on=True)

    def _trouble(self, *, on: bool) -> None:
        faults = self.yard.workspace.faults
        faults.clear()
        faults.release()
        for method in FAULTY if on else ():
            faults.refuse(5, "429", method, retry_after=1)
            faults.refuse(2, "500", method)
            faults.refuse(2, "lost", method)
            faults.refuse(1, "slow", method, seconds=1)

    async def _week(self, dice: random.Random) -> None:
        step = FROM_MONDAY_TO_TUESDAY.total_seconds() / self.steps
        for number in range(self.steps):
            # One dies in each week for certain, while the check-ins go out.
            how = 0.0 if number == 0 else dice.random()
            await asyncio.gather(self._people(dice), self._nemesis(dice, how))
            await self._moment()
            self.yard.clock.move(dice.uniform(0.5, 1.0) * step / 2)
            await self._moment()
            self.yard.clock.move(step / 2)

    async def _moment(self) -> None:
        """A little real time for the bots to hear of the clock, then until they have nothing left to do."""
        with contextlib.suppress(TimeoutError):
            await self.yard.workspace.until(lambda: False, timeout=0.15)
        with contextlib.suppress(TimeoutError):
            await self.yard.workspace.until(lambda: self.unfinished() == 0, timeout=0.5)

    # The people

    async def _people(self, dice: random.Random) -> None:
        reps = sorted(user for user in self.yard.workspace.users if user.startswith("U0REP"))
        chosen = dice.sample(reps, max(len(reps) // 5, 1))
        await asyncio.gather(*(self._act(Person(self.yard.workspace, who), dice) for who in chosen))

    async def _act(self, person: Person, dice: random.Random) -> None:
        self._settle(person)
        way = dice.random()
        if way < 0.15:
            outcome = await person.command("/log-conversation", f"Acme {dice.randint(1, 99)} 1st")
            self.said["commands acknowledged" if outcome.acked else "commands not answered"] += 1
            return
        open_ones = [m for m in person.messages() if _buttons(m, ANSWER_YES)]
        if not open_ones:
            return
        message = open_ones[-1]
        answer_id = int(_buttons(message, ANSWER_YES)[0])
        if way < 0.25 and _has(message, SNOOZE):
            outcome = await person.select(message, action_id=SNOOZE, value="1h")
            self._count(outcome.acked)
            return
        if answer_id in self.touched:
            return
        self.touched.add(answer_id)
        notes = _notes(person)
        verdict = dice.choice(["yes", "no"])
        action_id = ANSWER_YES if verdict == "yes" else ANSWER_NO
        await person.close_all()  # a form that nobody answered for stays open
        outcome = await person.press(message, action_id=action_id, value=str(answer_id))
        self._count(outcome.acked)
        if not outcome.acked:
            return
        modal = person.modal
        if modal is None or modal["callback_id"] != NUMBER_MODAL:
            if verdict == "no":
                self.awaited[person.id] = (Given(answer_id, verdict), notes)
            return
        number = "25" if verdict == "yes" else "3"
        sent = await person.submit({f"{FIELD}{answer_id}": number})
        self._count(sent.acked)
        if sent.acked and not sent.body:
            self.given.append(Given(answer_id, verdict))

    def _settle(self, person: Person) -> None:
        """Their last press was taken, unless a note beside it said otherwise; that comes after the ack."""
        pressed, notes = self.awaited.pop(person.id, (None, 0))
        if pressed is None:
            return
        if _notes(person) == notes:
            self.given.append(pressed)
        else:
            self.said["presses refused in words"] += 1

    def _count(self, acked: bool) -> None:
        self.said["presses acknowledged" if acked else "presses not answered"] += 1

    # What goes wrong

    async def _nemesis(self, dice: random.Random, how: float) -> None:
        which = dice.randrange(len(self.running))
        bot = self.running[which]
        if how < 0.15:
            await bot.kill()
            self.said["killed -9"] += 1
        elif how < 0.25:
            await bot.terminate()
            self.said["terminated"] += 1
        elif how < 0.45:
            bot.process.send_signal(signal.SIGSTOP)
            await self._moment()
            bot.process.send_signal(signal.SIGCONT)
            self.said["stopped and continued"] += 1
        if bot.process.returncode is not None:
            self.running[which] = await self.yard.start_bot()

    # The end

    async def _rest(self) -> None:
        """Without faults from here on, until nothing is open, due or to be healed."""
        self._trouble(on=False)
        await self._moment()
        for user in list(self.awaited):
            self._settle(Person(self.yard.workspace, user))
        for _ in range(LONGEST_QUIET):
            self.yard.clock.move(900)
            await self._moment()
            if self.unfinished() or self._count_of(_OPEN):
                continue
            if self._count_of(_POSSIBLE_DUPLICATES) == 0:
                return
            # Second copies are looked for each minute, and at the start: that is sooner here.
            await asyncio.gather(*(bot.terminate() for bot in self.running))
            self.running = [await self.yard.start_bot()]
        raise AssertionError(f"seed {self.seed}: the bots do not come to rest")

    def unfinished(self) -> int:
        """Rows of the outbox that are not shown yet."""
        return self._count_of(_UNFINISHED)

    def _count_of(self, statement: str) -> int:
        return int(self.rows(statement)[0][0] or 0)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]

    def __post_init__(self) -> None:
        self._engine = sa.create_engine(self.yard.database_url)

    def close(self) -> None:
        self._engine.dispose()

    # What must hold

    def violations(self) -> list[str]:
        """Every promise that was not kept, from the sandbox's own record and the database."""
        return [
            *self._check_ins(),
            *self._reminders(),
            *self._alerts(),
            *self._answers(),
            *self._quiet(),
        ]

    def _check_ins(self) -> list[str]:
        """One visible check-in for each rep and week."""
        asked_in = {
            str(token): (str(user), str(week))
            for token, user, week in self.rows(
                "SELECT o.token, m.slack_user_id, c.week FROM outbox o JOIN check_in c "
                "ON c.id = o.subject_id AND o.surface = 'check_in' JOIN member m ON m.id = c.member_id"
            )
        }
        seen = Counter(
            asked_in[token]
            for _, message in self._in_dms()
            if (token := _token(message)) in asked_in
        )
        reps = {user for user in self.yard.workspace.users if user.startswith("U0REP")}
        weeks = {week for _, week in seen}
        found = [f"{n} check-ins for {key}" for key, n in seen.items() if n != 1]
        found += [
            f"no check-in for {user} about {week}"
            for user in sorted(reps)
            for week in sorted(weeks)
            if not seen[user, week]
        ]
        if len(weeks) != self.weeks:
            found.append(f"check-ins about {len(weeks)} weeks, of {self.weeks}")
        return found

    def _reminders(self) -> list[str]:
        """No more than two for a check-in, besides those that the rep snoozed."""
        sent = self.rows(
            "SELECT check_in_id, count(*) FROM reminder "
            "WHERE sent_at IS NOT NULL AND number <= 2 GROUP BY check_in_id HAVING count(*) > 2"
        )
        copies = Counter(_token(message) for _, message in self._in_dms())
        found = [f"more than two reminders of check-in {row[0]}" for row in sent]
        return found + [f"{n} copies of one message" for n in copies.values() if n != 1]

    def _alerts(self) -> list[str]:
        """One visible message for each miss, and none for anybody who answered yes."""
        missed = self._count_of(
            "SELECT count(*) FROM check_in c WHERE c.state = 'unanswered' OR EXISTS "
            "(SELECT 1 FROM answer a WHERE a.check_in_id = c.id AND a.verdict = 'no')"
        )
        alerts = self._count_of("SELECT count(*) FROM alert")
        shown = Counter(
            _token(message)
            for message in self.yard.workspace.messages("C0COACH")
            if message.from_bot
        )
        found = [f"{n} copies of one alert" for n in shown.values() if n != 1]
        late_yes = alerts - missed
        if late_yes < 0:
            found.append(f"{missed} misses, {alerts} alerts")
        if len(shown) != alerts:
            found.append(f"{alerts} alerts, {len(shown)} of them in the coach channel")
        return found

    def _answers(self) -> list[str]:
        """What was acknowledged is in the database."""
        verdicts = dict(self.rows("SELECT id, verdict FROM answer"))
        return [
            f"answer {one.answer_id} was taken as {one.verdict} and is {verdicts.get(one.answer_id)}"
            for one in self.given
            if verdicts.get(one.answer_id) != one.verdict
        ]

    def _quiet(self) -> list[str]:
        """Nothing shouts at a whole channel."""
        everything = [message for _, message in self._in_dms()]
        everything += self.yard.workspace.messages("C0COACH")
        return [
            f"it shouts: {message.text!r}"
            for message in everything
            if message.pings & {"channel", "here", "everyone"} or "<!" in message.text
        ]

    def _in_dms(self) -> list[tuple[str, Message]]:
        workspace = self.yard.workspace
        return [
            (channel.user or "", message)
            for channel in workspace.channels.values()
            if channel.kind == "im"
            for message in workspace.messages(channel.id)
            if message.from_bot and message.ephemeral_to is None
        ]

    def summary(self) -> str:
        """What went on, on a few lines."""
        calls = self.yard.workspace.calls
        failed = Counter(str(call.response.get("error")) for call in calls if not _went_well(call))
        posts = sum(call.method == "chat.postMessage" for call in calls)
        lines = [
            f"weeks {self.weeks}, bots started {len(self.yard.bots)}, calls {len(calls)}",
            f"messages posted {posts}, visible in DMs {len(self._in_dms())}",
            "  ".join(f"{what} {count}" for what, count in sorted(self.said.items())),
            f"calls that failed: {dict(failed)}",
            f"answers acknowledged: {len(self.given)}",
        ]
        return "\n".join(lines)


_UNFINISHED = "SELECT count(*) FROM outbox WHERE due_at IS NOT NULL"
_POSSIBLE_DUPLICATES = "SELECT count(*) FROM outbox WHERE duplicate_check_at IS NOT NULL"
_OPEN = "SELECT count(*) FROM check_in WHERE state IN ('open', 'scheduled')"


def _went_well(call: object) -> bool:
    return bool(getattr(call, "response", {}).get("ok"))


def _notes(person: Person) -> int:
    """How many ephemeral notes this person has been shown."""
    return sum(message.ephemeral_to is not None for message in person.messages())


def _token(message: Message) -> str:
    """What the bot knows the message by."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("token"))


def _elements(message: Message) -> list[dict[str, object]]:
    return [
        element
        for block in message.blocks
        for element in [*block.get("elements", []), block.get("accessory")]
        if isinstance(element, dict)
    ]


def _buttons(message: Message, action_id: str) -> list[str]:
    """The values of the buttons with this action_id."""
    return [str(e.get("value")) for e in _elements(message) if e.get("action_id") == action_id]


def _has(message: Message, action_id: str) -> bool:
    return any(element.get("action_id") == action_id for element in _elements(message))
