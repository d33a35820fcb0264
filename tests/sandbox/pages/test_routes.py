"""The page follows changes, takes no forms from elsewhere and needs nothing from elsewhere."""

from __future__ import annotations

import pytest

from bot.clock import SettableClock
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.sandbox.pages.browsing import DM, Browser, Reading


async def test_changes_tells_the_version_now_and_at_each_change(
    browser: Browser, workspace: Workspace
) -> None:
    async with browser.session.get(f"{browser.url}/changes") as answer:
        assert answer.content_type == "text/event-stream"

        async def event() -> int:
            line = (await answer.content.readuntil(b"\n\n")).decode()
            return int(line.removeprefix("data: "))

        assert await event() == workspace.version
        workspace.touch()
        workspace.touch()
        assert await event() == workspace.version


async def test_the_server_stops_although_somebody_listens(
    browser: Browser, server: SandboxServer
) -> None:
    async with browser.session.get(f"{browser.url}/changes") as answer:
        await answer.content.readuntil(b"\n\n")
        await server.stop()
        assert await answer.content.read() == b""


async def test_the_script_s_forms_get_no_page(browser: Browser, workspace: Workspace) -> None:
    headers = {"Origin": browser.url, "X-Sandbox-Script": "1"}
    status, text = await browser.post(DM, {"do": "say", "text": "/nothing"}, headers)
    assert (status, text) == (204, "")


# Who may


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1", "http://localhost:1"]
)
async def test_a_page_elsewhere_can_not_send_forms(
    browser: Browser, clock: SettableClock, origin: str | None
) -> None:
    before = clock.now()
    headers = {"Origin": origin} if origin else {}
    status, words = await browser.post(DM, {"do": "move", "seconds": "3600"}, headers)
    assert (status, words) == (403, "This form did not come from the sandbox's own page.")
    assert clock.now() == before


@pytest.mark.parametrize("path", ["/", DM, "/changes", "/static/sandbox.js"])
async def test_a_name_that_is_not_this_machine_s_is_refused(browser: Browser, path: str) -> None:
    headers = {"Host": "evil.example"}
    async with browser.session.get(browser.url + path, headers=headers) as answer:
        assert answer.status == 400


async def test_pages_allow_no_foreign_scripts_styles_or_frames(browser: Browser) -> None:
    async with browser.session.get(browser.url + DM) as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    page = Reading(text)
    assert all("style" not in each for each, _ in page.find())
    assert not [name for each, _ in page.find() for name in each if name.startswith("on")]
    scripts = [each for tag, each, _ in page.elements if tag == "script"]
    assert scripts == [{"src": "/static/sandbox.js", "defer": ""}]
    styles = [each["href"] for each, _ in page.find(rel="stylesheet")]
    assert styles == ["/static/sandbox.css", "/static/narrow.css"]


@pytest.mark.parametrize("name", ["sandbox.js", "sandbox.css", "narrow.css", "favicon.svg"])
async def test_what_the_page_needs_is_served_from_here(browser: Browser, name: str) -> None:
    async with browser.session.get(f"{browser.url}/static/{name}") as answer:
        assert answer.status == 200
        text = await answer.text()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
