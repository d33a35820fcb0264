"""The content of a message that the bot sends, checked as Slack checks it, whichever way it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.block_kit import checks
from bot.sandbox.errors import SlackError
from bot.sandbox.records import APP_ID, BOT_ID, BOT_USER_ID, Json, Message
from bot.sandbox.shapes import Problem

TEXT_CUT = 40_000
MARKDOWN_LIMIT = 12_000
ATTACHMENTS_LIMIT = 100
METADATA_BYTES = 16_000


@dataclass
class Content:
    """The bot sent this as a message. A field is None if the caller did not name it."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    parse_names: bool = False
    named: frozenset[str] = field(default_factory=frozenset)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that a message could show."""
        return not self.text and not self.blocks and not self.attachments

    def message(self, channel: str, ts: str) -> Message:
        """Make a new message of the bot from it."""
        return Message(
            channel=channel,
            ts=ts,
            user=BOT_USER_ID,
            text=self.text or "",
            blocks=self.blocks or [],
            attachments=self.attachments or [],
            metadata=self.metadata,
            bot_id=BOT_ID,
            app_id=APP_ID,
        )


def read_content(arguments: Mapping[str, Any]) -> Content:
    """Read the content from the arguments of a post.

    Raises SlackError: invalid_blocks (with a JSON pointer for each problem), invalid_blocks_format,
    invalid_attachments, too_many_attachments, markdown_text_conflict, msg_too_long, invalid_metadata_*,
    metadata_too_large. Text over 40,000 characters is cut, as Slack cuts it.
    """
    text = arguments.get("text")
    blocks = _blocks(arguments.get("blocks"))
    markdown = arguments.get("markdown_text")
    if markdown is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(str(markdown)) > MARKDOWN_LIMIT:
            raise SlackError("msg_too_long")
        text = str(markdown)
    return Content(
        text=None if text is None else str(text)[:TEXT_CUT],
        blocks=blocks,
        attachments=_attachments(arguments.get("attachments")),
        metadata=_metadata(arguments.get("metadata")),
        parse_names=arguments.get("parse") == "full" or is_true(arguments.get("link_names")),
        named=frozenset(name for name, value in arguments.items() if value is not None),
    )


def is_true(value: Any) -> bool:
    """Read a flag as Slack reads it: it may come as JSON or as a form's text."""
    return value in (True, "true", "True", "1", 1)


def parsed(value: Any) -> Any:
    """Read an argument that may be JSON in a string. Raises ValueError if that can't be read."""
    return json.loads(value) if isinstance(value, str) else value


def _blocks(value: Any) -> list[Json] | None:
    if value is None or value == "":
        return None
    try:
        blocks = parsed(value)
    except ValueError:
        raise SlackError("invalid_blocks_format") from None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    _refuse(checks.check_message(blocks))
    copied: list[Json] = json.loads(json.dumps(blocks))  # the arguments stay as they were sent
    checks.give_ids(copied)
    return copied


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise SlackError(
            "invalid_blocks",
            messages=[str(problem) for problem in problems],
            errors=[str(problem).removeprefix("[ERROR] ") for problem in problems],
        )


def _attachments(value: Any) -> list[Json] | None:
    if value is None or value == "":
        return None
    try:
        attachments = parsed(value)
    except ValueError:
        raise SlackError("invalid_attachments") from None
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS_LIMIT:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        pointer = f"/attachments/{index}/blocks"
        _refuse(checks.check_message(attachment.get("blocks", []), pointer=pointer))
    return attachments


def _metadata(value: Any) -> Json | None:
    if value is None or value == "":
        return None
    try:
        metadata = parsed(value)
    except ValueError:
        raise SlackError("invalid_metadata_format") from None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return {}
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not event_type or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if not set(metadata) <= {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata
