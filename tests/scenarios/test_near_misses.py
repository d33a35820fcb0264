"""A company that is nearly one the rep knows is asked about, in the answer and in the form."""

from __future__ import annotations

from tests.scenarios.conftest import World, text_of
from tests.scenarios.logged import count, log


async def test_a_near_miss_is_asked_about_and_answered_with_a_press(world: World) -> None:
    await log(world, "Northwind 1st")
    question = await log(world, "Northwnd 2nd")
    assert "“Northwnd” is new to your log. Is it Northwind?" in text_of(question)
    assert count(world) == 1
    await world.priya.press(question, action_id="conversation.which.0")
    await world.workspace.until(lambda: "Logged" in text_of(world.last(world.priya)))
    assert "Northwind is on 2nd: 1 base move" in text_of(world.last(world.priya))
    assert count(world) == 2


async def test_a_near_miss_may_be_new(world: World) -> None:
    await log(world, "Northwind 1st")
    question = await log(world, "Northwnd lost")
    await world.priya.press(question, action_id="conversation.which.new")
    await world.workspace.until(lambda: "Logged" in text_of(world.last(world.priya)))
    assert "Northwnd is lost and closed" in text_of(world.last(world.priya))


async def test_a_near_miss_that_goes_back_asks_why_in_the_form(world: World) -> None:
    await log(world, "Northwind 3rd")
    question = await log(world, "Northwnd 1st")
    await world.priya.press(question, action_id="conversation.which.0")
    assert world.priya.modal is not None
    await world.priya.submit({"back_reason": "No budget"})
    await world.workspace.until(lambda: "Logged" in text_of(world.last(world.priya)))
    assert count(world) == 2


async def test_a_near_miss_in_the_form_is_a_choice_in_the_form(world: World) -> None:
    await log(world, "Northwind 1st")
    await world.priya.command("/log-conversation")
    await world.priya.submit({"company": "Northwnd", "base": "2nd", "close": "inoffensive"})
    assert world.priya.modal is not None
    assert count(world) == 1
    await world.priya.submit({"which_company": "Northwind"})
    assert world.priya.modal is None
    await world.workspace.until(lambda: "Northwind is on 2nd" in text_of(world.last(world.priya)))
