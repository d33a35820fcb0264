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
    """A method of the Web API needs any one of `scopes` and all of `required`, and then runs `run`."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind of token


@dataclass(frozen=True)
class Call:
    """A caller who may call a method called it with these arguments."""

    workspace: Workspace
    arguments: Mapping[str, Any]

    def need(self, *names: str) -> None:
        """Raise SlackError("invalid_arguments"), which names each of `names` that is missing, if any is."""
        missing = [name for name in names if self.arguments.get(name) in (None, "")]
        if missing:
            messages = [f"[ERROR] missing required field: {name}" for name in missing]
            raise SlackError("invalid_arguments", messages=messages)

    def need_scope(self, *scopes: str) -> None:
        """Raise SlackError("missing_scope") unless the app has one of `scopes`."""
        provided = self.workspace.manifest.scopes
        if scopes and not set(scopes) & set(provided):
            needed, have = ",".join(scopes), ",".join(provided)
            raise SlackError("missing_scope", needed=needed, provided=have)

    def text(self, name: str) -> str:
        """Return an argument as text, or "" if it is missing."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Return an argument as a flag. A missing one is false."""
        return is_true(self.arguments.get(name))

    def count(self, name: str, default: int, most: int) -> int:
        """Return a positive number, at most `most`. Raises SlackError("invalid_limit") for anything else."""
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal() or int(text) < 1:
            raise SlackError("invalid_limit")
        return min(int(text), most)

    def channel(self, *, named: str = "channel") -> Channel:
        """Return the conversation, if the bot may know of it.

        Raises SlackError("channel_not_found") if it does not exist, and also if it is a private channel that the
        bot is not in: Slack does not tell the two apart.
        """
        channel = self.workspace.channels.get(self.text(named))
        hidden = (
            channel is not None and channel.kind != "public" and BOT_USER_ID not in channel.members
        )
        if channel is None or hidden:
            raise SlackError("channel_not_found")
        return channel

    def reachable(self, user_id: str) -> User:
        """Return a person with whom the bot can have a DM.

        Raises SlackError: user_not_found, user_disabled or cannot_dm_bot.
        """
        user = self.workspace.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        if user.is_bot or user.id == "USLACKBOT":
            raise SlackError("cannot_dm_bot")
        return user

    def page(self, items: Sequence[Item], *, size: int) -> tuple[list[Item], str]:
        """Return the page that `cursor` points to, and the cursor of the next one (empty at the end)."""
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
