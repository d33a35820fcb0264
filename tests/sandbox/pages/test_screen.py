"""Each person sees their own page of each place."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace
from tests.sandbox.pages.browsing import COACH, DM, HOME, Browser, Json


async def test_the_printed_address_leads_to_the_first_person(browser: Browser) -> None:
    page = await browser.read("/")
    assert page.words(data_testid="persona-U0PRIYA").startswith("PN Priya Sales rep")
    assert page.find(aria_current="true")[0][0]["id"] == "persona-U0PRIYA"
    people = [each["id"] for each, _ in page.find() if each.get("id", "").startswith("persona-")]
    assert [name.removeprefix("persona-U0") for name in people] == [
        *("PRIYA", "SAM", "MAYA", "DANA", "ALEX"),
        *("MORGAN", "NOZONE", "GUEST"),  # in the menu beside the others
    ]
    morgan = await browser.read("/p/U0MORGAN/dm")
    assert morgan.find(aria_current="true")[0][0]["id"] == "persona-U0MORGAN"


async def test_messages_show_author_time_and_day_in_the_reader_s_zone(
    browser: Browser, client: AsyncWebClient, dana: Person
) -> None:
    for person in ("U0PRIYA", "U0SAM"):
        await client.chat_postMessage(channel=person, text="*Good* morning <b>")
    page = await browser.read(DM)
    assert page.messages == ["Basecoach APP 9:00 AM Good morning <b>"]
    assert page.words(role="separator") == "Today"
    (message,) = (await browser.read("/p/U0SAM/dm")).messages
    assert message.startswith("Basecoach APP 4:00 AM")


async def test_edited_and_ephemeral_messages_say_so(
    browser: Browser, client: AsyncWebClient
) -> None:
    sent = await client.chat_postMessage(channel="C0COACH", text="one")
    await client.chat_update(channel="C0COACH", ts=sent["ts"], text="two")
    await client.chat_postEphemeral(channel="C0COACH", user="U0DANA", text="psst")
    first, second = (await browser.read(COACH)).messages
    assert first.endswith("two (edited)")
    assert second == "Only visible to you Basecoach APP 9:00 AM psst"
    assert len((await browser.read("/p/U0ALEX/c/C0COACH")).messages) == 1


async def test_a_new_day_is_told(
    browser: Browser, client: AsyncWebClient, clock: SettableClock
) -> None:
    await client.chat_postMessage(channel="U0PRIYA", text="one")
    clock.move(86_400)
    await client.chat_postMessage(channel="U0PRIYA", text="two")
    clock.move(86_400)
    days = [words for _, words in (await browser.read(DM)).find(role="separator")]
    assert days == ["Monday, 23 November 2026", "Yesterday"]


async def test_unread_messages_are_counted_until_they_are_seen(
    browser: Browser, client: AsyncWebClient, clock: SettableClock
) -> None:
    await browser.read(DM)
    clock.move(60)
    await client.chat_postMessage(channel="U0DANA", text="hello")
    await client.chat_postMessage(channel="C0COACH", text="one")
    assert [words for _, words in (await browser.read(DM)).find(aria_label="2 unread")] == ["2"]
    await browser.read(COACH)
    assert (await browser.read(DM)).find(aria_label="2 unread") == []
    await browser.read("/p/U0DANA/dm")
    page = await browser.read(DM)
    assert "1" not in page.words(id="persona-U0DANA")


async def test_the_home_shows_what_was_published_for_this_person(
    browser: Browser, client: AsyncWebClient
) -> None:
    assert "no Home yet" in (await browser.read(HOME)).words(data_testid="home-view")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*17* of 20"}}
    await client.views_publish(user_id="U0PRIYA", view={"type": "home", "blocks": [section]})
    assert (await browser.read(HOME)).words(data_testid="home-view") == "17 of 20"
    assert "no Home yet" in (await browser.read("/p/U0SAM/home")).words(data_testid="home-view")


async def test_opening_a_tab_is_told_to_the_bot_but_reading_it_again_is_not(
    browser: Browser, workspace: Workspace, app: AsyncApp, connect: Any
) -> None:
    tabs: list[str] = []

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        tabs.append(event["tab"])

    await connect(app)
    await browser.read(HOME)
    await workspace.until(lambda: tabs == ["home"])
    await browser.read(HOME, **{"X-Sandbox-Script": "1"})
    await browser.read(DM)
    await workspace.until(lambda: tabs == ["home", "messages"])


@pytest.mark.parametrize(
    "path",
    ["/p/U0NOBODY/dm", "/p/U0LEFT/dm", "/p/U0BASECOACH/dm", "/p/U0PRIYA/c/C0COACH", "/p/U0PRIYA/x"],
)
async def test_places_that_are_not_there(browser: Browser, path: str) -> None:
    async with browser.session.get(browser.url + path) as answer:
        assert answer.status == 404
        assert await answer.text() == "There is no such place for this person."
