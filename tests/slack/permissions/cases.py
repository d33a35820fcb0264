"""A line of the table and a column: it is pressed, and what was seen of it becomes one sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.records import Json
from tests.slack.permissions.filled import FILLED, GIVEN
from tests.slack.permissions.harvest import Owned
from tests.slack.permissions.people import Who
from tests.slack.permissions.pressing import Desk, Seen
from tests.slack.permissions.walk import MARKERS

REP_ID = 1
"""Priya's row: the first member that is seeded."""


@dataclass(frozen=True)
class Line:
    """What is pressed, typed or sent: `press` an action, `send` a form, `type` a command, `hear` an event."""

    how: str
    what: str


async def case(
    desk: Desk, line: Line, who: Who, things: dict[str, Owned], forms: dict[str, Json]
) -> Seen:
    """Do it as this person."""
    if line.what in GIVEN:
        desk.write(GIVEN[line.what])
    changes: dict[str, Any] = dict(who.changes)
    if line.how == "type":
        command, _, text = line.what.partition(" ")
        if changes:
            changes = {"team_id": "T0OTHER"}
        return await desk.command(who.slack_user_id, command, text, **changes)
    if line.how == "press":
        return await desk.press(who.slack_user_id, things[line.what][1], **changes)
    if line.how == "send":
        values = FILLED.get(line.what, {})
        return await desk.submit(who.slack_user_id, forms[line.what], values, **changes)
    event: Json = {"type": line.what, "user": who.slack_user_id, "channel": "D0PRIYA"}
    if changes:
        event |= {"user_team": "T0OTHER", "team": "T0OTHER"}
    if line.what == "app_home_opened":
        event |= {"tab": "home"}
    if line.what == "message":
        event |= {"channel_type": "im", "text": "Delta Dock 1st", "ts": "1.5"}
    return await desk.event(event)


def sign(seen: Seen) -> str:
    """W: the rep's rows changed. o: other rows did. S, s: something was shown, with and without the rep's
    numbers. -: a sentence, and nothing else. `.`: nothing at all. ! behind it: numbers in what was said.
    """
    marked = any(marker in seen.words for marker in MARKERS)
    if seen.changed:
        touched = any(_is_about_rep(row) for rows in seen.changed.values() for row in rows)
        return "W" if touched else "O" if marked else "o"
    views = [*seen.views, *([seen.answer["view"]] if "view" in seen.answer else [])]
    if any(view.get("callback_id") != "notice" for view in views) or "blocks" in seen.answer:
        return "S" if marked else "s"
    if views or seen.answer or seen.said:
        return "!" if marked else "-"
    return "."


def _is_about_rep(row: tuple[Any, ...]) -> bool:
    cells = dict(row)
    if "member_id" in cells:
        return bool(cells["member_id"] == REP_ID)
    return False
