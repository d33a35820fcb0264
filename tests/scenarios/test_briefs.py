"""The weekly brief as a coach meets it: misses, *Well done*, and a channel that changes hands."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.shown.substitutes import LAST_DAY, SUBSTITUTE
from bot.sandbox.records import Message
from bot.slack.views.alerts import DONE
from bot.slack.views.coaching import acts, agreements
from bot.slack.views.coaching.briefs import PRAISE
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, text_of

KEPT = f"{agreements.ANSWER}kept.yes"


def briefs(messages: list[Message]) -> list[Message]:
    return [one for one in messages if "Harbor Sales: the week" in text_of(one)]


async def test_misses_a_brief_well_done_and_a_handover(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    await world.dana.press(world.alerts()[0], action_id=DONE)
    friday = (world.clock.now().date() + timedelta(days=4)).isoformat()
    agreed = {acts.NOTE_FIELD: "Small steps.", acts.STEP_FIELD: "Three plans"}
    await world.dana.submit({**agreed, acts.DUE_FIELD: friday})
    await world.quiet()
    await world.monday()
    await world.priya.press(world.check_in_message(), action_id=KEPT)
    await answer_all(world, "20", "4", "10,000")
    for hours in (6, 32, 9, 1):  # Sam's Monday, his deadline, Dana's morning
        await world.move(hours=hours)

    (brief,) = briefs(world.dana.messages())
    words = text_of(brief)
    assert "0 met every goal, *1 missed*, *1 silent*." in words
    assert "*1. <@U0SAM>*  :dart: *Hold accountable*: no answer by the deadline" in words
    assert "4 of 9 (log: 0)" in words
    assert "*<@U0PRIYA>*  Kept the step “Three plans”." in words
    before = len(world.priya.messages())
    assert (await world.dana.press(brief, action_id=PRAISE)).acked
    await world.quiet()
    (praise,) = world.priya.messages()[before:]
    assert "<@U0DANA> says *well done*" in text_of(praise)
    (brief,) = briefs(world.dana.messages())
    assert "<@U0DANA> said well done" in text_of(brief)

    assert briefs(world.dana.messages("C0COACH")) == []
    await world.dana.command("/coach", "substitute")
    await world.dana.submit({SUBSTITUTE: "U0ALEX", LAST_DAY: "2026-12-04"})
    await world.quiet()
    assert world.dana.errors == {}
    assert briefs(world.dana.messages()) == []
    withdrawn = ":arrow_right: The brief about Harbor Sales is now with <@U0ALEX>."
    assert withdrawn in [text_of(one) for one in world.dana.messages()]
    (moved,) = briefs(world.alex.messages())
    assert "<@U0DANA> said well done" in text_of(moved)
