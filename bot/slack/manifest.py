"""The app's manifest: the only source of the files in deploy/, with which people create the app in Slack."""

from __future__ import annotations

import json
from typing import Any

EXAMPLE_URL = "https://basecoach.example.com"
"""The address in deploy/slack-manifest-http.json that the operator replaces with their own."""

PATH = "/slack/events"
"""The path on which HTTP mode receives events, interactions and commands."""

COMMANDS = (
    ("/log-conversation", "Log a sales conversation", "Acme 2nd"),
    ("/checkin", "Open your check-in, or say when you are away", "away today"),
    ("/plan", "Write your plan, or see where it stands", "help"),
    ("/coach", "Set up teams, reps, targets and the schedule", "help"),
)

SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)

OPTIONAL_SCOPES = ("channels:history", "files:write", "groups:history", "users:read.email")
"""The person who installs the app may refuse them. The two for history are used only to look for an alert whose
delivery is unknown, the one for files only to send people their record and coaches their teams' weeks, and
the one for e-mail addresses only to find the people whom a CRM's export names.
"""

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.im",
    "tokens_revoked",
)


def manifest(*, http: str | None = None) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP mode at the address `http` (https://host, no path)."""
    reached: dict[str, str] = {}
    command_reached: dict[str, str] = {}
    if http is not None:
        url = http.rstrip("/") + PATH
        reached, command_reached = {"request_url": url}, {"url": url}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Basecoach",
            "description": "Holds a sales team to its own numbers.",
            "background_color": "#1f3a34",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "basecoach", "always_online": True},
            "slash_commands": [
                {
                    "command": command,
                    **command_reached,
                    "description": description,
                    "usage_hint": usage_hint,
                    "should_escape": True,
                }
                for command, description, usage_hint in COMMANDS
            ],
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**reached, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **reached},
            "org_deploy_enabled": False,
            "socket_mode_enabled": http is None,
            "token_rotation_enabled": False,
        },
    }


def as_text(found: dict[str, Any]) -> str:
    """Return the manifest as the text of the files in deploy/."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
