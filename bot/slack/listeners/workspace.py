"""What Slack tells about the workspace itself: coach channels that come and go, and the installation's end."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain import deliveries
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to events about channels and about the installation."""

    async def channel_is(context: dict[str, Any], channel: str, problem: str | None) -> None:
        await services.database.write(
            deliveries.channel_event,
            workspace_id=context["workspace_id"],
            channel=channel,
            problem=problem,
            now=services.clock.now(),
        )

    @app.event("member_left_channel")
    async def left(event: dict[str, Any], context: dict[str, Any]) -> None:
        if event["user"] == context["bot_user_id"]:
            await channel_is(context, event["channel"], "not_in_channel")

    @app.event("member_joined_channel")
    async def joined(event: dict[str, Any], context: dict[str, Any]) -> None:
        if event["user"] == context["bot_user_id"]:
            await channel_is(context, event["channel"], None)

    @app.event("channel_archive")
    async def channel_archived(event: dict[str, Any], context: dict[str, Any]) -> None:
        await channel_is(context, event["channel"], "is_archived")

    @app.event("group_archive")
    async def group_archived(event: dict[str, Any], context: dict[str, Any]) -> None:
        await channel_is(context, event["channel"], "is_archived")

    @app.event("channel_unarchive")
    async def channel_unarchived(event: dict[str, Any], context: dict[str, Any]) -> None:
        await channel_is(context, event["channel"], None)

    @app.event("group_unarchive")
    async def group_unarchived(event: dict[str, Any], context: dict[str, Any]) -> None:
        await channel_is(context, event["channel"], None)

    @app.event("channel_deleted")
    async def channel_deleted(event: dict[str, Any], context: dict[str, Any]) -> None:
        await channel_is(context, event["channel"], "channel_not_found")

    @app.event("channel_id_changed")
    async def renumbered(event: dict[str, Any], context: dict[str, Any]) -> None:
        await services.database.write(
            deliveries.channel_renumbered,
            workspace_id=context["workspace_id"],
            old=event["old_channel_id"],
            new=event["new_channel_id"],
        )

    @app.event("app_uninstalled")
    async def uninstalled(context: dict[str, Any]) -> None:
        await services.database.write(
            deliveries.token_died, workspace_id=context["workspace_id"], because="app_uninstalled"
        )

    @app.event("tokens_revoked")
    async def revoked(event: dict[str, Any], context: dict[str, Any]) -> None:
        if event.get("tokens", {}).get("bot"):
            await services.database.write(
                deliveries.token_died,
                workspace_id=context["workspace_id"],
                because="token_revoked",
            )
