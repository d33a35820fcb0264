"""Mentions: whom a message notifies, and the tokens that Slack makes of typed names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.sandbox.records import Channel, User

CALL = re.compile(
    r"<!(channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^(S\w+)(?:\|[^>]*)?>|<@([UW]\w+)(?:\|[^>]*)?>"
)
TYPED_CALL = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
TYPED_NAME = re.compile(r"(?<![\w@])@([\w][\w.-]*)")
TYPED_CHANNEL = re.compile(r"(?<![\w#&])#([\w][\w-]*)")
TYPED_LINK = re.compile(r"(?<![\w<])(https?://[^\s<>]+)")


def notified_by(
    text: str, blocks: Sequence[dict[str, Any]], *, parse_names: bool = False
) -> frozenset[str]:
    """Return whom a message notifies: "channel", "here", "everyone", ids of users and user groups.

    The top-level text counts even if there are blocks, because notifications show it. In a mrkdwn object that
    is not `verbatim`, and in text posted with link_names, a typed `@channel` counts as well.
    """
    called = set(_called(text, typed=parse_names))
    for part in _parts(blocks):
        match part.get("type"):
            case "mrkdwn":
                called |= set(_called(str(part.get("text", "")), typed=not part.get("verbatim")))
            case "markdown":
                called |= set(_called(str(part.get("text", "")), typed=True))
            case "user":
                called.add(str(part.get("user_id")))
            case "usergroup":
                called.add(str(part.get("usergroup_id")))
            case "broadcast":
                called.add(str(part.get("range")))
    return frozenset(called)


def _called(text: str, *, typed: bool) -> Iterator[str]:
    for match in CALL.finditer(text):
        yield match[1] or match[2] or match[3]
    if typed:
        for match in TYPED_CALL.finditer(text):
            yield match[1]


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _parts(child)


def escape(text: str) -> str:
    """Replace the three characters that Slack gives a meaning to with entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_typed(text: str, users: Iterable[User], channels: Iterable[Channel]) -> str:
    """Return what Slack sends for text typed into the composer: names and links become tokens.

    `@sam` → `<@U0SAM|sam>`, `#general` → `<#C0GENERAL|general>`, `https://…` → `<https://…>`. Every other `&`,
    `<` and `>` becomes an entity. Names that nobody has stay as they are.
    """
    by_name = {user.name: user for user in users}
    by_channel = {channel.name: channel for channel in channels if channel.kind != "im"}

    def name(match: re.Match[str]) -> str:
        if match[1] in ("channel", "here", "everyone"):
            return f"<!{match[1]}>"
        user = by_name.get(match[1])
        return f"<@{user.id}|{user.name}>" if user else match[0]

    def channel(match: re.Match[str]) -> str:
        found = by_channel.get(match[1])
        return f"<#{found.id}|{found.name}>" if found else match[0]

    def words(part: str) -> str:
        return TYPED_CHANNEL.sub(channel, TYPED_NAME.sub(name, escape(part)))

    pieces = TYPED_LINK.split(text)
    return "".join(
        f"<{escape(piece)}>" if index % 2 else words(piece) for index, piece in enumerate(pieces)
    )
