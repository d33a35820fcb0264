"""How Slack's payloads reach the bot: over a WebSocket (bot.slack.receiving.socket_mode) or over HTTP (bot.http).

Both hand them to the same Bolt app, so nothing beyond this file knows which one it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

DRAIN_SECONDS = 5.0
"""How many seconds payloads in progress may take to finish when the process stops."""


@dataclass(frozen=True)
class HttpSettings:
    """The address to listen on in HTTP mode (port 0: any free one), and the secret that Slack signs with."""

    signing_secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 3000


@dataclass(frozen=True)
class HealthSettings:
    """The address at which health and metrics are served (port 0: any free one)."""

    host: str = "127.0.0.1"
    port: int = 9464


class Transport(Protocol):
    """A way in which payloads arrive. Build it inside the running event loop."""

    name: str
    """`socket_mode` or `http`."""

    gave_up: asyncio.Event
    """Set when no payload arrives any more and waiting won't help: the process should end with an error."""

    async def start(self) -> None:
        """Accept payloads from now on. Raises StartProblem, whose text is for the operator."""
        ...

    async def stop(self) -> None:
        """Accept no more payloads, give those in progress DRAIN_SECONDS to finish, and release all resources."""
        ...

    async def is_connected(self) -> bool:
        """Return whether Slack can reach the bot, as far as the bot can tell."""
        ...

    @property
    def cut_off_seconds(self) -> float:
        """Return for how many seconds Slack could not have reached the bot; 0 while it can."""
        ...

    @property
    def reconnects(self) -> int:
        """Return how often the connection had to be opened again."""
        ...
