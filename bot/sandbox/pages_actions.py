"""What the forms of the page do: one function for each, by the form's `do`.

What a person does goes through Person, as in the scenario tests; what only the owner of a sandbox can
do (move the clock, make trouble) goes to the server and the workspace.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import FormData

from bot.sandbox import forms
from bot.sandbox.pages_forms import find_element, read_press, read_surface, read_values, text
from bot.sandbox.people import Person
from bot.sandbox.records import Channel, Interaction
from bot.sandbox.render_page import Notice, Place, zone_of

if TYPE_CHECKING:
    from bot.sandbox.server import SandboxServer

LONGEST_STEP = 366 * 86_400


@dataclass(frozen=True)
class Act:
    """One form as it was sent."""

    server: SandboxServer
    person: Person
    place: Place
    form: FormData

    def notice(self, outcome: Interaction, beside: str = "", block_id: str = "") -> Notice | None:
        """What Slack says about the outcome, if it says anything."""
        if outcome.error is None:
            return None
        return Notice(beside or self.place.name, outcome.error, block_id)


async def say(act: Act) -> Notice | None:
    """A line from the composer: a slash command, or a message."""
    line = text(act.form, "text").strip()
    channel = act.place.channel
    if not line or channel is None:
        return None
    if line.startswith("/"):
        command, _, rest = line.partition(" ")
        return act.notice(await act.person.command(command, rest, channel=channel.id))
    return act.notice(await act.person.say(line, channel=channel.id))


async def press(act: Act) -> Notice | None:
    """A button, an item of an overflow menu, or a choice that is sent at once."""
    named = text(act.form, "surface")
    surface, blocks = read_surface(act.person, named)
    block_id, action_id, value = read_press(text(act.form, "press"))
    element = find_element(blocks, block_id, action_id)
    values = read_values(act.form, blocks, zone_of(act.person.user))
    if element["type"] in forms.FIELD:
        chosen = values.get(block_id, {}).pop(action_id, None)
        values = {each: filled for each, filled in values.items() if filled}
        outcome = await act.person.select(
            surface, action_id=action_id, block_id=block_id, value=chosen, values=values
        )
    else:
        outcome = await act.person.press(
            surface, action_id=action_id, block_id=block_id, value=value, values=values
        )
    return act.notice(outcome, named, block_id)


async def submit(act: Act) -> Notice | None:
    """The modal's submit button; sentences about inputs stand under them, not in a notice."""
    named = text(act.form, "surface")
    view, blocks = read_surface(act.person, named)
    values = read_values(act.form, blocks, zone_of(act.person.user))
    outcome = await act.person.submit(values, view if isinstance(view, dict) else None)
    return None if act.person.errors else act.notice(outcome, named)


async def close(act: Act) -> Notice | None:
    """The modal's close button: the view below shows again."""
    view, _ = read_surface(act.person, text(act.form, "surface"))
    await act.person.close(view if isinstance(view, dict) else None)
    return None


async def close_all(act: Act) -> Notice | None:
    """The X of a modal: the whole stack goes."""
    await act.person.close_all()
    return None


async def move(act: Act) -> Notice | None:
    """A fixed step of the clock."""
    seconds = float(text(act.form, "seconds"))
    if not 0 < seconds <= LONGEST_STEP:
        raise ValueError("The clock only moves forward, by a year at most.")
    await act.server.move_clock(seconds)
    return None


async def jump(act: Act) -> Notice | None:
    """The clock to a moment worth seeing."""
    if await act.server.jump(text(act.form, "key")) is None:
        raise ValueError("There is nothing ahead to jump to.")
    return None


async def fault(act: Act) -> Notice | None:
    """Trouble for the bot's next call."""
    method = text(act.form, "method") or None
    act.server.workspace.faults.next_call(text(act.form, "kind"), method)
    act.server.workspace.touch()
    return None


async def clear_faults(act: Act) -> Notice | None:
    act.server.workspace.faults.clear()
    act.server.workspace.touch()
    return None


def _channel(act: Act) -> Channel:
    channel = act.server.workspace.channels.get(text(act.form, "channel"))
    if channel is None or channel.kind == "im":
        raise LookupError("There is no such channel.")
    return channel


async def remove_bot(act: Act) -> Notice | None:
    act.server.workspace.remove_bot(_channel(act).id)
    return None


async def invite_bot(act: Act) -> Notice | None:
    act.server.workspace.invite_bot(_channel(act).id, act.person.id)
    return None


async def archive(act: Act) -> Notice | None:
    act.server.workspace.archive(_channel(act).id, act.person.id)
    return None


async def unarchive(act: Act) -> Notice | None:
    act.server.workspace.unarchive(_channel(act).id, act.person.id)
    return None


ACTS: Mapping[str, Callable[[Act], Awaitable[Notice | None]]] = {
    each.__name__: each
    for each in (
        *(say, press, submit, close, close_all),
        *(move, jump, fault, clear_faults),
        *(remove_bot, invite_bot, archive, unarchive),
    )
}
