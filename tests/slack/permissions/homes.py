"""What each person's Home shows of the rep, section by section."""

from __future__ import annotations

import json
from functools import partial

from bot.domain.homes import homes
from bot.slack.views.home import home_view
from tests.slack.permissions.people import Who
from tests.slack.permissions.pressing import Desk
from tests.slack.permissions.walk import MARKERS

SECTIONS = {
    "the week of one's own": "Your week",
    "the rep's row": "card.prepare",
    "the rep's alert": "alert.take",
    "one's team": "Set up my team",
    "the set-up": "Set-up",
}
"""Each section, with words or a button that only it has."""


def signs(desk: Desk, who: Who) -> str:
    """One sign for each section, + or -; a last one for the rep's numbers."""
    member = f"SELECT id FROM member WHERE slack_user_id = '{who.slack_user_id}'"  # noqa: S608 - ours
    now = desk.world.clock.now()
    shown = desk.world.database.read_now(partial(homes.show, member_id=desk.one(member), now=now))
    words = json.dumps(home_view(shown), ensure_ascii=False)
    found = [part in words for part in SECTIONS.values()]
    found.append(any(marker in words for marker in MARKERS))
    return "".join("+" if one else "-" for one in found)
