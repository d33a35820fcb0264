"""What happens in the workspace and what of it the bot is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.records import BOT_USER_ID, Channel, Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


def told(workspace: Workspace) -> list[Json]:
    return [
        {name: value for name, value in delivery.payload["event"].items() if name != "event_ts"}
        for delivery in workspace.deliveries
        if delivery.retry_attempt == 0
    ]


HAPPENINGS: list[tuple[str, Callable[[Workspace], None], list[Json]]] = [
    (
        "somebody joins the bot's channel",
        lambda w: w.join("C0COACH", "U0PRIYA", inviter="U0DANA"),
        [
            {
                "type": "member_joined_channel",
                "user": "U0PRIYA",
                "channel": "C0COACH",
                "channel_type": "G",
                "team": "T0HARBOR",
                "inviter": "U0DANA",
            }
        ],
    ),
    ("somebody leaves a channel without the bot", lambda w: w.leave("C0GENERAL", "U0SAM"), []),
    (
        "a private channel is archived",
        lambda w: w.archive("C0COACH", by="U0DANA"),
        [{"type": "group_archive", "channel": "C0COACH", "user": "U0DANA", "is_moved": 0}],
    ),
    (
        "a public channel is archived",
        lambda w: w.archive("C0GENERAL"),
        [{"type": "channel_archive", "channel": "C0GENERAL", "user": "U0ALEX", "is_moved": 0}],
    ),
    (
        "a public channel comes back",
        lambda w: w.unarchive("C0ARCHIVED"),
        [{"type": "channel_unarchive", "channel": "C0ARCHIVED", "user": "U0ALEX"}],
    ),
    ("nothing changes", lambda w: w.archive("C0ARCHIVED"), []),
    (
        "a private channel is renamed",
        lambda w: w.rename_channel("C0COACH", "coaches"),
        [{"type": "group_rename", "channel": {"id": "C0COACH", "name": "coaches"}}],
    ),
    (
        "a public channel is renamed",
        lambda w: w.rename_channel("C0GENERAL", "all"),
        [{"type": "channel_rename", "channel": {"id": "C0GENERAL", "name": "all"}}],
    ),
    (
        "a channel is deleted",
        lambda w: w.delete_channel("C0GENERAL"),
        [{"type": "channel_deleted", "channel": "C0GENERAL", "actor_id": "U0ALEX"}],
    ),
    ("an event without subscription", lambda w: w.delete_channel("C0COACH"), []),
    (
        "a channel begins to be shared",
        lambda w: w.change_channel_id("C0COACH", "C0SHARED"),
        [
            {
                "type": "channel_id_changed",
                "old_channel_id": "C0COACH",
                "new_channel_id": "C0SHARED",
            }
        ],
    ),
    (
        "the app is removed",
        lambda w: w.uninstall(),
        [
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BASECOACH"]}},
            {"type": "app_uninstalled"},
        ],
    ),
]


@pytest.mark.parametrize(
    ("happen", "events"), [pytest.param(happen, e, id=name) for name, happen, e in HAPPENINGS]
)
async def test_told(
    server: SandboxServer, happen: Callable[[Workspace], None], events: list[Json]
) -> None:
    happen(server.workspace)
    await server.workspace.settled()
    assert told(server.workspace) == events


async def test_a_deactivated_person_shows_as_deleted(server: SandboxServer) -> None:
    server.workspace.deactivate("U0SAM")
    await server.workspace.settled()
    (event,) = told(server.workspace)
    assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == (
        "user_change",
        "U0SAM",
        True,
    )


async def test_who_comes_to_a_private_channel_needs_groups_read(
    server: SandboxServer, manifest: Json
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].remove("groups:read")
    subscriptions = manifest["settings"]["event_subscriptions"]
    subscriptions["bot_events"] = [
        name for name in subscriptions["bot_events"] if not name.startswith("group_")
    ]
    server.workspace.manifest = server.workspace.manifest.read(manifest)
    server.workspace.remove_bot("C0COACH")
    server.workspace.join("C0GENERAL", "U0BASECOACH")
    await server.workspace.settled()
    assert [event["channel"] for event in told(server.workspace)] == ["C0GENERAL"]


async def test_an_uninstalled_app_hears_nothing_more(server: SandboxServer) -> None:
    server.workspace.uninstall()
    server.workspace.archive("C0GENERAL")
    await server.workspace.settled()
    assert {event["type"] for event in told(server.workspace)} == {
        "tokens_revoked",
        "app_uninstalled",
    }


async def test_an_event_that_is_given_up_before_it_is_sent_is_not_waited_for(
    server: SandboxServer,
) -> None:
    server.workspace.archive("C0GENERAL")
    await server.workspace.dispatcher.stop()
    await server.workspace.settled(timeout=0)
    assert told(server.workspace) == []


async def test_messages_move_with_their_channel(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    posted = await client.chat_postMessage(channel="C0COACH", text="x")
    workspace.change_channel_id("C0COACH", "C0SHARED")
    assert (await client.chat_update(channel="C0SHARED", ts=posted["ts"], text="y"))["ok"]
    assert [message.text for message in workspace.messages("C0SHARED")] == ["y"]


async def test_home_is_told_and_shown(
    app: AsyncApp, connect: Any, priya: Person, workspace: Workspace
) -> None:
    heard: list[Json] = []

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        heard.append(event)
        block = {"type": "section", "text": {"type": "plain_text", "text": "Your week"}}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [block]})

    await connect(app)
    home = await priya.open_home()
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "Your week"
    await priya.open_home()
    assert (heard[0]["tab"], heard[0]["channel"]) == ("home", priya.dm)
    assert "view" not in heard[0]
    assert heard[1]["view"]["id"] == home["id"]


async def test_what_people_write_in_the_dm(server: SandboxServer, priya: Person) -> None:
    await priya.say("hello @sam")
    await server.workspace.settled()
    (event,) = told(server.workspace)
    assert (event["type"], event["channel_type"], event["text"]) == (
        "message",
        "im",
        "hello <@U0SAM|sam>",
    )
    assert [message.text for message in priya.messages()] == ["hello <@U0SAM|sam>"]


async def test_the_bot_hears_of_its_own_messages_of_edits_and_of_deletions(
    server: SandboxServer, priya: Person
) -> None:
    workspace = server.workspace
    posted = Message(priya.dm, workspace.next_ts(), BOT_USER_ID, "hi", bot_id="B0", app_id="A0")
    workspace.post(posted)
    workspace.change_message(posted, text="hello")
    workspace.delete_message(posted)
    only_hers = Message(priya.dm, workspace.next_ts(), BOT_USER_ID, "x", ephemeral_to="U0PRIYA")
    workspace.post(only_hers)
    await workspace.settled()
    first, second, third = told(workspace)
    assert (first["bot_id"], first.get("client_msg_id")) == ("B0", None)
    assert (second["subtype"], second["message"]["text"]) == ("message_changed", "hello")
    assert (third["subtype"], third["deleted_ts"]) == ("message_deleted", posted.ts)
    assert second["hidden"]
    assert third["hidden"]


async def test_without_the_scope_no_message_is_told(server: SandboxServer, priya: Person) -> None:
    workspace = server.workspace
    scopes = tuple(scope for scope in workspace.manifest.scopes if scope != "im:history")
    workspace.manifest = replace(workspace.manifest, scopes=scopes)
    await priya.say("hello")
    await workspace.settled()
    assert told(workspace) == []


async def test_writing_may_be_turned_off(
    server: SandboxServer, priya: Person, manifest: Json
) -> None:
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    server.workspace.manifest = server.workspace.manifest.read(manifest)
    for outcome in (await priya.say("hello"), await priya.command("/coach", "help")):
        assert outcome.error == "Sending messages to this app has been turned off."
    assert priya.messages() == []


async def test_what_people_see(workspace: Workspace, priya: Person, dana: Person) -> None:
    workspace.add_channel(Channel("C0NEW", "new", members=["U0PRIYA"]))
    assert [channel.name for channel in priya.channels] == ["general", "new"]
    assert [channel.name for channel in dana.channels] == ["coach-dana", "general", "old-coaching"]
    with pytest.raises(LookupError):
        priya.messages("C0COACH")
    with pytest.raises(LookupError):
        dana.messages(priya.dm)
    with pytest.raises(LookupError):
        Person(workspace, "U0NOBODY")
