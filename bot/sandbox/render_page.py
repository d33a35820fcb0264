"""What one person sees in a place: its messages with names, local times and blocks.

Everything here is read from the workspace and put into words and HTML; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup

from bot.sandbox.mrkdwn import Viewer, mrkdwn_to_html
from bot.sandbox.people import Person
from bot.sandbox.records import BOT_USER_ID, Channel, Json, Message, User
from bot.sandbox.render import Option, Surface, blocks_to_html
from bot.sandbox.workspace import Workspace

NEWEST_MESSAGES = 100
SAME_BREATH_SECONDS = 300
SLACKBOT = "Slackbot"


@dataclass(frozen=True)
class Place:
    """Where somebody is: "home", "dm" or "channel"; the latter two have a channel."""

    kind: str
    user_id: str
    channel: Channel | None = None

    @property
    def path(self) -> str:
        if self.kind == "channel" and self.channel is not None:
            return f"/p/{self.user_id}/c/{self.channel.id}"
        return f"/p/{self.user_id}/{self.kind}"

    @property
    def name(self) -> str:
        """What distinguishes it from this person's other places."""
        return self.channel.id if self.channel else self.kind


@dataclass(frozen=True)
class Notice:
    """What Slack tells somebody about the last thing they did, and beside what it says so.

    `beside` is a place's name, "message:CHANNEL/TS" or "view:ID"; `block_id` the block in it, if any.
    """

    beside: str
    words: str
    block_id: str = ""


@dataclass(frozen=True)
class Entry:
    """A message as it stands in the column. `day` is set where a new day begins."""

    message: Message
    key: str
    author: str
    avatar: Markup
    by_app: bool
    local: datetime
    day: str
    follows: bool
    body: Markup


def zone_of(user: User) -> tzinfo:
    """A person's zone, or UTC where Slack gives none."""
    try:
        return ZoneInfo(user.tz) if user.tz else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def reader_of(workspace: Workspace, user: User) -> Viewer:
    """The workspace through this person's eyes: private channels they are not in have no name."""
    return Viewer(
        user_id=user.id,
        zone=zone_of(user),
        now=workspace.clock.now(),
        users={each.id: each.real_name for each in workspace.users.values()},
        channels={
            channel.id: channel.name
            for channel in workspace.channels.values()
            if channel.kind == "public"
            or (channel.kind == "private" and user.id in channel.members)
        },
    )


class Surfaces:
    """Makes the surfaces of one page: its menus of people and channels offer what Slack would."""

    def __init__(self, workspace: Workspace, user: User, notice: Notice | None) -> None:
        self.reader = reader_of(workspace, user)
        self._notice = notice
        self._people = [
            Option(each.id, each.real_name)
            for each in sorted(workspace.users.values(), key=lambda each: each.real_name)
            if not each.deleted
        ]
        self._channels = [
            Option(channel_id, f"#{name}")
            for channel_id, name in sorted(self.reader.channels.items(), key=lambda item: item[1])
            if not workspace.channels[channel_id].is_archived
        ]
        self._public = [
            each for each in self._channels if workspace.channels[each.value].kind == "public"
        ]

    def surface(
        self,
        key: str,
        *,
        beside: str,
        state: Mapping[str, Mapping[str, Json]],
        errors: Mapping[str, str] | None = None,
    ) -> Surface:
        """A surface; `beside` is what notices about it call it."""
        notice = self._notice if self.noted(beside) else None
        return Surface(
            key=key,
            reader=self.reader,
            state=state,
            errors=errors or {},
            troubles={notice.block_id: notice.words} if notice else {},
            users=self._people,
            conversations=[*self._channels, *self._people],
            channels=self._public,
        )

    def noted(self, beside: str) -> str:
        """The notice about this surface, or ""."""
        return self._notice.words if self._notice and self._notice.beside == beside else ""


def avatar(user: User | None) -> Markup:
    """A person's initials on a colour of their own; the app's sign for the app."""
    if user is None:
        return Markup('<span class="avatar avatar-slackbot" aria-hidden="true">S</span>')
    if user.id == BOT_USER_ID:
        return Markup(
            '<span class="avatar avatar-app" aria-hidden="true">'
            '<svg class="icon"><use href="#icon-base"/></svg></span>'
        )
    initials = "".join(word[0] for word in user.real_name.split()[:2]).upper()
    colour = sum(map(ord, user.id)) % 8
    return Markup('<span class="avatar avatar-{}" aria-hidden="true">{}</span>').format(
        colour, initials
    )


def entries(
    workspace: Workspace,
    person: Person,
    messages: Sequence[Message],
    surfaces: Surfaces,
) -> list[Entry]:
    """The newest messages of a place, ready to be put below each other."""
    zone = zone_of(person.user)
    today = workspace.clock.now().astimezone(zone).date()
    shown: list[Entry] = []
    before: Message | None = None
    for message in messages[-NEWEST_MESSAGES:]:
        local = datetime.fromtimestamp(float(message.ts), UTC).astimezone(zone)
        previous = shown[-1].local if shown else None
        new_day = previous is None or previous.date() != local.date()
        author = workspace.users.get(message.user)
        follows = (
            before is not None
            and not new_day
            and before.user == message.user
            and before.ephemeral_to == message.ephemeral_to
            and previous is not None
            and (local - previous).total_seconds() < SAME_BREATH_SECONDS
        )
        beside = f"{message.channel}/{message.ts}"
        shown.append(
            Entry(
                message=message,
                key=f"m-{beside}",
                author=author.real_name if author else SLACKBOT,
                avatar=avatar(author),
                by_app=message.from_bot,
                local=local,
                day=_day(local, today.toordinal()) if new_day else "",
                follows=follows,
                body=message_body(workspace, person.user, message, surfaces),
            )
        )
        before = message
    return shown


def _day(local: datetime, today: int) -> str:
    near = {0: "Today", -1: "Yesterday"}.get(local.date().toordinal() - today)
    return near or f"{local:%A, %-d %B %Y}"


def message_body(workspace: Workspace, user: User, message: Message, surfaces: Surfaces) -> Markup:
    """A message's blocks, or its text where it has none; attachments stand below."""
    name = f"{message.channel}/{message.ts}"
    state = workspace.input_states.get((user.id, name), {})
    place = surfaces.surface(f"m-{name}", beside=f"message:{name}", state=state)
    parts = [
        blocks_to_html(message.blocks, place)
        if message.blocks
        else _text_block(message.text, place.reader)
    ]
    for number, attachment in enumerate(message.attachments):
        below = surfaces.surface(f"m-{name}/{number}", beside="", state=state)
        inner = blocks_to_html(attachment.get("blocks") or (), below) or _text_block(
            str(attachment.get("text") or attachment.get("fallback") or ""), place.reader
        )
        parts.append(Markup('<div class="attachment">{}</div>').format(inner))
    return Markup("").join(parts)


def _text_block(text: str, reader: Viewer) -> Markup:
    return Markup('<div class="block text">{}</div>').format(
        mrkdwn_to_html(text, reader, parse_names=False)
    )


def unread(messages: Iterable[Message], user: User, read: float) -> int:
    """How many messages of others came after what this person has seen."""
    return sum(1 for message in messages if message.user != user.id and float(message.ts) > read)
