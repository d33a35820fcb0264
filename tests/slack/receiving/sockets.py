"""The app that the tests of connections reach, and the wait for one of them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.workspace import Workspace

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Basecoach"},
    "features": {
        "bot_user": {"display_name": "basecoach"},
        "slash_commands": [{"command": "/greet", "description": "Greets"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "users:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["user_change"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def connected(workspace: Workspace, number: int) -> None:
    """Wait until exactly the connection with this number is there."""
    await workspace.until(lambda: [c.number for c in workspace.socket_mode.connections] == [number])
