"""Opening DMs, looking at channels, reading them back; people and the team."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.workspace import Workspace


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, params=arguments)
    return str(refused.value.response["error"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": "U0LEFT"}, "user_disabled"),
        ({"users": "U0ROBOT"}, "cannot_dm_bot"),
        ({"users": "U0BASECOACH"}, "cannot_dm_bot"),
        ({"users": "U0PRIYA,U0SAM"}, "missing_scope"),
        ({"users": ",".join(f"U{n}" for n in range(9))}, "too_many_users"),
        ({"users": "U0SAM", "prevent_creation": "1"}, "channel_not_found"),
        ({"channel": "D0SAM"}, "channel_not_found"),
        ({"channel": "C0COACH"}, "method_not_supported_for_channel_type"),
    ],
)
async def test_no_dm(client: AsyncWebClient, arguments: Any, code: str) -> None:
    assert await error(client, "conversations.open", **arguments) == code


async def test_open_a_dm(client: AsyncWebClient) -> None:
    first = await client.conversations_open(users=["U0SAM"])
    again = await client.conversations_open(users=["U0SAM"], return_im=True)
    assert first["channel"] == {"id": "D0SAM"}
    assert "already_open" not in first.data
    assert again["already_open"]
    assert again["channel"]["user"] == "U0SAM"


async def test_info(client: AsyncWebClient, workspace: Workspace) -> None:
    coach = (await client.conversations_info(channel="C0COACH", include_num_members=True))[
        "channel"
    ]
    assert (coach["is_private"], coach["is_member"], coach["num_members"]) == (True, True, 3)
    general = (await client.conversations_info(channel="C0GENERAL"))["channel"]
    assert (general["is_private"], general["is_member"]) == (False, False)
    old = (await client.conversations_info(channel="C0ARCHIVED"))["channel"]
    assert old["is_archived"]
    workspace.remove_bot("C0COACH")
    assert await error(client, "conversations.info", channel="C0COACH") == "channel_not_found"


async def test_members_by_page(client: AsyncWebClient) -> None:
    found: list[str] = []
    cursor = ""
    pages = 0
    while pages == 0 or cursor:
        answer = await client.conversations_members(channel="C0GENERAL", limit=3, cursor=cursor)
        found += answer["members"]
        cursor = answer["response_metadata"]["next_cursor"]
        pages += 1
    assert pages == 3
    assert len(found) == len(set(found)) == 8
    for bad in ("rubbish", "bmV4dDp4", "cHJldjox"):
        code = await error(client, "conversations.members", channel="C0GENERAL", cursor=bad)
        assert code == "invalid_cursor"


async def test_history_is_newest_first_between_two_moments(
    client: AsyncWebClient, clock: SettableClock
) -> None:
    stamps = []
    for text in "abcd":
        stamps.append((await client.chat_postMessage(channel="C0COACH", text=text))["ts"])
        clock.move(60)

    async def texts(**window: Any) -> str:
        answer = await client.conversations_history(channel="C0COACH", **window)
        return "".join(message["text"] for message in answer["messages"])

    assert await texts() == "dcba"
    assert await texts(oldest=stamps[1]) == "dc"
    assert await texts(oldest=stamps[1], inclusive=True) == "dcb"
    assert await texts(oldest=stamps[0], latest=stamps[3]) == "cb"
    assert await texts(latest=stamps[3], inclusive=True, limit=2) == "dc"


async def test_history_pages(client: AsyncWebClient) -> None:
    for number in range(5):
        await client.chat_postMessage(channel="C0COACH", text=str(number))
    first = await client.conversations_history(channel="C0COACH", limit=3)
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel="C0COACH", limit=3, cursor=cursor)
    assert not rest["has_more"]
    assert [message["text"] for message in rest["messages"]] == ["1", "0"]


async def test_metadata_comes_back_whole_only_when_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "mark", "event_payload": {"key": "k"}}
    await client.chat_postMessage(channel="U0PRIYA", text="x", metadata=metadata)
    whole = await client.conversations_history(channel="D0PRIYA", include_all_metadata=True)
    bare = await client.conversations_history(channel="D0PRIYA")
    assert whole["messages"][0]["metadata"] == metadata
    assert bare["messages"][0]["metadata"] == {"event_type": "mark"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C0GENERAL"}, "not_in_channel"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": "C0COACH", "oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"channel": "C0COACH", "latest": "-1"}, "invalid_ts_latest"),
        ({"channel": "C0COACH", "limit": "0"}, "invalid_limit"),
        ({"channel": "C0COACH", "cursor": "?"}, "invalid_cursor"),
    ],
)
async def test_history_that_is_refused(client: AsyncWebClient, arguments: Any, code: str) -> None:
    assert await error(client, "conversations.history", **arguments) == code


async def test_ephemeral_messages_are_not_kept(client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C0COACH", user="U0DANA", text="psst")
    assert (await client.conversations_history(channel="C0COACH"))["messages"] == []


async def test_a_person_in_winter_and_summer(client: AsyncWebClient, clock: SettableClock) -> None:
    sam = (await client.users_info(user="U0SAM"))["user"]
    assert (sam["tz"], sam["tz_offset"], sam["is_bot"]) == ("America/New_York", -18000, False)
    assert "locale" not in sam
    assert "email" not in sam["profile"]
    clock.move(200 * 86400)
    summer = (await client.users_info(user="U0SAM", include_locale=True))["user"]
    assert (summer["tz_offset"], summer["locale"]) == (-14400, "en-US")


async def test_odd_accounts(client: AsyncWebClient) -> None:
    members = (await client.users_list())["members"]
    by_id = {member["id"]: member for member in members}
    assert by_id["U0LEFT"]["deleted"]
    assert by_id["U0ROBOT"]["is_bot"]
    assert by_id["U0GUEST"]["is_restricted"]
    assert "tz" not in by_id["U0NOZONE"]
    assert by_id["USLACKBOT"]["is_bot"] is False
    assert by_id["U0BASECOACH"]["name"] == "basecoach"


async def test_users_by_page(client: AsyncWebClient) -> None:
    found = []
    async for page in await client.users_list(limit=4):
        found.append(len(page["members"]))
    assert found == [4, 4, 4]


async def test_team(client: AsyncWebClient) -> None:
    assert (await client.team_info())["team"]["name"] == "Harbor Supply Co."
    assert await error(client, "team.info", team="T0OTHER") == "team_not_found"
