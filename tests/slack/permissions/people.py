"""Who presses, from whom it is told apart what they may see and do, and in which state of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.slack.permissions.pressing import Desk
from tests.slack.permissions.walk import QUINN, SUBST

STRANGER = {"id": QUINN, "username": "quinn", "name": "quinn", "team_id": "T0OTHER"}
"""A person of another workspace, even one who has the coach's id."""


@dataclass(frozen=True)
class Who:
    """A column of the table."""

    name: str
    slack_user_id: str
    changes: dict[str, Any] = field(default_factory=dict)
    """Fields of the payload that are unlike those of the workspace's people."""


USUAL = (
    Who("rep", "U0PRIYA"),
    Who("other rep", "U0SAM"),
    Who("coach", QUINN),
    Who("second coach", "U0MORGAN"),
    Who("former coach", "U0DANA"),
    Who("admin", "U0ALEX"),
    Who("outsider", QUINN, {"user": STRANGER}),
)
COACH_AWAY = (
    Who("substitute", SUBST),
    Who("coach away", QUINN),
    Who("guest", "U0MORGAN"),
)
"""Quinn is away and has named a substitute; the second coach has become a guest."""
GONE = (Who("deactivated", "U0MORGAN"),)
"""The account of the second coach was deactivated."""

COLUMNS = (*USUAL, *COACH_AWAY, *GONE)


async def go_away(desk: Desk) -> None:
    """Have Quinn name a substitute for today, and make a guest of Morgan."""
    form = (await desk.command(QUINN, "/coach", "substitute")).views[0]
    today = desk.world.clock.now().date()
    values = {"substitute": SUBST, "last_day": (today + timedelta(days=3)).isoformat()}
    seen = await desk.submit(QUINN, form, values, keeps=True)
    assert seen.changed
    await change_account(desk, is_restricted=True)


async def change_account(desk: Desk, **changes: bool) -> None:
    """Change Morgan's account in Slack, and have the bot read it."""
    desk.workspace.change_user("U0MORGAN", **changes)
    await desk.services.profiles.refresh(1, ["U0MORGAN"])
    desk.keep()
