"""How Slack's payloads reach the bot: over a WebSocket (bot.slack.receiving.socket_mode) or over HTTP (bot.http).

Both hand them to the same Bolt app, so nothing beyond this file knows which one it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

DRAIN_SECONDS = 5.0
"""How long payloads in hand may take to finish when the process stops."""


@dataclass(frozen=True)
class HttpSettings:
    """HTTP mode: where to listen (port 0: any free one), and the secret that Slack signs with."""

    signing_secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 3000


@dataclass(frozen=True)
class HealthSettings:
    """Where to serve health and metrics (port 0: any free one)."""

    host: str = "127.0.0.1"
    port: int = 9464


class Transport(Protocol):
    """A way for payloads to come in. Build it inside the running event loop."""

    name: str
    """`socket_mode` or `http`."""

    gave_up: asyncio.Event
    """Set when nothing comes in any more and waiting won't help: the process should end with an error."""

    async def start(self) -> None:
        """Take payloads from now on. Raises StartProblem with words."""
        ...

    async def stop(self) -> None:
        """Take no more, let those in hand finish for DRAIN_SECONDS, and let go."""
        ...

    async def is_connected(self) -> bool:
        """Whether Slack can reach the bot, as far as this end can tell."""
        ...

    @property
    def cut_off_seconds(self) -> float:
        """For how long Slack could not have reached the bot; 0 while it can."""
        ...

    @property
    def reconnects(self) -> int:
        """How often the way in had to be opened anew."""
        ...
