"""A method of the Web API, and one call of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.content.messages import is_true
from bot.sandbox.errors import SlackError
from bot.sandbox.records import BOT_USER_ID, Channel, Json, User
from bot.sandbox.workspace import Workspace

Item = TypeVar("Item")


@dataclass(frozen=True)
class Method:
    """What a method needs (any one of `scopes`, all of `required`) and what it does."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind of token


@dataclass(frozen=True)
class Call:
    """The arguments of one call, from a caller who may make it."""

    workspace: Workspace
    arguments: Mapping[str, Any]

    def need(self, *names: str) -> None:
        """Raises SlackError("invalid_arguments") that names each of `names` that is missing."""
        missing = [name for name in names if self.arguments.get(name) in (None, "")]
        if missing:
            messages = [f"[ERROR] missing required field: {name}" for name in missing]
            raise SlackError("invalid_arguments", messages=messages)

    def need_scope(self, *scopes: str) -> None:
        """Raises SlackError("missing_scope") unless the app has one of `scopes`."""
        provided = self.workspace.manifest.scopes
        if scopes and not set(scopes) & set(provided):
            needed, have = ",".join(scopes), ",".join(provided)
            raise SlackError("missing_scope", needed=needed, provided=have)

    def text(self, name: str) -> str:
        """An argument as text; empty if it is missing."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return is_true(self.arguments.get(name))

    def count(self, name: str, default: int, most: int) -> int:
        """A positive number. Raises SlackError("invalid_limit") for anything else."""
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal() or int(text) < 1:
            raise SlackError("invalid_limit")
        return min(int(text), most)

    def channel(self, *, named: str = "channel") -> Channel:
        """The conversation, as far as the bot may know of it.

        Raises SlackError("channel_not_found") for what does not exist and for private channels that the
        bot is not in: Slack does not tell them apart.
        """
        channel = self.workspace.channels.get(self.text(named))
        hidden = (
            channel is not None and channel.kind != "public" and BOT_USER_ID not in channel.members
        )
        if channel is None or hidden:
            raise SlackError("channel_not_found")
        return channel

    def reachable(self, user_id: str) -> User:
        """A person the bot can have a DM with; user_not_found, user_disabled or cannot_dm_bot otherwise."""
        user = self.workspace.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        if user.is_bot or user.id == "USLACKBOT":
            raise SlackError("cannot_dm_bot")
        return user

    def page(self, items: Sequence[Item], *, size: int) -> tuple[list[Item], str]:
        """The page that `cursor` points to, and the cursor of the next one (empty at the end)."""
        start = self._cursor()
        following = start + size
        cursor = base64.b64encode(f"next:{following}".encode()).decode()
        return list(items[start:following]), cursor if following < len(items) else ""

    def _cursor(self) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            word, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
            if word != "next":
                raise ValueError(cursor)
            return int(position)
        except (ValueError, binascii.Error):
            raise SlackError("invalid_cursor") from None
