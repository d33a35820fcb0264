"""The sandbox's own buttons move the clock, make trouble and change channels."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.workspace import Workspace
from tests.sandbox.pages.browsing import COACH, DM, Browser


async def test_the_clock_moves_and_is_shown_in_both_zones(
    browser: Browser, clock: SettableClock
) -> None:
    page = await browser.send("/p/U0SAM/dm", do="move", seconds="3600")
    assert page.words(data_testid="clock-local") == "5:00 AM"
    assert page.words(data_testid="clock-day") == "Monday 23 November 2026"
    assert page.words(data_testid="clock-utc") == "Mon 10:00"
    before = clock.now()
    page = await browser.send(DM, do="jump", key="deadline")
    assert page.words(data_testid="clock-day") == "Tuesday 24 November 2026"
    assert clock.now() > before
    status, words = await browser.post(DM, {"do": "jump", "key": "yesterday"})
    assert (status, words) == (409, "no jump 'yesterday'")


async def test_trouble_waits_for_the_bot_s_next_call(
    browser: Browser, client: AsyncWebClient, workspace: Workspace
) -> None:
    page = await browser.send(DM, do="fault", kind="429", method="chat.postMessage")
    assert "429 rate limit on chat.postMessage" in page.words(data_testid="waiting-faults")
    await client.auth_test()
    page = await browser.send(DM, do="fault", kind="500", method="")
    assert len(workspace.faults.waiting) == 2
    page = await browser.send(DM, do="clear_faults")
    assert page.find(data_testid="waiting-faults") == []
    assert workspace.faults.waiting == []


async def test_any_code_is_answered_once_or_for_a_time(
    browser: Browser, client: AsyncWebClient, clock: SettableClock, workspace: Workspace
) -> None:
    page = await browser.send(DM, do="refuse", code="no_such_code", method="auth.test", span="")
    assert page.words(data_testid="waiting-faults") == "Waiting: no_such_code on auth.test Clear"
    with pytest.raises(SlackApiError, match="no_such_code"):
        await client.auth_test()
    await client.auth_test()
    page = await browser.send(DM, do="refuse", code="is_archived", method="", span="3600")
    assert (
        page.words(data_testid="waiting-faults") == "Waiting: is_archived until Mon 10:00 UTC Clear"
    )
    for _ in range(2):
        with pytest.raises(SlackApiError, match="is_archived"):
            await client.users_list()
    clock.move(3600)
    await client.users_list()
    await browser.send(DM, do="refuse", code="ekm_access_denied", method="", span="forever")
    clock.move(9 * 86_400)
    with pytest.raises(SlackApiError, match="ekm_access_denied"):
        await client.auth_test()
    page = await browser.send(DM, do="clear_faults")
    assert page.find(data_testid="waiting-faults") == []
    await client.auth_test()
    status, words = await browser.post(DM, {"do": "refuse", "code": "<b>", "span": ""})
    assert (status, words) == (
        409,
        "Type the error code as Slack writes it, like channel_not_found.",
    )


async def test_a_code_can_be_one_channel_s_alone(
    browser: Browser, client: AsyncWebClient, workspace: Workspace
) -> None:
    trouble = {"code": "msg_too_long", "method": "chat.postMessage", "span": "forever"}
    page = await browser.send(DM, do="refuse", channel="C0COACH", **trouble)
    assert page.words(data_testid="waiting-faults") == (
        "Waiting: msg_too_long on chat.postMessage in #coach-dana until cleared Clear"
    )
    for _ in range(2):
        with pytest.raises(SlackApiError, match="msg_too_long"):
            await client.chat_postMessage(channel="C0COACH", text="x")
    await client.chat_postMessage(channel="U0PRIYA", text="x")
    status, words = await browser.post(DM, {"do": "refuse", "channel": "C0NOWHERE", **trouble})
    assert (status, words) == (409, "There is no such channel.")


async def test_a_dead_token_is_refused_everywhere_and_works_again(
    browser: Browser, client: AsyncWebClient, workspace: Workspace
) -> None:
    open_socket = partial(client.apps_connections_open, app_token=workspace.app_token)
    page = await browser.send(DM, do="kill_token", token="bot")
    assert page.words(data_testid="waiting-faults") == "Waiting: dead bot token Clear"
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    assert (await open_socket())["ok"]
    await browser.send(DM, do="clear_faults")
    await client.auth_test()
    await browser.send(DM, do="kill_token", token="app")
    with pytest.raises(SlackApiError, match="token_revoked"):
        await open_socket()
    await client.auth_test()


async def test_sockets_are_cut(
    browser: Browser, app: AsyncApp, connect: Any, workspace: Workspace
) -> None:
    await connect(app)
    await browser.send(DM, do="fault", kind="abort", method="")
    assert all(connection.number > 1 for connection in workspace.socket_mode.connections)


async def test_the_bot_is_removed_and_invited_and_channels_are_archived(
    browser: Browser, workspace: Workspace
) -> None:
    page = await browser.send(COACH, do="remove_bot", channel="C0COACH")
    assert "Basecoach is not in this channel" in page.words(id="main")
    page = await browser.send(COACH, do="invite_bot", channel="C0COACH")
    assert "U0BASECOACH" in workspace.channels["C0COACH"].members
    page = await browser.send(COACH, do="archive", channel="C0COACH")
    assert "archived" in page.words(id="main")
    assert page.find(data_testid="unarchive-C0COACH")
    await browser.send(COACH, do="unarchive", channel="C0COACH")
    assert not workspace.channels["C0COACH"].is_archived


async def test_a_channel_is_made_public_and_private_again(
    browser: Browser, client: AsyncWebClient
) -> None:
    async def is_private() -> bool:
        answer = await client.conversations_info(channel="C0COACH")
        return bool(answer["channel"]["is_private"])

    page = await browser.send(DM, do="make_public", channel="C0COACH")
    assert page.find(data_testid="make-private-C0COACH")
    assert not await is_private()
    page = await browser.send(DM, do="make_private", channel="C0COACH")
    assert page.find(data_testid="make-public-C0COACH")
    assert await is_private()


async def test_the_activity_tells_calls_and_deliveries(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack()

    await connect(app)
    await client.chat_postMessage(channel="C0COACH", text="secret words")
    page = await browser.send(DM, do="say", text="/greet secret words")
    activity = page.words(data_testid="activity")
    assert "chat.postMessage #coach-dana ok" in activity
    assert "slash_commands /greet acked" in activity
    assert "secret" not in activity
