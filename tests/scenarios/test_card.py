"""A coach prepares a one-to-one: from Home, and with `/coach @name`."""

from __future__ import annotations

from typing import Any

from bot.slack.views.coaching.on_home import PREPARE
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, text_of
from tests.scenarios.logged import log

BARE: dict[str, Any] = {"blocks": []}


async def test_the_card_opens_from_home_and_by_command_for_coaches_alone(world: World) -> None:
    await log(world, "Acme 2nd")
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    dana = world.dana
    await dana.open_home()
    await world.quiet()
    await dana.press(dana.home or BARE, action_id=PREPARE, value="U0PRIYA")
    said = text_of(dana.modal or BARE)
    assert "<@U0PRIYA>*, up to the week" in said
    assert "17 of 20" in said
    assert "Acme: 2nd" in said
    for button, title in (("record.open", "Priya Nair"), ("record.log", "log")):
        await dana.press(dana.modal or BARE, action_id=button)
        assert title.casefold() in str(dana.modal).casefold()
        await dana.close()
    assert "Acme: 2nd" in text_of(dana.modal or BARE), "the card is still below"
    await dana.close_all()

    await world.morgan.command("/coach", "@priya")
    assert "Acme: 2nd" in text_of(world.morgan.modal or BARE)
    for person in (world.alex, world.sam, world.priya):
        assert (await person.command("/coach", "@priya")).acked
        assert person.modal is None
        assert "coach" in text_of(world.last(person))
