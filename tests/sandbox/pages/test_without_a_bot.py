"""Without a bot the page says what Slack would say."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace import Workspace
from tests.sandbox.pages.browsing import (
    DM,
    Browser,
    button,
    field,
    modal,
    open_modal,
    pressed,
    row,
    text_input,
)


class TestWithoutABot:
    @pytest.fixture
    def ack_seconds(self) -> float:
        return 0.05

    async def test_a_command_fails_in_slack_s_words(self, browser: Browser) -> None:
        page = await browser.send(DM, do="say", text="/greet")
        assert page.notice == "/greet failed because the app did not respond"

    async def test_a_press_fails_beside_its_button(
        self, browser: Browser, client: AsyncWebClient
    ) -> None:
        await client.chat_postMessage(channel="U0PRIYA", text="?", blocks=[row(button("yes", "y"))])
        (message,) = [each for each, _ in (await browser.read(DM)).find() if "data-ts" in each]
        surface = f"message:D0PRIYA/{message['data-ts']}"
        page = await browser.send(DM, surface=surface, press=pressed("row", "yes", "y"))
        assert page.notice in page.words(data_block_id="row", data_block_type="actions")
        assert (await browser.read("/p/U0SAM/dm")).find(data_testid="notice") == []

    async def test_a_modal_stays_open_with_what_was_typed(
        self, browser: Browser, client: AsyncWebClient, workspace: Workspace
    ) -> None:
        surface = await open_modal(client, workspace, modal(text_input("company")))
        typed = {field("company"): "Acme"}
        page = await browser.send(DM, surface=surface, do="submit", **typed)
        assert page.notice == "We had some trouble connecting. Try again?"
        assert page.find(name=field("company"))[0][0]["value"] == "Acme"
