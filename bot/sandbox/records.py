"""The records that a workspace is made of: people, channels, messages, views, and what happened.

Ids, field names and shapes are Slack's. `payload()` returns what Slack's Web API would show.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]

TEAM_ID = "T0HARBOR"
TEAM_NAME = "Harbor Supply Co."
TEAM_DOMAIN = "harbor-supply"
APP_ID = "A0BASECOACH"
BOT_ID = "B0BASECOACH"
BOT_USER_ID = "U0BASECOACH"

CUT = "sandbox.cut"
"""The server puts a function under this key into the scope. It cuts the connection without an answer."""


class Clock(Protocol):
    """The workspace goes by this clock. It only ever moves forward."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""

    @property
    def offset(self) -> float:
        """The clock is this many seconds ahead of the machine's."""

    def move(self, seconds: float) -> None:
        """Move the clock forward by this many seconds."""

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each move. Returns a function that ends this."""


@dataclass
class User:
    """A user is a member of the workspace. `tz` is an IANA name, or None where Slack gives no zone."""

    id: str
    name: str
    real_name: str
    tz: str | None = "Europe/London"
    title: str = ""
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False


@dataclass
class Channel:
    """A channel is a conversation. `kind` is "public", "private" or "im": a DM of `user` and the bot."""

    id: str
    name: str
    kind: str = "public"
    members: list[str] = field(default_factory=list)
    user: str | None = None
    is_archived: bool = False
    is_ext_shared: bool = False
    created: int = 0
    creator: str = BOT_USER_ID

    @property
    def type_letter(self) -> str:
        """Events carry this as `channel_type`: C for public channels, G for private ones, D for DMs."""
        return {"public": "C", "private": "G", "im": "D"}[self.kind]

    @property
    def payload_name(self) -> str:
        """Commands and presses carry this name. Slack hides the names of private channels."""
        return {"public": self.name, "private": "privategroup", "im": "directmessage"}[self.kind]

    def payload(self, *, viewer: str = BOT_USER_ID) -> Json:
        """Return the channel as conversations.info shows it to `viewer`."""
        if self.kind == "im":
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_org_shared": False,
                "user": self.user,
                "is_archived": self.is_archived,
                "is_open": True,
                "is_user_deleted": False,
                "priority": 0,
                "context_team_id": TEAM_ID,
            }
        private = self.kind == "private"
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not private,
            "is_group": private,
            "is_im": False,
            "is_mpim": False,
            "is_private": private,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "created": self.created,
            "creator": self.creator,
            "context_team_id": TEAM_ID,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass
class Message:
    """A message stands in a channel. `ephemeral_to` names the only person who sees it, or is None.

    `pings` names whom it notifies beyond the channel's usual unread mark: "channel", "here", "everyone", user
    ids and ids of user groups.
    """

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: Json | None = None
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    ephemeral_to: str | None = None
    files: list[str] = field(default_factory=list)
    """The ids of the files that stand below its text."""
    pings: frozenset[str] = frozenset()

    @property
    def from_bot(self) -> bool:
        """Whether the app posted it."""
        return self.app_id is not None

    def payload(self, *, include_all_metadata: bool = True) -> Json:
        """Return the message as conversations.history shows it.

        Without `include_all_metadata` only the type of its metadata is shown.
        """
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        if self.from_bot:
            shown |= {"bot_id": self.bot_id, "app_id": self.app_id}
        shown["team"] = TEAM_ID
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.attachments:
            shown["attachments"] = self.attachments
        if self.files:
            shown["files"] = [{"id": file_id} for file_id in self.files]
        if self.edited:
            shown["edited"] = self.edited
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.metadata:
            shown["metadata"] = (
                self.metadata
                if include_all_metadata
                else {"event_type": self.metadata["event_type"]}
            )
        return shown


@dataclass
class View:
    """A view is a modal or a Home. `state` holds what its person has filled in so far."""

    id: str
    user: str
    body: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """These sentences stand under the inputs since the last submit, by block_id."""

    @property
    def external_id(self) -> str:
        """The app gave the view this id, or ""."""
        return str(self.body.get("external_id") or "")

    def payload(self) -> Json:
        """Return the view as views.* answer with it and interactions carry it."""
        body = self.body
        shown: Json = {
            "id": self.id,
            "team_id": TEAM_ID,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": {"values": copy.deepcopy(self.state)},
            "hash": self.hash,
            "title": body.get("title")
            or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "app_id": APP_ID,
            "external_id": self.external_id,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }
        if body.get("submit_disabled"):
            shown["submit_disabled"] = True
        return shown


@dataclass(frozen=True)
class ApiCall:
    """The bot called a method of the Web API: this was asked, and this was answered.

    `fault` names the fault that the call met ("429", "500", "lost", "slow", "error"), if any.
    """

    method: str
    arguments: Mapping[str, Any]
    response: Mapping[str, Any]
    status: int
    at: datetime
    fault: str | None = None


@dataclass
class Delivery:
    """A delivery is one envelope, or one request, to the bot.

    `result` is "pending", "acked", "no_connection", "timeout", "disconnected" or "http_error".
    """

    envelope_id: str
    type: str
    payload: Json
    at: datetime
    retry_attempt: int = 0
    retry_reason: str | None = None
    connection: int | None = None
    status: int | None = None
    """The bot answered with this status. It is None over Socket Mode, or if there was no answer."""
    no_retry: bool = False
    """The bot asked not to be sent this again."""
    result: str = "pending"
    ack: Json | None = None
    problems: list[str] = field(default_factory=list)
    """The workspace refused what the acknowledgement carried, for these reasons."""

    @property
    def acked(self) -> bool:
        """Whether the bot acknowledged it in time."""
        return self.result == "acked"


@dataclass(frozen=True)
class Interaction:
    """A person did something, and it ended like this.

    `error` holds the words that Slack itself would show. `body` is what the bot's acknowledgement carried.
    """

    acked: bool
    error: str | None = None
    body: Json | None = None
