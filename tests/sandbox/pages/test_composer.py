"""The composer sends commands and messages, and Slackbot says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox.pages.messages import NEWEST_MESSAGES
from bot.sandbox.people import Person
from tests.sandbox.pages.browsing import COACH, DM, HOME, Browser, Json


async def test_a_command_is_sent_with_its_text(
    browser: Browser, app: AsyncApp, connect: Any
) -> None:
    @app.command("/greet")
    async def greet(ack: Any, body: Json) -> None:
        await ack(f"You said {body['text']} in {body['channel_id']}")

    await connect(app)
    page = await browser.send(DM, do="say", text="/greet Acme <2nd>")
    assert page.messages == [
        "Only visible to you Basecoach APP 9:00 AM You said Acme <2nd> in D0PRIYA"
    ]
    page = await browser.send(COACH, do="say", text="/greet there")
    assert page.messages[-1].endswith("in C0COACH")


async def test_an_unknown_command_is_answered_in_slackbot_s_words(browser: Browser) -> None:
    page = await browser.send(DM, do="say", text="/nothing at all")
    assert page.words(data_testid="slackbot") == (
        "S Only visible to you Slackbot /nothing is not a valid command."
    )
    assert (await browser.read("/p/U0SAM/dm")).find(data_testid="slackbot") == []
    page = await browser.send(DM, do="say", text="hello")
    assert page.find(data_testid="slackbot") == []
    assert page.messages == ["PN Priya Nair 9:00 AM hello"]


async def test_what_slackbot_said_is_gone_after_a_look_elsewhere(browser: Browser) -> None:
    await browser.send(DM, do="say", text="/nothing")
    assert (await browser.read(DM)).find(data_testid="slackbot")
    await browser.read(HOME)
    assert (await browser.read(DM)).find(data_testid="slackbot") == []


async def test_only_the_newest_messages_are_drawn(browser: Browser, priya: Person) -> None:
    for number in range(NEWEST_MESSAGES + 1):
        await priya.say(f"number {number}")
    page = await browser.read(DM)
    assert len(page.messages) == NEWEST_MESSAGES
    assert page.messages[-1].endswith(f"number {NEWEST_MESSAGES}")
    assert "1 older message is not shown." in page.words(data_testid="messages")


async def test_a_message_of_a_person_is_escaped(browser: Browser) -> None:
    page = await browser.send(
        COACH, do="say", text="<script>x</script> <!channel> @alex https://e.com"
    )
    assert page.messages[-1].endswith("<script>x</script> <!channel> @Alex Chen https://e.com")
    assert page.find(data_broadcast="channel") == []
    assert page.find(href="https://e.com")


@pytest.fixture
def silent_manifest(manifest: Json) -> None:
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True


@pytest.mark.usefixtures("silent_manifest")
async def test_an_app_that_takes_no_messages_says_so(browser: Browser) -> None:
    page = await browser.send(DM, do="say", text="hello")
    assert page.notice == "Sending messages to this app has been turned off."
    assert page.find(data_testid="composer") == []
    assert page.words(data_testid="no-composer") == (
        "Sending messages to this app has been turned off."
    )
    assert page.messages == []
