"""A plan is withdrawn and sent again, its goal is reached early, its time ends, and another begins."""

from __future__ import annotations

from bot.rules.plan import AVERAGE_SALE, GOAL
from bot.sandbox.records import Message
from bot.slack.views.plans import buttons as buttons
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import COACHES, choose_dates, modal_of, newest, title_of, words_of


async def send(world: World) -> Message:
    """Priya's plan for the four weeks until 20 December, through its three steps."""
    await choose_dates(world, last="2026-12-20")
    await world.priya.submit({GOAL: "60k"})
    await world.priya.submit({AVERAGE_SALE: "20,000"})
    await world.priya.submit()
    assert world.priya.errors == {}
    assert title_of(world.priya) == "Your plan is sent"
    await world.priya.close_all()
    await world.quiet()
    return newest(world)


def about(world: World, words: str) -> tuple[list[Message], list[Message]]:
    """What Priya, and what the coach channel got with these words."""
    mine = [m for m in world.priya.messages() if words in text_of(m)]
    theirs = [m for m in world.dana.messages(COACHES) if words in text_of(m)]
    return mine, theirs


async def test_from_a_withdrawn_plan_to_the_account_of_its_time(world: World) -> None:
    await world.priya.command("/plan")
    first = await send(world)
    await world.priya.command("/plan")
    await world.priya.press(modal_of(world.priya), action_id=buttons.WITHDRAW)
    await world.quiet()
    assert "No plan of yours is signed yet" in words_of(world.priya)
    (gone,) = [m for m in world.dana.messages(COACHES) if m.ts == first.ts]
    assert "*was withdrawn*" in text_of(gone)
    assert "Priya Nair took it back." in text_of(gone)

    await world.priya.press(modal_of(world.priya), action_id=buttons.CHANGE)
    await world.dana.press(await send(world), action_id=buttons.APPROVE)
    await world.quiet()
    await world.monday()
    await world.priya.command("/log-conversation", "Acme home 61k")
    await world.quiet()
    early = about(world, "the goal of")
    assert [len(found) for found in early] == [1, 1]
    assert "*You reached the goal of your plan early*, version 2" in text_of(early[0][0])
    assert "*$61,000* sold of the *$60,000* planned: $1,000 above it" in text_of(early[1][0])
    await world.priya.press(early[0][0], action_id=buttons.AFRESH)
    assert title_of(world.priya) == "Plan 1 of 3: goal"
    await world.priya.close_all()

    await world.move(
        days=29, hours=9
    )  # Tuesday 22 December: the check-in about its last week has closed
    over = about(world, "is over*")
    assert [len(found) for found in over] == [1, 1]
    assert "Its targets stand until 17 January 2027." in text_of(over[0][0])
    assert [len(found) for found in about(world, "the goal of")] == [1, 1]
