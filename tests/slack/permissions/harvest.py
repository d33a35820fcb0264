"""Everything that can be pressed or sent, with the real ids: from messages and Homes, and from what they open."""

from __future__ import annotations

from bot.sandbox.records import Json
from tests.slack.permissions.pressing import Desk, Thing, things

Owned = tuple[str, Thing]


def on_screen(desk: Desk) -> list[Owned]:
    """What stands in messages and Homes, each with somebody who sees it."""
    found: list[Owned] = []
    for channel in desk.workspace.channels.values():
        who = channel.user or next((m for m in channel.members if m != "U0ALEX"), "U0ALEX")
        for message in desk.workspace.messages(channel.id, viewer=who):
            inside = things(message.blocks, message.payload(), channel.id, message.ts)
            found += [(who, thing) for thing in inside]
    for who, home in desk.workspace.homes.items():
        found += [(who, thing) for thing in things(home.body["blocks"], home.body, None, None)]
    return found


async def opened(
    desk: Desk, start: list[Owned], commands: list[tuple[str, str, str]]
) -> tuple[dict[str, Owned], dict[str, tuple[str, Json]]]:
    """Press everything once, and what that opens, and so on: things by key, forms by callback_id."""
    pressed: dict[str, Owned] = {}
    forms: dict[str, tuple[str, Json]] = {}
    waiting = list(start)

    def look(who: str, views: list[Json]) -> None:
        for view in views:
            key = view.get("callback_id", "")
            if key not in forms or ("submit" in view and "submit" not in forms[key][1]):
                forms[key] = who, view
            waiting.extend((who, one) for one in things(view["blocks"], view, None, None))

    for who, command, text in commands:
        look(who, (await desk.command(who, command, text)).views)
    while waiting:
        who, thing = waiting.pop(0)
        if thing.key in pressed:
            continue
        pressed[thing.key] = who, thing
        seen = await desk.press(who, thing)
        look(who, seen.views)
        if "view" in seen.answer:
            look(who, [seen.answer["view"]])
    return pressed, forms
