"""The app's manifest names exactly the commands, events and scopes that the code uses."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from slack_sdk.web.async_client import AsyncWebClient

from bot.__main__ import main
from bot.doctor.slack import NEEDED, OPTIONAL
from bot.sandbox.manifest import Manifest
from bot.slack import application
from bot.slack import manifest as source
from bot.slack.listeners import fallback
from tests.repository import ROOT

LISTENERS = ROOT / "bot" / "slack" / "listeners"

METHOD_SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),  # an app-level token with connections:write
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    # By the type of the conversation: check-ins are in DMs, alerts in public or private channels.
    "conversations.history": {"im:history", "channels:history", "groups:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read", "users:read.email"},  # the second one for e-mail addresses
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""What Slack's reference says of the methods (https://docs.slack.dev/reference/methods)."""

EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_id_changed": {"channels:read", "groups:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "tokens_revoked": set(),
}
"""What Slack's reference says of the events (https://docs.slack.dev/reference/events)."""


def no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key stands twice among {[name for name, _ in pairs]}"
    return found


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    path = ROOT / "deploy" / "slack-manifest.json"
    found: dict[str, Any] = json.loads(
        path.read_text(encoding="utf-8"), object_pairs_hook=no_key_twice
    )
    return found


@pytest.fixture(scope="module")
def manifest(raw: dict[str, Any]) -> Manifest:
    """As strictly read as Slack reads it: no unknown key, no wrong type, nothing too long."""
    return Manifest.read(raw)


def modules(folder: Path) -> Iterator[tuple[ModuleType, ast.Module]]:
    """The bot's modules in a folder and below, the sandbox's left out."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[:2] != ("bot", "sandbox") and parts[:2] != ("bot", "migrations"):
            name = ".".join(part for part in parts if part != "__init__")
            if name != "bot.__main__":
                yield importlib.import_module(name), ast.parse(path.read_text(encoding="utf-8"))


def listened_to(kind: str) -> list[str]:
    """What the listeners register with `app.command(…)` or `app.event(…)`."""
    found = []
    for module, tree in modules(LISTENERS):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == kind
                and ast.unparse(node.func.value) == "app"
            ):
                name = eval(ast.unparse(node.args[0]), vars(module))  # noqa: S307 - our own code
                if not isinstance(name, re.Pattern):
                    found.append(name)
    return found


def called_methods() -> set[str]:
    """Every method of Slack's Web API that the code names: `client.views_open`, `calls.call("chat.update")`."""
    found = set()
    for _, tree in modules(ROOT / "bot"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                holder = ast.unparse(node.value).rpartition(".")[2]
                if holder.endswith("client") and is_method(node.attr):
                    found.add(node.attr.replace("_", "."))
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "call"
                and isinstance(node.args[0], ast.Constant)  # else it is handed on
            ):
                found.add(ast.literal_eval(node.args[0]))
    return found


def is_method(name: str) -> bool:
    """Whether the SDK's client has this as a method of the Web API's."""
    return (
        not name.startswith("_")
        and "_" in name
        and name not in {"api_call", "base_url", "retry_handlers"}
        and callable(getattr(AsyncWebClient, name, None))
    )


def test_the_search_finds_calls_of_every_kind() -> None:
    assert {"auth.test", "chat.postMessage", "views.open", "apps.connections.open"} <= (
        called_methods()
    )


def test_it_names_the_commands_that_have_a_listener(manifest: Manifest) -> None:
    assert sorted(manifest.commands) == sorted(listened_to("command"))


SUBSCRIBED_AS = {"message": "message.im"}
"""Events that are subscribed to under another name than the one that they come with."""


def subscriptions() -> list[str]:
    return sorted(SUBSCRIBED_AS.get(event, event) for event in listened_to("event"))


def test_people_can_type_in_the_direct_messages(manifest: Manifest) -> None:
    assert manifest.messages_tab
    assert not manifest.messages_tab_read_only


def test_it_subscribes_to_the_events_that_have_a_listener(
    manifest: Manifest, raw: dict[str, Any]
) -> None:
    assert sorted(raw["settings"]["event_subscriptions"]["bot_events"]) == subscriptions()
    assert manifest.events == set(subscriptions())


def test_every_room_of_listeners_is_registered() -> None:
    trees = dict(modules(LISTENERS))
    registered: set[ModuleType] = set()
    coming: list[ModuleType] = [*application.LISTENERS, fallback]
    while coming:
        module = coming.pop()
        registered.add(module)
        for node in ast.walk(trees[module]):  # a room may register another one
            if isinstance(node, ast.Attribute) and node.attr == "register":
                coming.append(vars(module)[ast.unparse(node.value)])
    assert {module for module in trees if hasattr(module, "register")} == registered


def test_it_asks_for_the_scopes_that_are_used_and_for_no_other(manifest: Manifest) -> None:
    used = {"commands"}
    for method in called_methods():
        used |= METHOD_SCOPES[method]
    for event in subscriptions():
        used |= EVENT_SCOPES[event]
    assert set(manifest.scopes) == used
    assert len(manifest.scopes) == len(used)


def test_optional_are_looking_back_into_channels_files_and_addresses(raw: dict[str, Any]) -> None:
    optional = raw["oauth_config"]["scopes"]["bot_optional"]
    assert optional == ["channels:history", "files:write", "groups:history", "users:read.email"]


def test_doctor_knows_what_each_scope_is_for(manifest: Manifest, raw: dict[str, Any]) -> None:
    optional = raw["oauth_config"]["scopes"]["bot_optional"]
    assert set(OPTIONAL) == set(optional)
    assert set(NEEDED) == set(manifest.scopes) - set(optional)


def test_commands_tell_what_they_are_and_bring_ids_instead_of_names(manifest: Manifest) -> None:
    for command in manifest.commands.values():
        assert command.description
        assert command.usage_hint
        assert command.should_escape


def test_payloads_come_over_socket_mode_and_no_address_is_named(raw: dict[str, Any]) -> None:
    settings = raw["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert "request_url" not in settings["event_subscriptions"]
    assert "url" not in {key for c in raw["features"]["slash_commands"] for key in c}
    assert "redirect_urls" not in raw["oauth_config"]


def test_dms_and_home_are_open_and_what_is_typed_into_the_dm_is_not_expected(
    manifest: Manifest,
) -> None:
    assert manifest.home_tab
    assert manifest.messages_tab
    # Nobody listens to message.im, so nobody is invited to write.
    assert manifest.messages_tab_read_only == ("message.im" not in manifest.events)


def test_tokens_are_neither_rotated_nor_shared_over_an_organization(raw: dict[str, Any]) -> None:
    assert raw["settings"]["token_rotation_enabled"] is False
    assert raw["settings"]["org_deploy_enabled"] is False


@pytest.mark.parametrize(
    ("file", "http"),
    [("slack-manifest.json", None), ("slack-manifest-http.json", source.EXAMPLE_URL)],
)
def test_both_files_are_what_the_one_source_makes(file: str, http: str | None) -> None:
    made = source.as_text(source.manifest(http=http))
    assert (ROOT / "deploy" / file).read_text(encoding="utf-8") == made


def test_for_http_every_payload_has_an_address_and_socket_mode_is_off() -> None:
    over_http = source.manifest(http="https://bot.example.org/")
    url = "https://bot.example.org/slack/events"
    assert over_http["settings"]["event_subscriptions"].pop("request_url") == url
    assert over_http["settings"]["interactivity"].pop("request_url") == url
    for command in over_http["features"]["slash_commands"]:
        assert command.pop("url") == url
    assert over_http["settings"].pop("socket_mode_enabled") is False
    over_sockets = source.manifest()
    assert over_sockets["settings"].pop("socket_mode_enabled") is True
    assert over_http == over_sockets


def test_the_command_prints_the_same() -> None:
    printed = CliRunner().invoke(main, ["manifest", "--http", source.EXAMPLE_URL])
    assert printed.exit_code == 0
    assert printed.output == source.as_text(source.manifest(http=source.EXAMPLE_URL))
    assert CliRunner().invoke(main, ["manifest"]).output == source.as_text(source.manifest())


@pytest.mark.parametrize(
    "url",
    ["http://bot.example.org", "bot.example.org", "https://", "https://host/path", "https://["],
)
def test_the_command_refuses_what_slack_would_refuse(url: str) -> None:
    refused = CliRunner().invoke(main, ["manifest", "--http", url])
    assert refused.exit_code == 1
    assert "--http takes the address at which Slack reaches this bot" in refused.output
