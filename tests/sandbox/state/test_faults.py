"""Trouble on request, and Slack's rate limits."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.state.faults import Faults, Limits
from bot.sandbox.workspace import Workspace


async def test_429_says_when_to_come_back(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    workspace.faults.next_call("429", "chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    assert refused.value.response.headers["Retry-After"] == "7"
    assert priya.messages() == []
    await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert [call.fault for call in workspace.calls] == ["429", None]


async def test_500_does_nothing(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    workspace.faults.next_call("500")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert refused.value.response.status_code == 500
    assert priya.messages() == []


async def test_a_lost_answer_has_its_effect(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    workspace.faults.next_call("lost", "chat.postMessage")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert [message.text for message in priya.messages()] == ["x"]
    (call,) = workspace.calls
    assert (call.fault, call.response["ok"]) == ("lost", True)


async def test_a_named_error(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.faults.next_call("error", "chat.postMessage", code="restricted_action")
    with pytest.raises(SlackApiError, match="restricted_action"):
        await client.chat_postMessage(channel="U0PRIYA", text="x")


async def test_slow_calls_happen_in_the_end(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    workspace.faults.next_call("slow", "chat.postMessage", seconds=600)
    post = asyncio.create_task(client.chat_postMessage(channel="U0PRIYA", text="x"))
    await workspace.until(lambda: workspace.faults.held == 1)
    await client.users_info(user="U0PRIYA")
    assert priya.messages() == []
    assert not post.done()
    workspace.faults.release()
    assert (await post)["ok"]
    assert [message.text for message in priya.messages()] == ["x"]
    workspace.faults.next_call("slow", "chat.postMessage", seconds=0)
    assert (await client.chat_postMessage(channel="U0PRIYA", text="y"))["ok"]


async def test_a_fault_waits_for_its_method(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.faults.next_call("500", "chat.postMessage", times=2)
    await client.users_info(user="U0PRIYA")
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel="U0PRIYA", text="x")
    await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert workspace.faults.waiting == []


def test_refusals_are_counted_out() -> None:
    faults = Faults()
    faults.refuse(30, "429", "chat.postMessage")
    hits = [faults.take("chat.postMessage") is not None for _ in range(20)]
    assert sum(hits) == 6
    assert hits[:10] == hits[10:]
    assert faults.take("chat.update") is None
    faults.clear()
    assert not any(faults.take("chat.postMessage") for _ in range(10))


@pytest.mark.parametrize(("kind", "times"), [("404", 1), ("429", 0)])
def test_faults_that_do_not_exist(kind: str, times: int) -> None:
    with pytest.raises(ValueError, match="fault"):
        Faults().next_call(kind, times=times)


async def test_limits_by_the_minute(
    client: AsyncWebClient, workspace: Workspace, seconds: Any
) -> None:
    workspace.limits = Limits(per_minute={"users.info": 2})
    await client.users_info(user="U0PRIYA")
    seconds.go_by(20)
    await client.users_info(user="U0PRIYA")
    with pytest.raises(SlackApiError) as refused:
        await client.users_info(user="U0PRIYA")
    wait = int(refused.value.response.headers["Retry-After"])
    assert 40 <= wait <= 41
    seconds.go_by(wait)
    await client.users_info(user="U0PRIYA")


async def test_limits_like_slacks(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.limits = Limits.like_slack()
    for _ in range(20):
        await client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()
    assert (await client.users_info(user="U0PRIYA"))["ok"]


async def test_one_post_a_second_and_channel(
    client: AsyncWebClient, workspace: Workspace, seconds: Any
) -> None:
    workspace.limits = Limits(post_burst=2)
    for _ in range(2):
        await client.chat_postMessage(channel="U0PRIYA", text="x")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="U0PRIYA", text="x")
    assert refused.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel="U0SAM", text="x")
    seconds.go_by(1)
    await client.chat_postMessage(channel="U0PRIYA", text="x")
