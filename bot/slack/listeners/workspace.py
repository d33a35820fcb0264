"""Slack's events about the workspace: changes of coach channels, and the end of the installation."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import deliveries
from bot.domain.handover import channels
from bot.domain.refusals import Refusal
from bot.slack.channels import read_channel
from bot.slack.receiving.shapes import (
    ChannelEvent,
    ChannelIdChanged,
    ChannelMembership,
    ChannelRename,
    TokensRevoked,
)
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to events about channels and about the installation."""
    listeners = _Workspace(services)
    app.event("member_left_channel")(listeners.left)
    app.event("member_joined_channel")(listeners.joined)
    app.event("channel_archive")(listeners.archived)
    app.event("group_archive")(listeners.archived)
    app.event("channel_unarchive")(listeners.unarchived)
    app.event("group_unarchive")(listeners.unarchived)
    app.event("channel_deleted")(listeners.deleted)
    app.event("channel_rename")(listeners.renamed)
    app.event("group_rename")(listeners.renamed)
    app.event("channel_id_changed")(listeners.id_changed)
    app.event("app_uninstalled")(listeners.uninstalled)
    app.event("tokens_revoked")(listeners.revoked)


class _Workspace:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def left(self, event: ChannelMembership, context: dict[str, Any]) -> None:
        if event["user"] == context["bot_user_id"]:
            await self._channel_is(context, event["channel"], "not_in_channel")

    async def joined(
        self, event: ChannelMembership, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        if event["user"] == context["bot_user_id"]:
            await self._look(context, client, event["channel"])

    async def archived(self, event: ChannelEvent, context: dict[str, Any]) -> None:
        await self._channel_is(context, event["channel"], "is_archived")

    async def unarchived(
        self, event: ChannelEvent, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._look(context, client, event["channel"])

    async def deleted(self, event: ChannelEvent, context: dict[str, Any]) -> None:
        await self._channel_is(context, event["channel"], "channel_not_found")

    async def renamed(self, event: ChannelRename, context: dict[str, Any]) -> None:
        await self._services.database.write(
            channels.renamed,
            workspace_id=context["workspace_id"],
            channel=event["channel"]["id"],
            name=event["channel"]["name"],
            now=self._services.clock.now(),
        )

    async def id_changed(
        self, event: ChannelIdChanged, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._services.database.write(
            channels.renumbered,
            workspace_id=context["workspace_id"],
            old=event["old_channel_id"],
            new=event["new_channel_id"],
            now=self._services.clock.now(),
        )
        await self._look(context, client, event["new_channel_id"])

    async def uninstalled(self, context: dict[str, Any]) -> None:
        await self._token_died(context, "app_uninstalled")

    async def revoked(self, event: TokensRevoked, context: dict[str, Any]) -> None:
        if event.get("tokens", {}).get("bot"):
            await self._token_died(context, "token_revoked")

    async def _look(self, context: dict[str, Any], client: AsyncWebClient, channel: str) -> None:
        """Ask Slack about a coach channel and record it; if Slack does not answer, a later beat asks again."""
        workspace_id = context["workspace_id"]
        if channel not in await self._services.database.read(
            channels.coach_channels, workspace_id=workspace_id
        ):
            return
        try:
            seen = await read_channel(client, channel)
        except Refusal:
            return
        await self._services.database.write(
            channels.channel_seen,
            workspace_id=workspace_id,
            channel=channel,
            seen=seen,
            now=self._services.clock.now(),
        )

    async def _channel_is(self, context: dict[str, Any], channel: str, problem: str) -> None:
        """Record that the bot can't post in the channel any more; `problem` is Slack's code for why."""
        await self._services.database.write(
            deliveries.channel_event,
            workspace_id=context["workspace_id"],
            channel=channel,
            problem=problem,
            now=self._services.clock.now(),
        )

    async def _token_died(self, context: dict[str, Any], because: str) -> None:
        await self._services.database.write(
            deliveries.token_died, workspace_id=context["workspace_id"], because=because
        )
