"""HTTP mode: Slack posts its payloads to POST /slack/events, and Bolt answers them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.http.payloads import SlackRequest
from bot.http.request_verifier import Refused, RequestVerifier
from bot.http.serving import HttpListener
from bot.problems import StartProblem
from bot.slack.manifest import PATH
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import DRAIN_SECONDS, HttpSettings

log = logging.getLogger(__name__)

TOLD_EVERY = 60.0
"""Seconds between two log lines about refused requests: outsiders must not be able to fill the log."""


class HttpServer:
    """The HTTP transport. Build it inside the running event loop."""

    name = "http"
    cut_off_seconds = 0.0
    reconnects = 0

    def __init__(
        self,
        app: AsyncApp,
        settings: HttpSettings,
        *,
        payload_metrics: PayloadMetrics | None = None,
        verifier: RequestVerifier | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.gave_up = asyncio.Event()
        self._app = app
        self._verifier = verifier or RequestVerifier(settings.signing_secret)
        self._payload_metrics = payload_metrics or PayloadMetrics()
        self._refusals = _Refusals(monotonic)
        routes = [Route(PATH, self._slack_events, methods=["POST"])]
        served = Starlette(routes=routes)
        served.router.redirect_slashes = False
        self._listener = HttpListener(
            served, host=settings.host, port=settings.port, drain_seconds=DRAIN_SECONDS
        )

    @property
    def url(self) -> str:
        """Return the address for Slack's requests, as seen from this machine."""
        return self._listener.url + PATH

    async def start(self) -> None:
        """Start to listen."""
        try:
            await self._listener.start()
        except OSError as error:
            raise StartProblem(
                f"Basecoach can't listen at {self._listener.url} ({error.strerror or error}). "
                "Choose another with BASECOACH_HTTP_HOST and BASECOACH_HTTP_PORT."
            ) from error
        log.info("listening", extra={"url": self.url})

    async def stop(self) -> None:
        """Accept no more requests, and finish those in progress."""
        await self._listener.stop()

    async def is_connected(self) -> bool:
        """Return whether the server listens; the bot can't see whether Slack reaches it."""
        return self._listener.listening

    async def _slack_events(self, request: Request) -> Response:
        began = time.monotonic()
        try:
            body = await self._verifier.admit(request)
        except Refused as refused:
            return self._refuse(refused)
        try:
            bolt_request = SlackRequest(body, request.headers)
            if not isinstance(bolt_request.body, dict):
                raise TypeError("a payload is an object")
        except Exception:  # signed, but not a payload that Slack would send
            return self._refuse(Refused(400, "unreadable"))
        try:
            answer = await self._app.async_dispatch(bolt_request)
        except Exception:
            # The status is not 200, so Slack repeats an event, and tells a person that the action failed.
            log.exception("a request failed")
            self._payload_metrics.note(bolt_request.body, 500, time.monotonic() - began)
            return PlainTextResponse("Internal Server Error", 500)
        self._payload_metrics.note(bolt_request.body, answer.status, time.monotonic() - began)
        return to_starlette_response(answer)

    def _refuse(self, refused: Refused) -> Response:
        self._payload_metrics.refused[refused.status] += 1
        self._refusals.tell(refused)
        # Closing the connection avoids receiving the rest of a body that nobody reads.
        headers = {"connection": "close"}
        return PlainTextResponse(HTTPStatus(refused.status).phrase, refused.status, headers)


class _Refusals:
    """Logs how many requests were refused and why, but nothing of their content."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._counts: Counter[str] = Counter()
        self._tell_at: dict[str, float] = {}

    def tell(self, refused: Refused) -> None:
        self._counts[refused.why] += 1
        now = self._monotonic()
        if now >= self._tell_at.get(refused.why, now):
            facts = {"why": refused.why, "status": refused.status}
            log.warning("refused", extra={**facts, "count": self._counts.pop(refused.why)})
            self._tell_at[refused.why] = now + TOLD_EVERY
