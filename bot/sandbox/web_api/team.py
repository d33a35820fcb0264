"""auth.*, apps.*, team.* and users.*: who is here, and how the bot connects."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.errors import SlackError
from bot.sandbox.records import (
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Json,
)
from bot.sandbox.web_api.call import Call, Method


def auth_test(call: Call) -> Json:
    """Return who the bot is. The answer's header x-oauth-scopes names the scopes that were granted."""
    return {
        "url": f"{call.workspace.base_url}/",
        "team": TEAM_NAME,
        "user": call.workspace.manifest.display_name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """Return an address at which the bot may open a WebSocket, once."""
    return {"url": call.workspace.socket_mode.new_url()}


def user_info(call: Call) -> Json:
    """Return one person."""
    user = call.workspace.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    include_locale = call.flag("include_locale")
    return {"user": call.workspace.user_payload(user, include_locale=include_locale)}


def user_list(call: Call) -> Json:
    """Return all people, page by page."""
    people = list(call.workspace.users.values())
    page, cursor = call.page(people, size=call.count("limit", max(len(people), 1), 1000))
    include_locale = call.flag("include_locale")
    return {
        "members": [
            call.workspace.user_payload(user, include_locale=include_locale) for user in page
        ],
        "cache_ts": int(call.workspace.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def team_info(call: Call) -> Json:
    """Return the workspace."""
    if call.text("team") not in ("", TEAM_ID):
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": TEAM_ID,
            "name": TEAM_NAME,
            "url": f"{call.workspace.base_url}/",
            "domain": TEAM_DOMAIN,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


METHODS: Mapping[str, Method] = {
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(open_connection, token="app"),  # noqa: S106
    "users.info": Method(user_info, ("users:read",), ("user",)),
    "users.list": Method(user_list, ("users:read",)),
    "team.info": Method(team_info, ("team:read",)),
}
