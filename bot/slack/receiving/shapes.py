"""The shapes of Slack's payloads, as TypedDicts that pydantic checks every payload against.

Nothing in a payload can be trusted. Only the fields that listeners read are declared here; other fields may hold
anything. Slack describes the payloads at https://docs.slack.dev/interactivity/handling-user-interaction and
https://docs.slack.dev/reference/events.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import (
    Annotated,
    Any,
    NotRequired,  # pydantic needs these before Python 3.12
)

from pydantic import StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from bot.domain.refusals import Refusal
from bot.slack.receiving.payload_metrics import kind_of

log = logging.getLogger(__name__)

UNREADABLE = (
    "Slack sent something that Basecoach can’t read. Please try again from Home or with /checkin."
)

Ticket = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A trigger id or a response_url: forms keep them in their metadata, which has little room."""
SlackId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,50}$")]
"""The id of a person, in Slack's form. Ids are written to the log, so text of a person must not pass as one."""
Timestamp = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}\.[0-9]{1,6}$")]
"""A message's `ts`."""
MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,100}$")]
"""The id of an event, or the one that a client gives a message."""
EventType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]{1,80}$")]


class Option(TypedDict):
    """A choice of a menu, or of radio buttons."""

    value: str


class User(TypedDict):
    """The person who pressed or sent something."""

    id: SlackId


class Input(TypedDict):
    """The state of one input of a form; the input's kind decides which of the fields it has."""

    value: NotRequired[str]
    selected_option: NotRequired[Option]
    selected_options: NotRequired[list[dict[str, Any]]]
    selected_user: NotRequired[str]
    selected_users: NotRequired[list[str]]
    selected_conversation: NotRequired[str]
    selected_date: NotRequired[str]
    selected_time: NotRequired[str]


class InputBlock(TypedDict):
    """A block of a form that was sent."""

    block_id: str
    type: str


class State(TypedDict):
    """What the inputs of a form hold, by block_id and action_id."""

    values: dict[str, dict[str, Input]]


class SentView(TypedDict):
    """A form that was sent."""

    id: str
    type: str
    callback_id: str
    private_metadata: NotRequired[str]
    hash: NotRequired[str]
    previous_view_id: NotRequired[str]
    blocks: list[InputBlock]
    state: State


class PressedView(TypedDict):
    """The Home or the form that contains the pressed button."""

    id: str
    type: str
    callback_id: NotRequired[str]
    private_metadata: NotRequired[str]
    hash: str
    previous_view_id: NotRequired[str]
    root_view_id: NotRequired[str]


class Action(TypedDict):
    """One button that was pressed, or one menu from which something was chosen."""

    action_id: str
    block_id: NotRequired[str]
    value: NotRequired[str]
    selected_option: NotRequired[Option]
    selected_user: NotRequired[str]


class Container(TypedDict):
    """The place that contains the button."""

    channel_id: NotRequired[str]
    message_ts: NotRequired[Timestamp]


class Metadata(TypedDict):
    """A message's metadata; `event_payload` is what the bot posted it with."""

    event_type: NotRequired[str]
    event_payload: NotRequired[dict[str, Any]]


class Message(TypedDict):
    """The message that contains the button."""

    metadata: NotRequired[Metadata]


class Command(TypedDict):
    """A slash command."""

    command: str
    user_id: SlackId
    trigger_id: Ticket
    text: NotRequired[str]
    response_url: NotRequired[Ticket]


class BlockActions(TypedDict):
    """A press on a button, or a choice from a menu."""

    user: User
    trigger_id: Ticket
    response_url: NotRequired[Ticket]
    actions: list[Action]
    container: NotRequired[Container]
    message: NotRequired[Message]
    view: NotRequired[PressedView]


class ViewSubmission(TypedDict):
    """A form that was sent."""

    user: User
    view: SentView


class ClosedView(TypedDict):
    """A form that was closed."""

    callback_id: str


class ViewClosed(TypedDict):
    """A form was closed without being sent."""

    user: User
    view: ClosedView


class Event(TypedDict):
    """An event of the Events API."""

    type: EventType


class EventCallback(TypedDict):
    """The envelope of an event."""

    event: Event
    event_id: NotRequired[MessageId]


class HomeOpened(TypedDict):
    """https://docs.slack.dev/reference/events/app_home_opened"""

    user: SlackId
    tab: NotRequired[str]


class MessageEvent(TypedDict):
    """https://docs.slack.dev/reference/events/message.im

    Slack sends it for what people write, and with a `subtype` or a `bot_id` for much else.
    """

    channel: str
    channel_type: NotRequired[str]
    ts: Timestamp
    user: NotRequired[SlackId]
    text: NotRequired[str]
    subtype: NotRequired[str]
    bot_id: NotRequired[str]
    hidden: NotRequired[bool]
    client_msg_id: NotRequired[MessageId]
    team: NotRequired[str]
    user_team: NotRequired[str]


class ChannelMembership(TypedDict):
    """Somebody joined or left a channel."""

    user: str
    channel: str


class ChannelEvent(TypedDict):
    """Something happened to a channel."""

    channel: str


class NamedChannel(TypedDict):
    """A channel with its new name."""

    id: str
    name: str


class ChannelRename(TypedDict):
    """https://docs.slack.dev/reference/events/channel_rename and group_rename"""

    channel: NamedChannel


class ChannelIdChanged(TypedDict):
    """https://docs.slack.dev/reference/events/channel_id_changed"""

    old_channel_id: str
    new_channel_id: str


class TokensRevoked(TypedDict):
    """https://docs.slack.dev/reference/events/tokens_revoked"""

    tokens: NotRequired[dict[str, Any]]


_PAYLOADS: dict[str, type] = {
    "command": Command,
    "block_actions": BlockActions,
    "view_submission": ViewSubmission,
    "view_closed": ViewClosed,
    "event_callback": EventCallback,
}
_EVENTS: dict[str, type] = {
    "app_home_opened": HomeOpened,
    "message": MessageEvent,
    "member_left_channel": ChannelMembership,
    "member_joined_channel": ChannelMembership,
    "channel_archive": ChannelEvent,
    "group_archive": ChannelEvent,
    "channel_unarchive": ChannelEvent,
    "group_unarchive": ChannelEvent,
    "channel_deleted": ChannelEvent,
    "channel_id_changed": ChannelIdChanged,
    "channel_rename": ChannelRename,
    "group_rename": ChannelRename,
    "tokens_revoked": TokensRevoked,
}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 40
_ONLY_SHOWN = frozenset({"blocks", "attachments"})
"""Fields in which a payload repeats what the bot showed; a listener reads only ids from them."""


def has_listener(body: dict[str, Any]) -> bool:
    """Return whether the bot or Bolt itself listens to payloads of this kind."""
    return kind_of(body) != "other" or "ssl_check" in body or body.get("type") == "url_verification"


def written_by_person(event: Mapping[str, Any] | MessageEvent) -> bool:
    """Return whether a message event is of a direct message that a person wrote anew.

    The bot's own messages, edits, deletions and broadcasts of threads are none.
    """
    return (
        event.get("channel_type") == "im"
        and event.get("subtype") is None
        and event.get("bot_id") is None
        and not event.get("hidden")
        and bool(event.get("user"))
    )


def readable(body: dict[str, Any]) -> None:
    """Check and clean the payload in place; raises Refusal if it does not have the shape of Slack's payloads.

    Afterwards a field that Slack sent as null is absent, and characters that no database stores (NUL, half a
    surrogate pair) are replaced.
    """
    kind = "command" if "command" in body else str(body.get("type"))
    try:
        _clean(body, 0)
        if kind in _PAYLOADS:
            _must_fit(_PAYLOADS[kind], body)
        if kind == "event_callback":
            event = body["event"]
            if event["type"] in _EVENTS:
                _must_fit(_EVENTS[event["type"]], event)
        elif not isinstance(body.get("event", {}), dict):
            raise Refusal(UNREADABLE)  # Bolt reads this field of every kind of payload
        if kind == "block_actions" and not (
            body["actions"] and (body.get("response_url") or body.get("view"))
        ):
            raise Refusal(UNREADABLE)  # the payload names no button, or no place of it
    except Refusal:
        shown = kind if kind in _PAYLOADS else ""
        log.warning("a payload of no known shape", extra={"kind": shown})
        raise


def _must_fit(shape: type, value: object) -> None:
    try:
        _adapter(shape).validate_python(value, strict=True)
    except ValidationError:
        raise Refusal(UNREADABLE) from None  # pydantic's message would repeat what was sent


@cache
def _adapter(shape: type) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _clean(node: Any, depth: int) -> None:
    """Remove nulls from objects and replace characters that can't be stored, down to `_DEEPEST` levels."""
    if depth > _DEEPEST:
        raise Refusal(UNREADABLE)
    if isinstance(node, dict):
        for key in [key for key, value in node.items() if value is None]:
            del node[key]
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inside:
        if isinstance(value, str):
            if not value.isprintable() and _UNSTORABLE.search(value):
                node[key] = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        elif isinstance(value, (dict, list)) and key not in _ONLY_SHOWN:
            _clean(value, depth + 1)
