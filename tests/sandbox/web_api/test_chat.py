"""Posting, changing and deleting messages."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace

DIVIDER = {"type": "divider"}


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return refused.value.response


async def test_a_user_id_means_the_dm(client: AsyncWebClient, priya: Person) -> None:
    answer = await client.chat_postMessage(channel="U0PRIYA", text="Hello")
    assert answer["channel"] == priya.dm == "D0PRIYA"
    (message,) = priya.messages()
    assert (message.ts, message.text, message.from_bot) == (answer["ts"], "Hello", True)
    assert answer["message"]["app_id"] == "A0BASECOACH"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0GENERAL", "not_in_channel"),
        ("C0ARCHIVED", "is_archived"),
        ("C0NOWHERE", "channel_not_found"),
        ("U0NOBODY", "channel_not_found"),
        ("U0LEFT", "user_disabled"),
        ("U0ROBOT", "cannot_dm_bot"),
        ("USLACKBOT", "cannot_dm_bot"),
    ],
)
async def test_where_the_bot_may_not_post(client: AsyncWebClient, channel: str, error: str) -> None:
    answer = await refusal(client, "chat.postMessage", channel=channel, text="x")
    assert answer["error"] == error


async def test_a_private_channel_hides_from_a_bot_that_was_removed(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    posted = await client.chat_postMessage(channel="C0COACH", text="x")
    workspace.remove_bot("C0COACH")
    for method in ("chat.postMessage", "chat.update", "chat.delete", "conversations.info"):
        answer = await refusal(client, method, channel="C0COACH", text="y", ts=posted["ts"])
        assert answer["error"] == "channel_not_found"
    workspace.invite_bot("C0COACH")
    assert (await client.chat_postMessage(channel="C0COACH", text="y"))["ok"]


async def test_a_deactivated_person_gets_nothing(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    await client.chat_postMessage(channel=priya.dm, text="x")
    workspace.deactivate("U0PRIYA")
    answer = await refusal(client, "chat.postMessage", channel="D0PRIYA", text="x")
    assert answer["error"] == "user_disabled"


async def test_no_dm_where_the_messages_tab_is_off(
    client: AsyncWebClient, workspace: Workspace, manifest: dict[str, Any]
) -> None:
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    workspace.manifest = workspace.manifest.read(manifest)
    answer = await refusal(client, "chat.postMessage", channel="U0PRIYA", text="x")
    assert answer["error"] == "messages_tab_disabled"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"blocks": []}, "no_text"),
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [None]}, "invalid_blocks"),
        ({"blocks": [DIVIDER] * 51}, "invalid_blocks"),
        ({"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ({"markdown_text": "b" * 12_001}, "msg_too_long"),
        ({"text": "a", "metadata": "x"}, "invalid_metadata_format"),
        ({"text": "a", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        (
            {"text": "a", "metadata": {"event_type": "", "event_payload": {}}},
            "invalid_metadata_format",
        ),
        (
            {"text": "a", "metadata": {"event_type": "t", "event_payload": {}, "more": 1}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "a", "metadata": {"event_type": "t", "event_payload": {"x": "y" * 20_000}}},
            "metadata_too_large",
        ),
        ({"text": "a", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "a", "thread_ts": "1.000000"}, "cannot_reply_to_message"),
    ],
)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral"])
async def test_content_that_is_refused(
    client: AsyncWebClient, workspace: Workspace, content: Any, error: str, method: str
) -> None:
    arguments = {"channel": "C0COACH", "user": "U0DANA", **content}
    assert (await refusal(client, method, **arguments))["error"] == error
    assert workspace.messages("C0COACH", viewer="U0DANA") == []


async def test_invalid_blocks_name_the_place(client: AsyncWebClient) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    answer = await refusal(client, "chat.postMessage", channel="U0PRIYA", blocks=[DIVIDER, header])
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    ]


async def test_long_text_is_cut_in_posts_and_refused_in_updates(
    client: AsyncWebClient, priya: Person
) -> None:
    posted = await client.chat_postMessage(channel="U0PRIYA", text="x" * 40_001)
    assert len(priya.messages()[0].text) == 40_000
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (await refusal(client, "chat.update", text="x" * 4001, **where))["error"] == (
        "msg_too_long"
    )
    assert (await client.chat_update(text="x" * 4000, **where))["ok"]


async def test_update_keeps_what_it_does_not_name(client: AsyncWebClient, priya: Person) -> None:
    metadata = {"event_type": "mark", "event_payload": {"key": "k"}}
    posted = await client.chat_postMessage(
        channel="U0PRIYA", text="one", blocks=[DIVIDER], metadata=metadata
    )
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await client.chat_update(text="two", **where)
    (message,) = priya.messages()
    assert (message.text, len(message.blocks), message.metadata) == ("two", 1, metadata)
    assert message.edited is not None
    assert message.ts == posted["ts"]
    await client.chat_update(text="three", blocks=[], metadata={}, **where)
    assert (message.text, message.blocks, message.metadata) == ("three", [], None)
    assert (await refusal(client, "chat.update", **where))["error"] == "no_text"


async def test_only_own_messages_are_changed(
    client: AsyncWebClient, workspace: Workspace, dana: Person
) -> None:
    await dana.say("mine", channel="C0COACH")
    theirs = {"channel": "C0COACH", "ts": workspace.messages("C0COACH")[0].ts}
    unknown = {"channel": "C0COACH", "ts": "1.000001"}
    assert (await refusal(client, "chat.update", text="x", **theirs))["error"] == (
        "cant_update_message"
    )
    assert (await refusal(client, "chat.delete", **theirs))["error"] == "cant_delete_message"
    assert (await refusal(client, "chat.update", text="x", **unknown))["error"] == (
        "message_not_found"
    )
    assert (await refusal(client, "chat.delete", **unknown))["error"] == "message_not_found"


async def test_nothing_changes_in_an_archived_channel(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    posted = await client.chat_postMessage(channel="C0COACH", text="x")
    workspace.archive("C0COACH")
    answer = await refusal(client, "chat.update", channel="C0COACH", ts=posted["ts"], text="y")
    assert answer["error"] == "is_inactive"


async def test_delete(client: AsyncWebClient, priya: Person) -> None:
    posted = await client.chat_postMessage(channel="U0PRIYA", text="x")
    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert priya.messages() == []


async def test_an_ephemeral_message_is_for_one_person(
    client: AsyncWebClient, workspace: Workspace, dana: Person
) -> None:
    answer = await client.chat_postEphemeral(channel="C0COACH", user="U0DANA", text="only you")
    assert [message.text for message in dana.messages("C0COACH")] == ["only you"]
    assert Person(workspace, "U0ALEX").messages("C0COACH") == []
    where = {"channel": "C0COACH", "ts": answer["message_ts"]}
    assert (await refusal(client, "chat.update", text="x", **where))["error"] == "message_not_found"
    outsider = await refusal(
        client, "chat.postEphemeral", channel="C0COACH", user="U0PRIYA", text="x"
    )
    assert outsider["error"] == "user_not_in_channel"


async def test_ts_is_the_clock_and_always_grows(
    client: AsyncWebClient, clock: SettableClock
) -> None:
    stamps = [
        (await client.chat_postMessage(channel=channel, text="x"))["ts"]
        for channel in ("U0PRIYA", "C0COACH", "U0PRIYA")
    ]
    assert stamps == ["1795424400.000000", "1795424400.000001", "1795424400.000002"]
    clock.move(3600)
    later = await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert later["ts"] == "1795428000.000000"


async def test_missing_ids_are_made_up(client: AsyncWebClient) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    answer = await client.chat_postMessage(
        channel="U0PRIYA", text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    (block,) = answer["message"]["blocks"]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]


def mrkdwn(text: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}]


@pytest.mark.parametrize(
    ("content", "pings"),
    [
        ({"text": "hello"}, set()),
        ({"text": "<!channel> <!here|here> <!everyone>"}, {"channel", "here", "everyone"}),
        ({"text": "<@U0SAM> <!subteam^S0TEAM>"}, {"U0SAM", "S0TEAM"}),
        ({"text": "&lt;!channel&gt; @channel"}, set()),
        ({"text": "@channel", "link_names": True}, {"channel"}),
        ({"text": "@here", "parse": "full"}, {"here"}),
        ({"text": "fallback <!here>", "blocks": [DIVIDER]}, {"here"}),
        ({"text": "x", "blocks": mrkdwn("<!channel>", verbatim=True)}, {"channel"}),
        ({"text": "x", "blocks": mrkdwn("mail a@channel.com, @everyone!")}, {"everyone"}),
        ({"text": "x", "blocks": mrkdwn("@everyone", verbatim=True)}, set()),
        (
            {
                "text": "x",
                "blocks": [
                    {"type": "section", "text": {"type": "plain_text", "text": "<!channel> @here"}}
                ],
            },
            set(),
        ),
        (
            {
                "text": "x",
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "<!channel>"},
                                    {"type": "user", "user_id": "U0SAM"},
                                    {"type": "broadcast", "range": "here"},
                                ],
                            }
                        ],
                    }
                ],
            },
            {"U0SAM", "here"},
        ),
    ],
)
async def test_whom_a_message_pings(
    client: AsyncWebClient, workspace: Workspace, content: Any, pings: set[str]
) -> None:
    await client.api_call("chat.postMessage", json={"channel": "C0COACH", **content})
    assert workspace.messages("C0COACH")[-1].pings == pings
