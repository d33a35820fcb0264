"""A browser without a screen, for every test of the page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from bot.sandbox.server import SandboxServer
from tests.sandbox.pages.browsing import Browser


@pytest_asyncio.fixture
async def browser(server: SandboxServer) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(session, server)
