"""The surfaces of one page: what the blocks on it need to know of their viewer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.pages.places import Notice, zone_of
from bot.sandbox.records import Json, User
from bot.sandbox.rendering.blocks import Option, Surface
from bot.sandbox.rendering.mrkdwn import Viewer
from bot.sandbox.workspace import Workspace


def viewer_of(workspace: Workspace, user: User) -> Viewer:
    """Return what this person can see. A private channel that they are not in has no name for them."""
    return Viewer(
        user_id=user.id,
        zone=zone_of(user),
        now=workspace.clock.now(),
        locale=user.locale,
        users={each.id: each.real_name for each in workspace.users.values()},
        channels={
            channel.id: channel.name
            for channel in workspace.channels.values()
            if channel.kind == "public"
            or (channel.kind == "private" and user.id in channel.members)
        },
    )


class PageSurfaces:
    """Makes the surfaces of one page. Their menus of people and channels offer what Slack would offer."""

    def __init__(self, workspace: Workspace, user: User, notice: Notice | None) -> None:
        self.viewer = viewer_of(workspace, user)
        self._notice = notice
        self._people = [
            Option(each.id, each.real_name)
            for each in sorted(workspace.users.values(), key=lambda each: each.real_name)
            if not each.deleted
        ]
        self._channels = [
            Option(channel_id, f"#{name}")
            for channel_id, name in sorted(self.viewer.channels.items(), key=lambda item: item[1])
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
        """Make a surface. `beside` is the name under which a notice refers to it."""
        notice = self._notice if self.notice_beside(beside) else None
        return Surface(
            key=key,
            viewer=self.viewer,
            state=state,
            errors=errors or {},
            troubles={notice.block_id: notice.words} if notice else {},
            users=self._people,
            conversations=[*self._channels, *self._people],
            channels=self._public,
        )

    def notice_beside(self, beside: str) -> str:
        """Return the words of the notice that is shown there, or ""."""
        return self._notice.words if self._notice and self._notice.beside == beside else ""
