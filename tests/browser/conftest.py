"""Chromium before a real `basecoach sandbox`: each test has a sandbox of its own, and its own windows."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    async_playwright,
    expect,
)

from tests.commands.started import Started, started
from tests.patience import PATIENCE

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 850}
PHONE = {"width": 390, "height": 844}
PRIYA, SAM, MAYA, DANA, ALEX = "U0PRIYA", "U0SAM", "U0MAYA", "U0DANA", "U0ALEX"


class Window:
    """One person's view of the sandbox's page, and what people do there with mouse and keyboard."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    async def be(self, person: str, place: str = "dm") -> None:
        """Open the page of this person: `dm`, `home` or `c/CHANNEL`."""
        await self.page.goto(f"{self.url}/p/{person}/{place}")

    async def type(self, line: str) -> None:
        """A line for the composer, sent with Enter."""
        await self.page.get_by_test_id("composer").fill(line)
        await self.page.get_by_test_id("composer").press("Enter")

    async def press(self, name: str, within: Locator | None = None) -> None:
        """The one button with this name, as a screen reader says it."""
        await (within or self.page).get_by_role("button", name=name, exact=True).click()

    async def jump(self, key: str) -> None:
        """A button of the clock: next_check_in, next_reminder, deadline."""
        await self.page.get_by_test_id(f"jump-{key}").click()

    async def sees(self, *words: str, within: Locator | None = None) -> None:
        """Every one of these words stands in what the person reads now, or soon."""
        for each in words:
            await expect(within or self.page.locator("main")).to_contain_text(each)

    @property
    def messages(self) -> Locator:
        return self.page.locator("article.message")

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.messages.last

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal")

    @property
    def home(self) -> Locator:
        return self.page.get_by_test_id("home-view")

    @property
    def errors(self) -> Locator:
        """The sentences under the inputs of the modal."""
        return self.modal.locator("[data-error-for]")

    async def submit(self) -> None:
        await self.page.get_by_test_id("modal-submit").click()

    async def modal_is_gone(self) -> None:
        await expect(self.modal).to_have_count(0)


Open = Callable[..., Awaitable[Window]]
"""`await open_window(PRIYA, "home", viewport=PHONE, …)`: a window of its own; the rest goes to the context."""


@dataclass
class Sandbox:
    """A running `basecoach sandbox`, whose bot is to log no traceback."""

    process: Started

    @property
    def url(self) -> str:
        return self.process.url


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium with a profile of its own; skips the tests, or fails them if one is required."""
    path = chromium()
    if path is None:
        words = f"no browser on PATH; install one of {', '.join(CHROMIUM)}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    expect.set_options(timeout=1_000 * PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        await browser.close()


def on(data: Path) -> AbstractAsyncContextManager[Started]:
    """`basecoach sandbox` with its data in this folder."""
    return started(
        "sandbox",
        "--port",
        "0",
        "--ack-seconds",
        str(PATIENCE),
        folder=data.parent,
        environment={"BASECOACH_SANDBOX_DATA": str(data)},
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a sandbox keeps after its first start: the team, and the two plans that the bot told its coach of."""
    data = tmp_path_factory.mktemp("sandbox") / "data"
    async with on(data) as process:
        for plan in ("subject=2", "subject=3"):  # Sam's that waits, and Maya's higher sights
            await process.until(f"surface=plan {plan}")
        assert await process.terminate() == 0, process.output
    return data


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(first_start: Path, tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A sandbox with its team and its bot, on a Friday afternoon."""
    data = tmp_path / "data"
    shutil.copytree(first_start, data)
    async with on(data) as process:
        await process.until("http://127.0.0.1:")
        yield Sandbox(process)
        assert await process.terminate() == 0, process.output
    assert "Traceback" not in process.output, process.output


@pytest_asyncio.fixture(loop_scope="session")
async def open_window(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Open]:
    """Opens windows; none of their scripts may complain."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    async def open_one(person: str, place: str = "dm", **options: object) -> Window:
        settings = {"viewport": DESKTOP, "locale": "en-GB", **options}
        context = await browser.new_context(**settings)
        contexts.append(context)
        context.set_default_timeout(1_000 * PATIENCE)
        window = Window(await context.new_page(), sandbox.url)
        windows.append(window)
        await window.be(person, place)
        return window

    yield open_one
    for context in contexts:
        await context.close()
    assert [words for window in windows for words in window.complaints] == []
