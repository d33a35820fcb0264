"""A rep's history, opened by the rep and by a coach, who notes a correction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.calendars.open_weeks import LATE_ANSWERS
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, text_of
from tests.scenarios.logged import log

BARE: dict[str, Any] = {"blocks": []}


def which(view: dict[str, Any]) -> str:
    """The value of the first number that the form offers."""
    (select,) = (b["element"] for b in view["blocks"] if b.get("block_id") == "which")
    return str(select["options"][0]["value"])


async def test_a_coach_looks_a_rep_up_and_notes_a_correction(world: World) -> None:
    await log(world, "Acme 2nd")
    await world.monday()
    await answer_all(world, "20", "4", "0")
    deadline_at = world.check_in("U0PRIYA").deadline_at
    assert deadline_at is not None
    await world.move_to(deadline_at + LATE_ANSWERS + timedelta(minutes=1))
    dana = world.dana
    await dana.open_home()
    await world.quiet()
    assert dana.home is not None
    await dana.press(dana.home, action_id="record.open", value="U0PRIYA")
    assert "Conversations: 20 of 20" in text_of(dana.modal or BARE)
    await dana.press(dana.modal or BARE, action_id="record.log", value="U0PRIYA")
    assert "*Acme*   2nd" in text_of(dana.modal or BARE)
    await dana.close()
    await dana.press(dana.modal or BARE, action_id="record.plan")
    assert "No plan of theirs is signed yet" in text_of(dana.modal or BARE)
    await dana.close()
    await dana.press(dana.modal or BARE, action_id="record.correct")
    await dana.submit({"which": which(dana.modal or BARE), "number": "lots", "reason": "x"})
    assert "is not a number" in dana.errors["number"]
    await dana.submit({"number": "1", "reason": "One was logged."})
    await world.workspace.until(lambda: "1 would be right" in text_of(dana.modal or BARE))
    await dana.close_all()
    await world.priya.open_home()
    await world.quiet()
    assert world.priya.home is not None
    await world.priya.press(world.priya.home, action_id="record.open")
    said = text_of(world.priya.modal or BARE)
    assert "Conversations: 20 of 20" in said
    assert "noted by <@U0DANA>" in said
    # Nobody else, whatever they press.
    for person, value in ((world.sam, "U0PRIYA"), (world.alex, "U0PRIYA"), (world.sam, "x")):
        before = len(person.messages())
        assert (await person.forge_press("record.open", value)).acked
        await world.workspace.until(lambda: len(person.messages()) > before)  # noqa: B023
        assert person.modal is None
