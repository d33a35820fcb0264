"""Sends answers to a payload's `response_url`.

The address comes with the payload, so the bot calls it only on a host where Slack's own addresses are:
hooks.slack.com, or the host of `SLACK_API_URL` if that is not Slack's. Redirects are not followed.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.slack.responding.background import BackgroundTasks

log = logging.getLogger(__name__)

SLACK_HOOKS = "hooks.slack.com"
TIMEOUT = aiohttp.ClientTimeout(total=5)


class ResponseUrls:
    """Sends answers to response_urls over the app's shared session."""

    def __init__(
        self, session: aiohttp.ClientSession, api_url: str, background: BackgroundTasks
    ) -> None:
        self._session = session
        self._background = background
        self._api = urlsplit(api_url)

    def later(self, url: str, payload: dict[str, Any]) -> None:
        """Send the answer later, without delaying the ack of the payload."""
        self._background.add(self.send(url, payload))

    async def send(self, url: str, payload: dict[str, Any]) -> bool:
        """Post the answer; return False if it was not accepted. A failure is logged, never raised."""
        if not self.allowed(url):
            log.warning("response_url refused")
            return False
        try:
            async with self._session.post(
                url, json=payload, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                if response.status == 200 and _says_ok(await response.text()):
                    return True
                log.warning("response_url answered", extra={"status": response.status})
        except (TimeoutError, aiohttp.ClientError, UnicodeDecodeError) as error:
            log.warning("response_url failed", extra={"error": type(error).__name__})
        return False

    def allowed(self, url: str) -> bool:
        """Return whether Slack (or the workspace at SLACK_API_URL) could have sent this address."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.username is not None or parts.password is not None:
            return False
        if (self._api.hostname or "").endswith("slack.com"):
            return (parts.scheme, parts.netloc) == ("https", SLACK_HOOKS)
        return (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc)


def _says_ok(text: str) -> bool:
    """Return whether Slack accepted: it answers `ok`, or JSON whose `ok` is true; a refusal may have status 200
    too.
    """
    if not text.lstrip().startswith("{"):
        return True
    try:
        return json.loads(text).get("ok") is True
    except ValueError:
        return False
