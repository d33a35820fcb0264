"""A Slack as the state machine of the outbox sees it: calls that lose their way, and messages that stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.outbox.sending import Claimed


@dataclass(eq=False)
class Call:
    """A call on its way: what it would show, whether it had its effect, and who waits for the answer."""

    claimed: Claimed | None
    """None for a press's response_url."""
    sender: str
    subject: int
    content: int
    version: int
    began: datetime
    arrived_as: str | None = None
    """The `ts` under which it stands or which it changed."""
    given_up: bool = False
    stalls: bool = False
    """Its process sleeps in mid-call, for however long."""


@dataclass
class Message:
    """What Slack shows under a `ts`."""

    token: str
    content: int


@dataclass
class Slack:
    """What stands where, and what is still on its way."""

    messages: dict[str, Message] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    posts: int = 0

    def arrive(self, call: Call) -> None:
        """The call has its effect."""
        if call.claimed is not None and call.claimed.ts is None:
            self.posts += 1
            call.arrived_as = f"{self.posts:04}"
            self.messages[call.arrived_as] = Message(call.claimed.token, call.content)
        else:
            call.arrived_as = call.claimed.ts if call.claimed is not None else self.of(call.subject)
            assert call.arrived_as is not None
            self.messages[call.arrived_as].content = call.content

    def copies(self, token: str) -> list[str]:
        return sorted(ts for ts, message in self.messages.items() if message.token == token)

    def of(self, subject: int) -> str | None:
        """Where a press on the subject's message was made."""
        return next(
            (ts for ts in self.messages if self.messages[ts].token == self.tokens.get(subject)),
            None,
        )

    tokens: dict[int, str] = field(default_factory=dict)


def may_stall(call: Call) -> bool:
    """P9 holds where nobody sleeps for long in mid-post; what is redrawn must be right in any case."""
    redraws = call.claimed is not None and call.claimed.ts is not None
    return redraws and not call.stalls and not call.given_up
