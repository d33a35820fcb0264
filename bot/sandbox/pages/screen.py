"""The whole page of one person in one place: what the template shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader

from bot.sandbox.clock import Jump
from bot.sandbox.pages.activity import activity
from bot.sandbox.pages.memory import Memory
from bot.sandbox.pages.messages import avatar, entries
from bot.sandbox.pages.places import Place, zone_of
from bot.sandbox.pages.surfaces import PageSurfaces
from bot.sandbox.people import Person
from bot.sandbox.records import BOT_USER_ID, TEAM_NAME, User
from bot.sandbox.rendering.blocks import blocks_to_html
from bot.sandbox.rendering.times import clock_time, has_noon
from bot.sandbox.seed import PERSONAS, SLACKBOT
from bot.sandbox.state.faults import Fault
from bot.sandbox.web_api.endpoint import METHODS
from bot.sandbox.workspace import Workspace

FAULTS = {
    "429": ("429 rate limit", "The next call is refused with 429 and a Retry-After."),
    "500": ("500 error", "The next call fails before anything happened."),
    "lost": ("Lost answer", "The next call takes effect, but its answer never arrives."),
    "slow": ("Slow answer", "The next call takes five seconds."),
    "broken": ("Broken answer", "The next call fails, with JSON that breaks off."),
    "abort": ("Cut sockets", "Every WebSocket of the bot is reset at once."),
}
FAULT_SPANS = {
    "": "Once",
    "600": "10 minutes",
    "3600": "1 hour",
    "86400": "1 day",
    "forever": "Until cleared",
}
"""How long calls are refused, in seconds of the workspace's clock."""
FAULT_CODES = (
    "internal_error",
    "invalid_auth",
    "token_revoked",
    "account_inactive",
    "missing_scope",
    "channel_not_found",
    "is_archived",
    "restricted_action",
    "user_not_found",
    "msg_too_long",
    "invalid_blocks",
    "team_access_not_granted",
)
"""Suggestions beside the field, which takes any code."""
FAULT_METHODS = (
    "chat.postMessage",
    "chat.update",
    "views.open",
    "views.update",
    "views.publish",
    "apps.connections.open",
)


@dataclass(frozen=True)
class Link:
    """This is a line of the sidebar, or a person at the top of the page."""

    path: str
    name: str
    note: str = ""
    icon: str = ""
    unread: int = 0
    current: bool = False
    user: User | None = None


IN_A_ROW = 5
"""How many people stand in the page's head; the others are in a menu beside them."""


def personas(workspace: Workspace) -> list[User]:
    """Return the people that a visitor can be: the best known of the seed first, then everybody else.

    A bot and somebody whose account was deactivated can't be anybody: they can't open Slack.
    """
    users = workspace.users
    seeded = [users[user_id] for user_id in PERSONAS if user_id in users]
    return seeded + [
        user
        for user in users.values()
        if user.id not in PERSONAS and user.id != SLACKBOT and not (user.is_bot or user.deleted)
    ]


def screen(
    workspace: Workspace, person: Person, place: Place, *, memory: Memory, jumps: Sequence[Jump]
) -> str:
    """Return the page of one person in one place, as HTML. `jumps` are the clock's buttons."""
    user, zone, now = person.user, zone_of(person.user), workspace.clock.now()
    surfaces = PageSurfaces(workspace, user, memory.notices.get(user.id))
    channels = [channel for channel in workspace.channels.values() if channel.kind != "im"]
    people = [_persona(workspace, each, place, memory) for each in personas(workspace)]
    context: dict[str, Any] = {
        "user": user,
        "place": place,
        "title": _title(workspace, place),
        "personas": people[:IN_A_ROW],
        "others": people[IN_A_ROW:],
        "channels": [_channel_link(person, each.id, place, memory) for each in person.channels],
        "app": _app_links(person, place, memory),
        "avatar": avatar,
        "entries": [],
        "notice": surfaces.notice_beside(place.name),
        "home": None,
        "modal": _modal(person, surfaces),
        "commands": list(workspace.manifest.commands.values()),
        "read_only": workspace.manifest.messages_tab_read_only and place.kind == "dm",
        "version": workspace.version,
        "clock_time": clock_time,
        "has_noon": has_noon,
        "now": now,
        "local": now.astimezone(zone),
        "zone": getattr(zone, "key", "UTC"),
        "jumps": jumps,
        "faults": FAULTS,
        "fault_methods": FAULT_METHODS,
        "fault_codes": FAULT_CODES,
        "fault_spans": FAULT_SPANS,
        "methods": sorted(METHODS),
        "waiting": _waiting(workspace),
        "bot": workspace.bot_user,
        "app_name": workspace.manifest.name,
        "team_name": TEAM_NAME,
        "bot_channels": sorted(
            channels,
            key=lambda each: (each.is_archived, BOT_USER_ID not in each.members, each.name),
        ),
        "connected": workspace.dispatcher.connected,
        "activity": activity(workspace, zone),
    }
    if place.channel is not None:
        messages = person.messages(place.channel.id)
        context["entries"] = entries(workspace, person, messages, surfaces)
        context["older"] = len(messages) - len(context["entries"])
    if place.kind == "home":
        context["home"] = _home(workspace, user, surfaces)
    return _templates().get_template("page.html").render(context)


def _waiting(workspace: Workspace) -> list[str]:
    """Return a line for each fault that waits for a call, lasts, or keeps a token dead."""
    faults, zone = workspace.faults, workspace.clock.now().tzinfo
    lines = []
    for fault in faults.waiting:
        name = _fault_name(workspace, fault)
        lines.append(f"{name} ×{fault.times}" if fault.times > 1 else name)
    for span in faults.spans:
        end = (
            "until cleared"
            if span.until is None
            else f"until {span.until.astimezone(zone):%a %H:%M} UTC"
        )
        lines.append(f"{_fault_name(workspace, span.fault)} {end}")
    return lines + [f"dead {kind} token" for kind in sorted(faults.dead_tokens)]


def _fault_name(workspace: Workspace, fault: Fault) -> str:
    name = fault.code if fault.kind == "error" else FAULTS.get(fault.kind, (fault.kind,))[0]
    if fault.method:
        name = f"{name} on {fault.method}"
    return f"{name} in #{workspace.channels[fault.channel].name}" if fault.channel else name


def _title(workspace: Workspace, place: Place) -> str:
    if place.kind == "channel" and place.channel is not None:
        return f"#{place.channel.name}"
    return workspace.manifest.name


def _persona(workspace: Workspace, user: User, place: Place, memory: Memory) -> Link:
    """Link to another person in the same kind of place, if that person may be there."""
    person = Person(workspace, user.id)
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


def _home(workspace: Workspace, user: User, surfaces: PageSurfaces) -> dict[str, Any] | None:
    """Return what the template needs of the Home, or None if none is published."""
    home = workspace.homes.get(user.id)
    if home is None:
        return None
    surface = surfaces.surface(f"home-{user.id}", beside=f"view:{home.id}", state=home.state)
    return {"id": home.id, "html": blocks_to_html(home.body["blocks"], surface)}


def _modal(person: Person, surfaces: PageSurfaces) -> dict[str, Any] | None:
    """Return what the template needs of the modal on top, or None if no modal is open."""
    stack = person.workspace.modals[person.id]
    if not stack:
        return None
    view = stack[-1]
    beside = f"view:{view.id}"
    surface = surfaces.surface(
        f"modal-{view.id}", beside=beside, state=view.state, errors=view.errors
    )
    body = view.body
    return {
        "id": view.id,
        "title": surface.text(body["title"]),
        "html": blocks_to_html(body["blocks"], surface),
        "submit": surface.text(body.get("submit")),
        "close": surface.text(body.get("close")) or "Cancel",
        "below": len(stack) - 1,
        "notice": "" if any(surface.troubles) else surfaces.notice_beside(beside),
    }


@cache
def _templates() -> Environment:
    """Load the page's templates. They escape everything that is put into them."""
    return Environment(
        loader=PackageLoader("bot.sandbox.pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
