"""Four weeks with everything met: higher sights are offered to rep and coach, and it takes both."""

from __future__ import annotations

from bot.sandbox.records import Message
from bot.slack.views.coaching.on_home import NOD
from bot.slack.views.plans import buttons as buttons
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import COACHES, modal_of, newest, propose, words_of


async def answer(world: World, *numbers: str) -> None:
    """Priya answers her open check-in with these numbers."""
    await world.priya.command("/checkin")
    fields = [b["block_id"] for b in modal_of(world.priya)["blocks"] if b["type"] == "input"]
    await world.priya.submit(dict(zip(fields, numbers, strict=True)))
    assert world.priya.errors == {}
    await world.quiet()


async def accept(world: World) -> None:
    """Dana accepts the numbers of Priya's week, of which the log knows nothing."""
    await world.dana.open_home()
    await world.quiet()
    await world.dana.press(world.dana.home or {}, action_id=NOD)
    await world.quiet()


async def offered(world: World) -> tuple[Message, Message]:
    """A signed plan of 22, 9 and $13,044, met four times: what the coaches and the rep are offered."""
    await world.dana.press(await propose(world), action_id=buttons.APPROVE)
    await world.quiet()
    await world.monday()  # about the week before the plan
    await answer(world, "20", "9", "10k")
    for week in range(4):
        assert not offers(world), week
        await world.monday()
        await answer(world, "22", "9", "13,044")
        await accept(world)
    await world.move(days=1, hours=9)  # the check-in has closed
    (offer,) = offers(world)
    return offer, world.last(world.priya)


def offers(world: World) -> list[Message]:
    """The messages about higher sights in the coach channel, whatever became of them."""
    return [m for m in world.dana.messages(COACHES) if "sights" in text_of(m)]


async def test_higher_sights_count_from_the_monday_after_both_agreed(world: World) -> None:
    offer, asked = await offered(world)
    assert "*met every goal, week after week. Raise the sights?*" in text_of(offer)
    assert text_of(offer).count("accepted by a coach. Conversations: answered 22, log says 0") == 4
    assert "conversations  (now 22)" in text_of(offer)
    assert "Raise your sights?" in text_of(asked)

    await world.priya.press(asked, action_id=buttons.AGREE)
    await world.quiet()
    (offer,) = offers(world)
    assert "<@U0PRIYA> is in; it needs <@U0DANA>, too." in text_of(offer)
    await world.priya.command("/plan")
    assert "It waits for <@U0DANA>." in words_of(world.priya)
    await world.priya.close_all()
    await world.monday()
    assert "0 of 22 logged" in text_of(world.check_in_message())  # nothing changes by one alone

    await world.dana.press(offer, action_id=buttons.AGREE)
    await world.quiet()
    (offer,) = offers(world)
    assert "*The sights of* <@U0PRIYA> *are raised*, version 2." in text_of(offer)
    assert "*Your sights are raised.*" in "".join(text_of(m) for m in world.priya.messages())
    await answer(world, "22", "9", "13,044")
    await world.monday()
    assert "0 of 22 logged" in text_of(world.check_in_message())
    await world.monday()
    assert "0 of 22 logged" not in text_of(world.check_in_message())
    assert newest(world).ts >= offer.ts


async def test_one_not_now_is_enough_and_keeps_it_quiet_for_a_quarter(world: World) -> None:
    offer, asked = await offered(world)
    plan = next(b for b in asked.blocks if b["type"] == "actions")["elements"][0]["value"]
    await world.dana.press(offer, action_id=buttons.NOT_NOW)
    await world.quiet()
    (offer,) = offers(world)
    assert "<@U0DANA> would *not raise the sights* of <@U0PRIYA> *now*." in text_of(offer)
    assert "Your sights stay as they are." in text_of(
        next(m for m in world.priya.messages() if m.ts == asked.ts)
    )
    await world.priya.forge_press(buttons.AGREE, plan, channel=world.priya.dm, message_ts=asked.ts)
    await world.quiet()
    assert "Dana Whitfield said no" in text_of(world.last(world.priya))
    for _ in range(5):
        await world.monday()
        assert "0 of 22 logged" in text_of(world.check_in_message())
        await answer(world, "22", "9", "13,044")
        await accept(world)
    await world.move(days=1, hours=9)  # the check-in has closed
    assert len(offers(world)) == 1
