"""HTTP delivery: each payload is posted to the app's request URL, signed as Slack signs it.

The manifest decides whether an app is reached this way or over Socket Mode. It is never both.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.records import Delivery, Json
from bot.sandbox.state.workspace import WorkspaceState

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class HttpDelivery:
    """Posts deliveries.

    `now` dates the signatures, in seconds since 1970. They go by the machine's time, not the workspace's.
    """

    def __init__(
        self, state: WorkspaceState, *, ack_seconds: float, now: Callable[[], float] = time.time
    ) -> None:
        self._state = state
        self._ack_seconds = ack_seconds
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def stop(self) -> None:
        """Close the HTTP client. The next delivery opens it again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, delivery: Delivery, url: str) -> None:
        """Post one delivery and record how it was answered."""
        content_type, body = encoded(delivery)
        headers = self.signed(body) | {"content-type": content_type}
        if delivery.retry_attempt:
            headers["x-slack-retry-num"] = str(delivery.retry_attempt)
            headers["x-slack-retry-reason"] = delivery.retry_reason or "unknown_error"
        try:
            async with self._client().post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                text = await answer.text()
                delivery.status = answer.status
                delivery.no_retry = answer.headers.get("x-slack-no-retry") == "1"
                answered_with = answer.content_type
        except TimeoutError:
            delivery.result = "timeout"
            return
        except (aiohttp.ClientError, OSError, UnicodeError):
            delivery.result = "no_connection" if delivery.status is None else "disconnected"
            return
        taken = range(200, 300) if delivery.type == "events_api" else range(200, 201)
        if delivery.status not in taken:
            delivery.result = "http_error"
            return
        delivery.result = "acked"
        delivery.ack = _answer(delivery, answered_with, text)

    async def verify(self, url: str) -> bool:
        """Tell whether the app at `url` answers the challenge with which Slack verifies a request URL."""
        challenge = secrets.token_hex(24)
        body = json.dumps(
            {
                "token": "sandbox-verification-token",
                "challenge": challenge,
                "type": "url_verification",
            }
        ).encode()
        headers = self.signed(body) | {"content-type": JSON}
        try:
            async with self._client().post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                text = await answer.text()
                if answer.content_type == JSON:
                    text = json.loads(text).get("challenge", "")
                return answer.status == 200 and text == challenge
        except (aiohttp.ClientError, OSError, ValueError, AttributeError):
            return False

    def signed(self, body: bytes) -> dict[str, str]:
        """Return the headers that prove to the app who sends this body, and when."""
        timestamp = str(int(self._now()))
        signed = b"v0:" + timestamp.encode() + b":" + body
        key = self._state.signing_secret.encode()
        return {
            "user-agent": USER_AGENT,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": "v0=" + hmac.new(key, signed, hashlib.sha256).hexdigest(),
        }

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._ack_seconds)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session


def encoded(delivery: Delivery) -> tuple[str, bytes]:
    """Return the content type and the body.

    Events are JSON, a command is a form, and everything else is JSON in a field of a form.
    """
    match delivery.type:
        case "events_api":
            return JSON, json.dumps(delivery.payload).encode()
        case "slash_commands":
            return FORM, _form(delivery.payload)
        case _:
            return FORM, _form({"payload": json.dumps(delivery.payload)})


def _form(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def _answer(delivery: Delivery, content_type: str, text: str) -> Json | None:
    """Read the body of an acknowledgement. For a press or an event it means nothing."""
    is_submission = delivery.payload.get("type") == "view_submission"
    if not text or not (is_submission or delivery.type == "slash_commands"):
        return None
    if content_type == JSON:
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {"response_action": "unreadable"}
    return {"text": text}
