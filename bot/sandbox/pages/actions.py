"""What the forms of the page do: one function for each, by the form's `do`.

What a person does goes through Person, as in the scenario tests. What only the owner of a sandbox can
do (move the clock, make trouble) goes to the clock and the workspace.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import FormData

from bot.sandbox.block_kit import inputs
from bot.sandbox.clock import ClockControls
from bot.sandbox.pages.forms import find_element, read_press, read_surface, read_values, text
from bot.sandbox.pages.places import Notice, Place, zone_of
from bot.sandbox.people import Person
from bot.sandbox.records import Channel, Interaction
from bot.sandbox.workspace import Workspace

LONGEST_STEP = 366 * 86_400
"""The clock moves by no more than a year at once, in seconds."""


@dataclass(frozen=True)
class SentForm:
    """Somebody sent this form, from this place, with these fields."""

    workspace: Workspace
    clock_controls: ClockControls
    person: Person
    place: Place
    fields: FormData

    def text(self, name: str) -> str:
        """Return a field's text, or "" if it was not sent."""
        return text(self.fields, name)

    def notice(self, outcome: Interaction, beside: str = "", block_id: str = "") -> Notice | None:
        """Return what Slack says about the outcome, or None if it says nothing."""
        if outcome.error is None:
            return None
        return Notice(beside or self.place.name, outcome.error, block_id)


async def say(sent: SentForm) -> Notice | None:
    """Send a line from the composer: a slash command, or a message."""
    line = sent.text("text").strip()
    channel = sent.place.channel
    if not line or channel is None:
        return None
    if line.startswith("/"):
        command, _, rest = line.partition(" ")
        return sent.notice(await sent.person.command(command, rest, channel=channel.id))
    return sent.notice(await sent.person.say(line, channel=channel.id))


async def press(sent: SentForm) -> Notice | None:
    """Press a button or an item of an overflow menu, or send a choice that is sent at once."""
    named = sent.text("surface")
    surface, blocks = read_surface(sent.person, named)
    block_id, action_id, value = read_press(sent.text("press"))
    element = find_element(blocks, block_id, action_id)
    values = read_values(sent.fields, blocks, zone_of(sent.person.user))
    if element["type"] in inputs.FIELD:
        chosen = values.get(block_id, {}).pop(action_id, None)
        values = {each: filled for each, filled in values.items() if filled}
        outcome = await sent.person.select(
            surface, action_id=action_id, block_id=block_id, value=chosen, values=values
        )
    else:
        outcome = await sent.person.press(
            surface, action_id=action_id, block_id=block_id, value=value, values=values
        )
    return sent.notice(outcome, named, block_id)


async def submit(sent: SentForm) -> Notice | None:
    """Submit the modal. Sentences about inputs stand under the inputs and not in a notice."""
    named = sent.text("surface")
    view, blocks = read_surface(sent.person, named)
    values = read_values(sent.fields, blocks, zone_of(sent.person.user))
    outcome = await sent.person.submit(values, view if isinstance(view, dict) else None)
    return None if sent.person.errors else sent.notice(outcome, named)


async def close(sent: SentForm) -> Notice | None:
    """Close the modal on top. The one below it shows again."""
    view, _ = read_surface(sent.person, sent.text("surface"))
    await sent.person.close(view if isinstance(view, dict) else None)
    return None


async def close_all(sent: SentForm) -> Notice | None:
    """Close the whole stack of modals, as the X of a modal does."""
    await sent.person.close_all()
    return None


async def move(sent: SentForm) -> Notice | None:
    """Move the clock by a fixed step."""
    seconds = float(sent.text("seconds"))
    if not 0 < seconds <= LONGEST_STEP:
        raise ValueError("The clock only moves forward, by a year at most.")
    sent.clock_controls.move(seconds)
    return None


async def jump(sent: SentForm) -> Notice | None:
    """Move the clock to a moment worth seeing."""
    if await sent.clock_controls.jump(sent.text("key")) is None:
        raise ValueError("There is nothing ahead to jump to.")
    return None


async def fault(sent: SentForm) -> Notice | None:
    """Make the bot's next call fail, or cut its WebSockets."""
    if sent.text("kind") == "abort":
        sent.workspace.socket_mode.abort_all()
        return None
    sent.workspace.faults.next_call(sent.text("kind"), sent.text("method") or None)
    sent.workspace.touch()
    return None


async def refuse(sent: SentForm) -> Notice | None:
    """Answer calls with an error code: the next one, or all of them for a time.

    They are the calls of one method, or of any, about one channel or any place.
    """
    channel = _channel(sent).id if sent.text("channel") else None
    code, method, span = sent.text("code").strip(), sent.text("method") or None, sent.text("span")
    if re.fullmatch(r"[A-Za-z0-9_.:-]{1,80}", code) is None:
        raise ValueError("Type the error code as Slack writes it, like channel_not_found.")
    faults, now = sent.workspace.faults, sent.workspace.clock.now()
    if not span:
        faults.next_call("error", method, code=code, channel=channel)
    elif span == "forever":
        faults.for_a_time("error", method, until=None, code=code, channel=channel)
    else:
        until = now + timedelta(seconds=int(span))
        faults.for_a_time("error", method, until=until, code=code, channel=channel)
    sent.workspace.touch()
    return None


async def kill_token(sent: SentForm) -> Notice | None:
    """Let Slack answer one of the app's tokens with token_revoked until the faults are cleared."""
    kind = sent.text("token")
    if kind not in ("bot", "app"):
        raise ValueError("There is a bot token and an app token.")
    sent.workspace.faults.dead_tokens.add(kind)
    sent.workspace.touch()
    return None


async def clear_faults(sent: SentForm) -> Notice | None:
    """Take back every fault that waits or lasts, and let dead tokens work again."""
    sent.workspace.faults.clear()
    sent.workspace.touch()
    return None


def _channel(sent: SentForm) -> Channel:
    channel = sent.workspace.channels.get(sent.text("channel"))
    if channel is None or channel.kind == "im":
        raise LookupError("There is no such channel.")
    return channel


async def remove_bot(sent: SentForm) -> Notice | None:
    """Remove the bot from a channel."""
    sent.workspace.remove_bot(_channel(sent).id)
    return None


async def invite_bot(sent: SentForm) -> Notice | None:
    """Invite the bot to a channel."""
    sent.workspace.invite_bot(_channel(sent).id, sent.person.id)
    return None


async def archive(sent: SentForm) -> Notice | None:
    """Archive a channel."""
    sent.workspace.archive(_channel(sent).id, sent.person.id)
    return None


async def unarchive(sent: SentForm) -> Notice | None:
    """Take a channel out of the archive."""
    sent.workspace.unarchive(_channel(sent).id, sent.person.id)
    return None


async def make_public(sent: SentForm) -> Notice | None:
    """Make a private channel public."""
    sent.workspace.convert(_channel(sent).id, public=True)
    return None


async def make_private(sent: SentForm) -> Notice | None:
    """Make a public channel private."""
    sent.workspace.convert(_channel(sent).id, public=False)
    return None


ACTIONS: Mapping[str, Callable[[SentForm], Awaitable[Notice | None]]] = {
    action.__name__: action
    for action in (
        *(say, press, submit, close, close_all),
        *(move, jump, fault, refuse, kill_token, clear_faults),
        *(remove_bot, invite_bot, archive, unarchive, make_public, make_private),
    )
}
