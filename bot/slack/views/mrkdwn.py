"""Mrkdwn, Slack's markup, as a type of its own: what is of this type is safe to show.

Text from people becomes `Mrkdwn` through `escape` only, and whatever shows mrkdwn takes nothing but `Mrkdwn`. So
a forgotten escape is an error of types. Nobody else makes a `Mrkdwn`, and the texts and templates in here are
constants: a test reads the code and holds both.

Slack has no escape for `*bold*` and its like: a name with asterisks may be shown in bold, which does no harm.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import LiteralString, NewType

from bot.domain.shown.deleted import DELETED_ID, DELETED_NAME

Mrkdwn = NewType("Mrkdwn", str)

_HALF_A_SIGN = re.compile(r"(?:<[^<>]*|&[a-z]*)\Z")
"""What a cut leaves of a mention or of an escaped sign that went over the end."""


def literal(text: LiteralString) -> Mrkdwn:
    """A text that stands in the code itself, with its markup."""
    return Mrkdwn(text)


def fill(template: LiteralString, /, **parts: Mrkdwn | int) -> Mrkdwn:
    """A text that stands in the code, with a part in the place of each `{name}`.

    Raises KeyError for a name without a part.
    """
    return Mrkdwn(template.format(**parts))


def join(parts: Iterable[Mrkdwn], separator: LiteralString = "") -> Mrkdwn:
    """The parts one after the other, with the separator between them."""
    return Mrkdwn(separator.join(parts))


def escape(text: str) -> Mrkdwn:
    """Text from people, so that no mention, link or control sequence in it is alive.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return Mrkdwn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def mention(slack_user_id: str) -> Mrkdwn:
    """A mention of a person, made from a stored id only; one who was deleted is not named."""
    if slack_user_id == DELETED_ID:
        return escape(DELETED_NAME)
    return Mrkdwn(f"<@{escape(slack_user_id)}>")


def channel_link(channel_id: str) -> Mrkdwn:
    """A link to a channel, made from a stored id only."""
    return Mrkdwn(f"<#{escape(channel_id)}>")


def capitalized(text: Mrkdwn) -> Mrkdwn:
    """The text with a capital letter at its beginning."""
    return Mrkdwn(text[:1].upper() + text[1:])


def wrap(parts: Iterable[Mrkdwn], separator: LiteralString, limit: int) -> list[Mrkdwn]:
    """The parts joined by the separator, in as few texts as hold them within `limit` characters each.

    A part that is longer by itself stays a text of its own.
    """
    texts: list[Mrkdwn] = []
    for part in parts:
        if texts and len(texts[-1]) + len(separator) + len(part) <= limit:
            texts[-1] = join([texts[-1], part], separator)
        else:
            texts.append(part)
    return texts


def cut(text: Mrkdwn, limit: int) -> Mrkdwn:
    """The text with an ellipsis where it is longer than `limit` characters.

    No mention and no escaped sign is left in half.
    """
    if len(text) <= limit:
        return text
    return Mrkdwn(_HALF_A_SIGN.sub("", text[: limit - 1]) + "…")
