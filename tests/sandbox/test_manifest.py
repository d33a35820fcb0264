"""The manifest is read as strictly as Slack reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.manifest import Manifest, ManifestError

Json = dict[str, Any]


def change(manifest: Json, path: str, value: Any) -> None:
    *parents, last = path.split("/")
    node: Any = manifest
    for parent in parents:
        node = node[int(parent)] if isinstance(node, list) else node.setdefault(parent, {})
    if isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


def test_reads_what_the_workspace_needs(manifest: Json) -> None:
    read = Manifest.read(manifest)
    assert read.name == "Basecoach"
    assert read.commands["/greet"].should_escape
    assert not read.commands["/raw"].should_escape
    assert "app_home_opened" in read.events
    assert "chat:write" in read.scopes
    assert read.home_tab
    assert not read.messages_tab_read_only


def test_a_bare_manifest_is_enough() -> None:
    read = Manifest.read({"display_information": {"name": "Small"}})
    assert (read.commands, read.events, read.scopes) == ({}, frozenset(), ())


def test_the_bots_own_manifest() -> None:
    path = Path(__file__).parents[2] / "deploy" / "slack-manifest.json"
    read = Manifest.read(json.loads(path.read_text(encoding="utf-8")))
    assert read.messages_tab
    assert read.interactivity


COMMANDS = "features/slash_commands"


@pytest.mark.parametrize(
    ("path", "value", "pointer", "words"),
    [
        ("display_information/name", "x" * 36, "/display_information/name", "less than 36"),
        ("display_information/name", "", "/display_information/name", "more than 0"),
        ("display_information/colour", "x", "/display_information", "additional property"),
        ("display_information/background_color", "red", "/display_information", "#rrggbb"),
        ("display_information/long_description", "x" * 174, "/display_information", "more than"),
        ("features/bot_user/display_name", "Base Coach", "/features/bot_user", "a-z"),
        (f"{COMMANDS}/0/command", "greet", "/features/slash_commands/0/command", "a slash"),
        (f"{COMMANDS}/0/command", "/" + "x" * 32, "/features/slash_commands/0", "less than 33"),
        (f"{COMMANDS}/0/command", "/raw", "/features/slash_commands/1/command", "duplicate"),
        (f"{COMMANDS}/0/description", None, "/features/slash_commands/0", "description"),
        (f"{COMMANDS}/0/usage_hint", "x" * 1001, "/features/slash_commands/0", "less than"),
        (f"{COMMANDS}/0/should_escape", "yes", "/features/slash_commands/0", "boolean"),
        ("oauth_config/scopes/bot_optional", ["files:read"], "/oauth_config", "optional"),
        ("oauth_config/scopes/bot", ["chat:write"] * 2, "/oauth_config", "duplicate"),
        ("oauth_config/scopes/bot", ["chat:write"], "/oauth_config", "commands"),
        ("settings/event_subscriptions/bot_events", ["a"] * 101, "/settings", "no more than 100"),
        ("settings/socket_mode_enabled", False, "/settings", "request_url or Socket Mode"),
        ("settings/interactivity", {}, "/settings/interactivity", "is_enabled"),
        ("settings/unknown", True, "/settings", "additional property"),
    ],
)
def test_wrong(manifest: Json, path: str, value: Any, pointer: str, words: str) -> None:
    change(manifest, path, value)
    with pytest.raises(ManifestError) as refused:
        Manifest.read(manifest)
    assert any(
        problem.pointer.startswith(pointer) and words in problem.words
        for problem in refused.value.problems
    ), refused.value


def test_all_problems_are_named_at_once(manifest: Json) -> None:
    change(manifest, "display_information/name", "x" * 36)
    change(manifest, "settings/unknown", True)
    with pytest.raises(ManifestError, match="additional property: unknown") as refused:
        Manifest.read(manifest)
    assert len(refused.value.problems) == 2


def test_an_event_needs_its_scope(manifest: Json) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    scopes.remove("im:history")
    with pytest.raises(ManifestError, match=r"message\.im needs the scope im:history"):
        Manifest.read(manifest)
