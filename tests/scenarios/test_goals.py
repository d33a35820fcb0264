"""Other goals beside the sales goal."""

from __future__ import annotations

from bot.domain.shown.plans import (
    AMOUNT,
    COMMISSION,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    WORDS,
)
from bot.slack.views.plans import buttons as buttons
from bot.slack.views.plans.goals import ADD, MORE
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import (
    inputs_of,
    modal_of,
    newest,
    title_of,
    to_the_third_step,
    words_of,
)


async def test_other_goals_stand_beside_it_are_checked_and_pairs_are_asked_about_once(
    world: World,
) -> None:
    priya = world.priya
    await to_the_third_step(world)
    await priya.press(modal_of(priya), action_id=ADD + "income")
    await priya.submit({AMOUNT: "120k", COMMISSION: "10"})
    await world.quiet()
    assert len(priya.modals) == 1
    words = words_of(priya)
    assert "$120,000, at 10 % commission" in words
    assert "In each other's way" in words
    assert "You can send it as it is: Dana will see this, too." in words

    await priya.press(modal_of(priya), action_id=ADD + "personal")
    await priya.submit({WORDS: "Run a half marathon <!here>", HOURS: "4"})
    await world.quiet()
    assert "*Run a half marathon &lt;!here&gt;*  4 hours a week" in words_of(priya)
    pairs = [b["block_id"] for b in inputs_of(priya)]
    assert pairs

    menu = [
        option["value"]
        for block in modal_of(priya)["blocks"]
        for option in block.get("accessory", {}).get("options", [])
    ]
    change = next(value for value in menu if value.startswith("change:income"))
    await priya.press(modal_of(priya), action_id=MORE, value=change)
    await priya.submit({AMOUNT: "50k"})
    await world.quiet()
    assert "In each other's way" not in words_of(priya)

    await priya.press(modal_of(priya), action_id=ADD + "leave")
    await priya.submit({FIRST_DAY: "2027-05-03", LAST_DAY: "2027-05-14"})
    await world.quiet()
    menu = [
        option["value"]
        for block in modal_of(priya)["blocks"]
        for option in block.get("accessory", {}).get("options", [])
    ]
    removes = [value for value in menu if value.startswith("remove:")]
    assert len(removes) == 3
    await priya.press(modal_of(priya), action_id=MORE, value=removes[-1])
    await world.quiet()

    await priya.submit()
    assert set(priya.errors.values()) == {"Please complete this required field."}
    answers = dict.fromkeys(pairs, "no") | {pairs[0]: "yes"}
    await priya.submit(answers)
    assert title_of(priya) == "Your plan is sent"
    await priya.close_all()
    await world.quiet()
    assert "Run a half marathon" in text_of(newest(world))
    assert "here" not in newest(world).pings

    await priya.command("/plan")
    await priya.press(modal_of(priya), action_id=buttons.CHANGE)
    await priya.submit()
    await priya.submit()
    assert "In each other's way" in words_of(priya)  # what she said of the pair
    assert not inputs_of(priya)
