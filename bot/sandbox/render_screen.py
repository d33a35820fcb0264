"""The whole page for one person in one place, as the template wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.people import Person
from bot.sandbox.records import BOT_USER_ID, TEAM_NAME, Message, User
from bot.sandbox.render import blocks_to_html, templates
from bot.sandbox.render_activity import activity
from bot.sandbox.render_page import (
    Notice,
    Place,
    Surfaces,
    avatar,
    entries,
    unread,
    zone_of,
)
from bot.sandbox.seed import PERSONAS

if TYPE_CHECKING:
    from bot.sandbox.server import SandboxServer

FAULTS = {
    "429": ("429 rate limit", "The next call is refused with 429 and a Retry-After."),
    "500": ("500 error", "The next call fails before anything happened."),
    "lost": ("Lost answer", "The next call takes effect, but its answer never arrives."),
    "slow": ("Slow answer", "The next call takes five seconds."),
}
FAULT_METHODS = ("chat.postMessage", "chat.update", "views.open", "views.update", "views.publish")


@dataclass
class Memory:
    """What the page itself remembers: how far each person has read, and what they were last told.

    What stood in the workspace before `since` counts as read.
    """

    since: float
    read: dict[tuple[str, str], float] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)

    def unread(self, user: User, channel_id: str, messages: Sequence[Message]) -> int:
        return unread(messages, user, self.read.get((user.id, channel_id), self.since))

    def forget_notice(self, user_id: str, place: str) -> None:
        """Whoever goes to another place has read what Slack said about the composer of the last."""
        notice = self.notices.get(user_id)
        if notice is not None and ":" not in notice.beside and notice.beside != place:
            del self.notices[user_id]

    def mark_read(self, user: User, channel_id: str, messages: Sequence[Message]) -> bool:
        """Remember that all of this was seen; whether there was anything new in it."""
        if not self.unread(user, channel_id, messages):
            return False
        self.read[user.id, channel_id] = float(messages[-1].ts)
        return True


@dataclass(frozen=True)
class Link:
    """A line of the sidebar, or a persona."""

    path: str
    name: str
    note: str = ""
    icon: str = ""
    unread: int = 0
    current: bool = False
    user: User | None = None


def personas(server: SandboxServer) -> list[User]:
    """Who can be played: the four of the seed, or every ordinary person where they are not."""
    users = server.workspace.users
    seeded = [users[user_id] for user_id in PERSONAS if user_id in users]
    return seeded or [
        user for user in users.values() if not (user.is_bot or user.deleted or user.is_restricted)
    ]


def screen(server: SandboxServer, person: Person, place: Place, memory: Memory) -> str:
    """The page as HTML."""
    workspace = server.workspace
    user, zone, now = person.user, zone_of(person.user), workspace.clock.now()
    surfaces = Surfaces(workspace, user, memory.notices.get(user.id))
    channels = [channel for channel in workspace.channels.values() if channel.kind != "im"]
    context: dict[str, Any] = {
        "user": user,
        "place": place,
        "title": _title(server, place),
        "personas": [_persona(server, each, place, memory) for each in personas(server)],
        "channels": [_channel_link(person, each.id, place, memory) for each in person.channels],
        "app": _app_links(person, place, memory),
        "avatar": avatar,
        "entries": [],
        "notice": surfaces.noted(place.name),
        "home": None,
        "modal": _modal(person, surfaces),
        "commands": list(workspace.manifest.commands.values()),
        "read_only": workspace.manifest.messages_tab_read_only and place.kind == "dm",
        "version": workspace.version,
        "now": now,
        "local": now.astimezone(zone),
        "zone": getattr(zone, "key", "UTC"),
        "jumps": server.jumps,
        "faults": FAULTS,
        "fault_methods": FAULT_METHODS,
        "waiting": workspace.faults.waiting,
        "bot": workspace.bot_user,
        "app_name": workspace.manifest.name,
        "team_name": TEAM_NAME,
        "bot_channels": sorted(
            channels,
            key=lambda each: (each.is_archived, BOT_USER_ID not in each.members, each.name),
        ),
        "connected": workspace.socket_mode.connected,
        "activity": activity(workspace, zone),
    }
    if place.channel is not None:
        messages = person.messages(place.channel.id)
        context["entries"] = entries(workspace, person, messages, surfaces)
        context["older"] = len(messages) - len(context["entries"])
    home = workspace.homes.get(user.id)
    if place.kind == "home" and home is not None:
        drawn = surfaces.surface(f"home-{user.id}", beside=f"view:{home.id}", state=home.state)
        context["home"] = {
            "id": home.id,
            "html": blocks_to_html(home.body["blocks"], drawn),
        }
    return templates().get_template("page.html").render(context)


def _title(server: SandboxServer, place: Place) -> str:
    if place.kind == "channel" and place.channel is not None:
        return f"#{place.channel.name}"
    return server.workspace.manifest.name


def _persona(server: SandboxServer, user: User, place: Place, memory: Memory) -> Link:
    """Playing somebody else keeps the kind of place one is in, where that person may be there."""
    person = Person(server, user.id)
    same = place.kind != "channel" or (place.channel and user.id in place.channel.members)
    path = Place(place.kind if same else "dm", user.id, place.channel if same else None).path
    channels = [person.dm, *(channel.id for channel in person.channels)]
    return Link(
        path=path,
        name=user.real_name,
        note=user.title,
        unread=sum(memory.unread(user, each, person.messages(each)) for each in channels),
        current=user.id == place.user_id,
        user=user,
    )


def _channel_link(person: Person, channel_id: str, place: Place, memory: Memory) -> Link:
    channel = person.workspace.channels[channel_id]
    return Link(
        path=Place("channel", person.id, channel).path,
        name=channel.name,
        note="archived" if channel.is_archived else "",
        icon="archive" if channel.is_archived else "lock" if channel.kind == "private" else "hash",
        unread=memory.unread(person.user, channel_id, person.messages(channel_id)),
        current=place.channel is not None and place.channel.id == channel_id,
    )


def _app_links(person: Person, place: Place, memory: Memory) -> list[Link]:
    waiting = memory.unread(person.user, person.dm, person.messages())
    home = Place("home", person.id)
    messages = Place("dm", person.id)
    return [
        Link(home.path, "Home", icon="home", current=place.kind == "home"),
        Link(messages.path, "Messages", icon="chat", unread=waiting, current=place.kind == "dm"),
    ]


def _modal(person: Person, surfaces: Surfaces) -> dict[str, Any] | None:
    """The modal on top, with how many lie under it."""
    stack = person.workspace.modals[person.id]
    if not stack:
        return None
    view = stack[-1]
    beside = f"view:{view.id}"
    drawn = surfaces.surface(
        f"modal-{view.id}", beside=beside, state=view.state, errors=view.errors
    )
    body = view.body
    return {
        "id": view.id,
        "title": drawn.text(body["title"]),
        "html": blocks_to_html(body["blocks"], drawn),
        "submit": drawn.text(body.get("submit")),
        "close": drawn.text(body.get("close")) or "Cancel",
        "below": len(stack) - 1,
        "notice": "" if any(drawn.troubles) else surfaces.noted(beside),
    }
