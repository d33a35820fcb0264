"""What Slack says of a channel, over HTTP from the sandbox's server."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusals import Refusal
from bot.slack.channels import read_channel
from tests.slack.conftest import WebApi


async def test_a_channel_is_described_as_far_as_the_bot_sees_it(web_api: WebApi) -> None:
    coach = await read_channel(web_api.client, "C0COACH")
    assert coach is not None
    assert (coach.name, coach.is_private, coach.is_member) == ("coach-dana", True, True)
    there = web_api.workspace.channels["C0COACH"].members
    assert coach.members == len(there) - 1  # without the bot
    general = await read_channel(web_api.client, "C0GENERAL")
    assert general is not None
    assert (general.is_private, general.is_member) == (False, False)
    old = await read_channel(web_api.client, "C0ARCHIVED")
    assert old is not None
    assert old.is_archived
    assert await read_channel(web_api.client, "C0NONE") is None
    web_api.workspace.remove_bot("C0COACH")
    assert await read_channel(web_api.client, "C0COACH") is None


async def test_a_channel_that_slack_does_not_tell_about_now(web_api: WebApi) -> None:
    web_api.workspace.faults.next_call("500", method="conversations.info")
    with pytest.raises(Refusal, match="wait a moment") as refused:
        await read_channel(web_api.client, "C0COACH")
    assert refused.value.field == "channel"


async def test_what_a_proxy_says_in_slacks_place_tells_nothing_of_a_channel(
    client_behind_a_proxy: AsyncWebClient,
) -> None:
    with pytest.raises(Refusal, match="Slack did not tell about this channel: wait a moment"):
        await read_channel(client_behind_a_proxy, "C0COACH")


async def test_a_conversation_of_people_is_no_channel(web_api: WebApi) -> None:
    opened = await web_api.client.conversations_open(users="U0PRIYA")
    assert await read_channel(web_api.client, opened["channel"]["id"]) is None
