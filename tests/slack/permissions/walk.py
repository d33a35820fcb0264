"""The weeks that the permission table begins with, lived through the real bot: every kind of row, one rep's."""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox.people import Person
from bot.sandbox.records import Channel, User
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.coaching import acts, words
from bot.slack.views.plans import buttons
from bot.slack.views.setup.inputs import PICK
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, seed_team
from tests.scenarios.planning import COACHES, propose
from tests.seeding import seed_once

QUINN, SUBST = "U0QUINN", "U0SUBST"
"""Who coaches after Dana, and who stands in for Quinn."""

COMPANY, SALES, LINE = "Zanzibar Quay", "7313", "zzbusy"
"""What only Priya and her coaches may read."""
MARKERS = (COMPANY, "7,313", LINE, "617,000", "713,000")
NEW_CHANNEL = "C0NEW"


async def walk(world: World) -> None:
    """Live two weeks and a Monday; then Quinn coaches in Dana's place, in another channel."""
    seed_once(world.database, seed_team, now=world.clock.now())
    _people(world)
    await world.quiet()
    await world.alex.command("/coach", "metric")
    await _logs(world)
    await _first_weeks(world)
    await _plans(world)
    await _monday(world)
    await _hand_over(world)
    for person in (world.priya, world.sam, world.dana, world.morgan, world.alex):
        await person.open_home()
    await Person(world.workspace, QUINN).open_home()
    await world.quiet()


def _people(world: World) -> None:
    for user_id, name in ((QUINN, "Quinn Reyes"), (SUBST, "Sasha Wood")):
        world.workspace.add_user(User(user_id, name.split()[0].casefold(), name))
    world.workspace.add_channel(
        Channel(
            NEW_CHANNEL,
            "coach-quinn",
            kind="private",
            members=[QUINN, "U0ALEX", "U0BASECOACH"],
            creator=QUINN,
        )
    )


async def _logs(world: World) -> None:
    await world.alex.submit({"name": "Calls", "question": "How many calls?"})
    for line in (f"{COMPANY} 1st", f"{COMPANY} 2nd", "Harbor Lights lost"):
        assert (await world.priya.command("/log-conversation", line)).acked
    await world.priya.command("/checkin", "away 14 Dec - 15 Dec")
    await world.quiet()


async def _first_weeks(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", SALES)
    (alert,) = world.dana.messages(COACHES)
    await world.priya.select(world.check_in_message(), action_id=words.CAUSE, value="no_time")
    await world.monday()
    await answer_all(world, "3", "9", SALES)
    await world.dana.press(alert, action_id=TAKE)
    await world.dana.press(alert, action_id=DONE)
    due = (world.clock.now().date() + timedelta(days=4)).isoformat()
    step = {acts.NOTE_FIELD: LINE, acts.STEP_FIELD: "Three plans", acts.DUE_FIELD: due}
    await world.dana.submit(step)
    assert world.dana.errors == {}
    await world.quiet()


async def _plans(world: World) -> None:
    await world.dana.press(await propose(world, goal="617k"), action_id=buttons.APPROVE)
    await world.quiet()


async def _monday(world: World) -> None:
    await world.monday()
    await world.priya.open_home()
    await world.quiet()
    await world.priya.press(world.priya.home or {}, action_id=words.ADVICE)
    await world.priya.submit({words.ADVICE_FIELD: LINE})
    await world.sam.command("/checkin", "midweek on")
    await world.sam.open_home()
    await world.quiet()


async def _hand_over(world: World) -> None:
    await world.alex.command("/coach", "team")
    await world.alex.select(world.alex.modal or {}, action_id=f"{PICK}team", value="1")
    await world.alex.submit({"coach": QUINN, "channel": NEW_CHANNEL})
    assert world.alex.errors == {}
    await world.alex.close_all()
    await world.quiet()
