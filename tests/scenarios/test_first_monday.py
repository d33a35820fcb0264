"""The first Monday of `make sandbox`, as README walks through it: one alert, one step that is due, one brief."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import demo
from bot.clock import SettableClock
from bot.database import Database
from bot.domain.checkins import schedule_ahead
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from bot.slack.views.checkins.forms import FIELD
from bot.slack.views.checkins.messages import ANSWER_YES, AS_LOGGED
from bot.slack.views.coaching.agreements import ANSWER
from bot.slack.views.coaching.briefs import PRAISE
from tests.commands.messages import table_rows
from tests.scenarios.answering import answer_ids
from tests.scenarios.conftest import World, opened, text_of
from tests.seeding import seed_once


async def test_one_alert_one_step_one_brief(database: Database, clock: SettableClock) -> None:
    seed_once(database, demo.seed, now=clock.now())
    async with opened(database, clock, "socket_mode") as world:
        await world.quiet()
        maya = Person(world.workspace, "U0MAYA")
        await world.priya.command("/log-conversation", "Acme 2nd")
        await jump(world, schedule_ahead.next_check_in)
        await answer(world.priya, referrals="5")
        await answer(maya, referrals="4")
        await jump(world, schedule_ahead.next_check_in)
        await answer(world.sam, referrals="4")
        await world.quiet()

        steps = [m for m in world.sam.messages() if f"{ANSWER}kept.yes" in str(m.blocks)]
        assert len(steps) == 1
        assert "*Your step:* Two first meetings a day" in text_of(steps[0])
        await world.sam.press(steps[0], action_id=f"{ANSWER}kept.yes")
        await jump(world, schedule_ahead.next_brief)

        (alert,) = world.alerts()
        assert "<@U0PRIYA> *missed 1 of 4 goals*" in text_of(alert)
        (brief,) = [m for m in world.dana.messages() if has_table(m)]
        cells = {row[0]: row for row in table_rows({"blocks": brief.blocks})}
        assert {name: row[1] for name, row in cells.items()} == {
            "Priya Nair": "Missed",
            "Sam Ortiz": "Met",
            "Maya Brandt": "Met",
        }
        assert cells["Sam Ortiz"][-1] == "Two first meetings a day: done"
        assert str(brief.blocks).count(PRAISE) == 2  # Maya's streak, and Sam's step


async def jump(world: World, moment: Callable[[Session], datetime | None]) -> None:
    """Press one of the buttons beside the clock."""
    found = await world.database.read(moment)
    assert found is not None
    await world.move_to(found + timedelta(seconds=1))


async def answer(person: Person, *, referrals: str) -> None:
    """Press *All as logged*, and give the number of the goal that nobody logs."""
    check_in = next(m for m in person.messages() if AS_LOGGED in str(m.blocks))
    last = answer_ids(check_in)[-1]
    await person.press(check_in, action_id=ANSWER_YES, value=last)
    await person.submit({f"{FIELD}{last}": referrals})
    assert person.errors == {}
    await person.press(check_in, action_id=AS_LOGGED)


def has_table(message: Message) -> bool:
    return any(block["type"] == "table" for block in message.blocks)
