"""A rep and a coach at a plan: the steps that several stories begin with."""

from __future__ import annotations

from bot.domain.shown.plans import BEGINS_ON, ENDS_ON
from bot.rules.plan import AVERAGE_SALE, CLOSED, GOAL, RATIO, WORKING_WEEKS
from bot.sandbox.people import Person
from bot.sandbox.records import Json, Message
from bot.slack.views.plans.wizard import PICK_PERIOD
from tests.scenarios.conftest import World, text_of

COACHES = "C0COACH"

FIRST_DAY, LAST_DAY = "2026-11-23", "2027-10-10"
"""46 weeks from the Monday after the Friday on which every scenario begins."""


def modal_of(person: Person) -> Json:
    """The modal on top, which there must be."""
    assert person.modal is not None
    return person.modal


def inputs_of(person: Person) -> list[Json]:
    """The input blocks of the modal on top."""
    return [block for block in modal_of(person)["blocks"] if block["type"] == "input"]


def words_of(person: Person) -> str:
    """Everything that the modal on top says."""
    return text_of(modal_of(person))


def title_of(person: Person) -> str:
    return str(modal_of(person)["title"]["text"])


async def choose_dates(world: World, *, first: str = FIRST_DAY, last: str = LAST_DAY) -> None:
    """In Priya's first step: two dates of her own."""
    await world.priya.select(modal_of(world.priya), action_id=PICK_PERIOD, value="dates")
    await world.quiet()
    await world.priya.select(
        modal_of(world.priya), action_id="value", block_id=BEGINS_ON, value=first
    )
    await world.priya.select(modal_of(world.priya), action_id="value", block_id=ENDS_ON, value=last)


async def to_the_third_step(world: World, *, goal: str = "600k", average: str = "20,000") -> None:
    """Priya's first plan up to its third step; what is not said keeps what is filled in."""
    await world.priya.command("/plan")
    await choose_dates(world)
    await world.priya.submit({GOAL: goal})
    assert world.priya.errors == {}
    await world.priya.submit({AVERAGE_SALE: average})
    assert world.priya.errors == {}
    assert title_of(world.priya) == "Plan 3 of 3: check"


async def propose(world: World, *, goal: str = "600k") -> Message:
    """Priya writes and sends a plan; what the coaches' channel got of it."""
    await to_the_third_step(world, goal=goal)
    await world.priya.submit()
    assert title_of(world.priya) == "Your plan is sent"
    await world.priya.close_all()
    await world.quiet()
    return newest(world)


def newest(world: World) -> Message:
    """The newest message about a plan in the coach channel."""
    return [m for m in world.dana.messages(COACHES) if "plan" in m.text.casefold()][-1]


NUMBERS = (
    CLOSED,
    AVERAGE_SALE,
    *(RATIO + s for s in ("first", "second", "third", "home")),
    WORKING_WEEKS,
)
