"""The app's manifest, read as strictly as Slack reads it when the app is created from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.shapes import (
    Check,
    Problem,
    Report,
    anything,
    boolean,
    integer,
    list_of,
    one_of,
    shape,
    string,
)


class ManifestError(Exception):
    """Slack would not take the manifest. The message lists everything that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(
            "the app manifest is not valid:\n"
            + "\n".join(f"  {problem.pointer or '/'}: {problem.words}" for problem in problems)
        )


@dataclass(frozen=True)
class Command:
    """The app has this slash command. With `should_escape` the bot gets names and links as tokens."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool
    url: str | None = None
    """Slack posts the command to this URL. It is None over Socket Mode."""


@dataclass(frozen=True)
class Manifest:
    """The manifest says what the app is allowed to do and which events it wants."""

    name: str
    display_name: str
    commands: Mapping[str, Command]
    events: frozenset[str]
    scopes: tuple[str, ...]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    interactivity: bool
    socket_mode: bool = True
    events_url: str | None = None
    interactivity_url: str | None = None

    @property
    def over_http(self) -> bool:
        """Whether the app is reached at its request URLs, and not over Socket Mode."""
        named = any(command.url for command in self.commands.values())
        return not self.socket_mode and bool(named or self.events_url or self.interactivity_url)

    def url_for(self, kind: str, payload: Mapping[str, Any]) -> str | None:
        """Return where a delivery of this kind is posted to, or None if the manifest names no URL for it."""
        match kind:
            case "events_api":
                return self.events_url
            case "slash_commands":
                command = self.commands.get(str(payload.get("command")))
                return command.url if command else None
            case _:
                return self.interactivity_url

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> Manifest:
        """Read a manifest. Raises ManifestError, which names everything that is wrong."""
        report = Report()
        MANIFEST(report, "", dict(manifest))
        if not report.problems:
            _check_together(report, manifest)
        if report.problems:
            raise ManifestError(report.problems)
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        home = features.get("app_home", {})
        commands = [
            Command(
                command=entry["command"],
                description=entry["description"],
                usage_hint=entry.get("usage_hint", ""),
                should_escape=entry.get("should_escape", False),
                url=entry.get("url"),
            )
            for entry in features.get("slash_commands", [])
        ]
        name = manifest["display_information"]["name"]
        return cls(
            name=name,
            display_name=features.get("bot_user", {}).get("display_name", name),
            commands={command.command: command for command in commands},
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            scopes=tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            home_tab=home.get("home_tab_enabled", False),
            messages_tab=home.get("messages_tab_enabled", False),
            messages_tab_read_only=home.get("messages_tab_read_only_enabled", False),
            interactivity=settings.get("interactivity", {}).get("is_enabled", False),
            socket_mode=settings.get("socket_mode_enabled", False),
            events_url=settings.get("event_subscriptions", {}).get("request_url"),
            interactivity_url=settings.get("interactivity", {}).get("request_url"),
        )


EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
"""Slack lets an app subscribe to the event only if it has one of these scopes."""

URL = string(longest=3000, pattern=r"https?://.+", like="an http(s) URL")
SCOPES = list_of(
    string(longest=50, pattern=r"[a-z_.]+(:[a-z_.]+)*", like="a scope"),
    most=255,
    least=0,
    distinct=True,
)
COMMAND: Check = shape(
    {
        "command": string(longest=32, pattern=r"/[^\s/A-Z]+", like="a slash and a lowercase word"),
        "description": string(longest=2000),
    },
    {"usage_hint": string(longest=1000), "should_escape": boolean, "url": URL},
)
SHORTCUT: Check = shape(
    {
        "name": string(longest=24),
        "type": one_of("message", "global"),
        "callback_id": string(longest=255),
        "description": string(longest=150),
    }
)
MANIFEST: Check = shape(
    {
        "display_information": shape(
            {"name": string(longest=35)},
            {
                "description": string(longest=140),
                "long_description": string(longest=4000, shortest=175),
                "background_color": string(
                    longest=7, pattern=r"#([0-9a-fA-F]{3}){1,2}", like="#rgb or #rrggbb"
                ),
            },
        )
    },
    {
        "_metadata": shape(
            {},
            {
                "major_version": integer(1, 2),
                "minor_version": integer(0, 100),
                "schema_version": anything,
                "namespace": anything,
            },
        ),
        "features": shape(
            {},
            {
                "app_home": shape(
                    {},
                    {
                        "home_tab_enabled": boolean,
                        "messages_tab_enabled": boolean,
                        "messages_tab_read_only_enabled": boolean,
                    },
                ),
                "bot_user": shape(
                    {
                        "display_name": string(
                            longest=80,
                            pattern=r"[a-z0-9._-]+",
                            like="made of a-z, 0-9, dots, hyphens and underscores",
                        )
                    },
                    {"always_online": boolean},
                ),
                "slash_commands": list_of(COMMAND, most=50),
                "shortcuts": list_of(SHORTCUT, most=10),
                "unfurl_domains": list_of(string(longest=255), most=5, least=0),
            },
        ),
        "oauth_config": shape(
            {},
            {
                "redirect_urls": list_of(URL, most=1000, least=0),
                "scopes": shape(
                    {},
                    {
                        "bot": SCOPES,
                        "bot_optional": SCOPES,
                        "user": SCOPES,
                        "user_optional": SCOPES,
                    },
                ),
                "pkce_enabled": boolean,
                "token_management_enabled": boolean,
            },
        ),
        "settings": shape(
            {},
            {
                "event_subscriptions": shape(
                    {},
                    {
                        "request_url": URL,
                        "bot_events": list_of(string(longest=50), most=100, least=0, distinct=True),
                        "user_events": list_of(
                            string(longest=50), most=100, least=0, distinct=True
                        ),
                        "metadata_subscriptions": list_of(
                            shape(
                                {"app_id": string(longest=255), "event_type": string(longest=50)}
                            ),
                            most=20,
                            least=0,
                        ),
                    },
                ),
                "interactivity": shape(
                    {"is_enabled": boolean},
                    {"request_url": URL, "message_menu_options_url": URL},
                ),
                "allowed_ip_address_ranges": list_of(string(longest=100), most=10, least=0),
                "socket_mode_enabled": boolean,
                "org_deploy_enabled": boolean,
                "token_rotation_enabled": boolean,
            },
        ),
    },
)


def _check_together(report: Report, manifest: Mapping[str, Any]) -> None:
    """Check the rules that look at several fields at once."""
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    bot = scopes.get("bot", [])

    for kind in ("bot", "user"):
        for index, scope in enumerate(scopes.get(f"{kind}_optional", [])):
            if scope not in scopes.get(kind, []):
                report.add(
                    f"/oauth_config/scopes/{kind}_optional/{index}",
                    f"{scope} is optional but does not stand in {kind}",
                )
    names = [entry["command"] for entry in features.get("slash_commands", [])]
    for index, name in enumerate(names):
        if name in names[:index]:
            report.add(f"/features/slash_commands/{index}/command", f"duplicate command: {name}")
    if names and "commands" not in bot:
        report.add("/oauth_config/scopes/bot", "slash commands need the scope commands")
    if bot and "bot_user" not in features:
        report.add("/features", "bot scopes need a bot_user")
    for index, event in enumerate(settings.get("event_subscriptions", {}).get("bot_events", [])):
        needed = EVENT_SCOPES.get(event, ())
        if needed and not set(needed) & set(bot):
            report.add(
                f"/settings/event_subscriptions/bot_events/{index}",
                f"{event} needs the scope {' or '.join(needed)}",
            )
    subscriptions = settings.get("event_subscriptions", {})
    reached = settings.get("socket_mode_enabled") or "request_url" in subscriptions
    if subscriptions.get("bot_events") and not reached:
        report.add("/settings/event_subscriptions", "events need a request_url or Socket Mode")
