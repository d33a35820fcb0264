"""The messages of a place, with names, local times and blocks, as one person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from bot.sandbox.pages.places import zone_of
from bot.sandbox.pages.surfaces import PageSurfaces
from bot.sandbox.people import Person
from bot.sandbox.records import BOT_USER_ID, Message, User
from bot.sandbox.rendering.blocks import blocks_to_html
from bot.sandbox.rendering.mrkdwn import Viewer, mrkdwn_to_html
from bot.sandbox.workspace import Workspace

NEWEST_MESSAGES = 100
GROUPED_SECONDS = 300
"""A message that follows within this time after one by the same author stands under its name."""
SLACKBOT = "Slackbot"


@dataclass(frozen=True)
class Entry:
    """This is a message as it stands in the column. `day` is set where a new day begins.

    `follows` says that it stands under the name of the message above it.
    """

    message: Message
    key: str
    author: str
    avatar: Markup
    by_app: bool
    local: datetime
    day: str
    follows: bool
    body: Markup


def avatar(user: User | None) -> Markup:
    """Return a person's initials on a colour, or the app's sign for the app. None is Slackbot."""
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
    surfaces: PageSurfaces,
) -> list[Entry]:
    """Return the newest messages of a place, in the order in which they stand below each other."""
    zone = zone_of(person.user)
    today = workspace.clock.now().astimezone(zone).date()
    shown: list[Entry] = []
    for message in messages[-NEWEST_MESSAGES:]:
        local = datetime.fromtimestamp(float(message.ts), UTC).astimezone(zone)
        previous = shown[-1] if shown else None
        new_day = previous is None or previous.local.date() != local.date()
        author = workspace.users.get(message.user)
        name = f"{message.channel}/{message.ts}"
        shown.append(
            Entry(
                message=message,
                key=f"m-{name}",
                author=author.real_name if author else SLACKBOT,
                avatar=avatar(author),
                by_app=message.from_bot,
                local=local,
                day=_day(local, today.toordinal()) if new_day else "",
                follows=not new_day and _grouped(previous, message, local),
                body=message_body(workspace, person.user, message, surfaces),
            )
        )
    return shown


def _grouped(previous: Entry | None, message: Message, local: datetime) -> bool:
    return (
        previous is not None
        and previous.message.user == message.user
        and previous.message.ephemeral_to == message.ephemeral_to
        and (local - previous.local).total_seconds() < GROUPED_SECONDS
    )


def _day(local: datetime, today: int) -> str:
    near = {0: "Today", -1: "Yesterday"}.get(local.date().toordinal() - today)
    return near or f"{local:%A, %-d %B %Y}"


def message_body(
    workspace: Workspace, user: User, message: Message, surfaces: PageSurfaces
) -> Markup:
    """Return a message's blocks, or its text where it has none. Attachments stand below."""
    name = f"{message.channel}/{message.ts}"
    state = workspace.input_states.get((user.id, name), {})
    surface = surfaces.surface(f"m-{name}", beside=f"message:{name}", state=state)
    parts = [
        blocks_to_html(message.blocks, surface)
        if message.blocks
        else _text_block(message.text, surface.viewer)
    ]
    for number, attachment in enumerate(message.attachments):
        below = surfaces.surface(f"m-{name}/{number}", beside="", state=state)
        inner = blocks_to_html(attachment.get("blocks") or (), below) or _text_block(
            str(attachment.get("text") or attachment.get("fallback") or ""), surface.viewer
        )
        parts.append(Markup('<div class="attachment">{}</div>').format(inner))
    for file_id in message.files:
        file = workspace.files.uploaded(file_id)
        if file is not None:
            parts.append(
                Markup(
                    '<p class="file"><a href="/files/{}" download data-testid="file">{}</a> '
                    '<span class="muted">{} bytes</span></p>'
                ).format(file.id, file.title or file.name, f"{file.length:,}")
            )
    return Markup("").join(parts)


def _text_block(text: str, viewer: Viewer) -> Markup:
    return Markup('<div class="block text">{}</div>').format(
        mrkdwn_to_html(text, viewer, parse_names=False)
    )
