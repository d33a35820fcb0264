"""HTTP mode: Slack posts its payloads to POST /slack/events, and Bolt answers them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import failures
from bot.http.connections import Limits, Reason
from bot.http.payloads import SlackRequest
from bot.http.request_verifier import Refused, RequestVerifier
from bot.http.serving import HttpListener
from bot.problems import StartProblem
from bot.slack.causes import cause
from bot.slack.manifest import PATH
from bot.slack.receiving.payload_metrics import PayloadMetrics, kind_of
from bot.slack.receiving.transport import DRAIN_SECONDS, HttpSettings

log = logging.getLogger(__name__)


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
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.gave_up = asyncio.Event()
        self._app = app
        self._verifier = verifier or RequestVerifier(settings.signing_secret)
        self._payload_metrics = payload_metrics or PayloadMetrics()
        routes = [Route(PATH, self._slack_events, methods=["POST"])]
        served = Starlette(
            routes=routes, exception_handlers={404: self._elsewhere, 405: self._elsewhere}
        )
        served.router.redirect_slashes = False
        self._listener = HttpListener(
            served,
            host=settings.host,
            port=settings.port,
            drain_seconds=DRAIN_SECONDS,
            limits=limits,
            closed=self._closed,
            monotonic=monotonic,
        )
        self._payload_metrics.connections = self._listener.connections

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
        except Exception as error:
            # The status is not 200, so Slack repeats an event, and tells a person that the action failed.
            why, kind = cause(error), kind_of(bolt_request.body)
            self._payload_metrics.failures.note(error, part=failures.LISTENER, kind=kind, cause=why)
            log.exception("a request failed", extra={"kind": kind, "cause": why})
            self._payload_metrics.note(bolt_request.body, 500, time.monotonic() - began)
            return PlainTextResponse("Internal Server Error", 500)
        self._payload_metrics.note(bolt_request.body, answer.status, time.monotonic() - began)
        return to_starlette_response(answer)

    def _refuse(self, refused: Refused) -> Response:
        self._payload_metrics.refused[refused.status, refused.why] += 1
        # Nothing of the content is logged. The handler of logs sums such lines up: no outsider can fill the log.
        log.warning("refused", extra={"why": refused.why, "status": refused.status})
        # Closing the connection avoids receiving the rest of a body that nobody reads.
        headers = {"connection": "close"}
        return PlainTextResponse(HTTPStatus(refused.status).phrase, refused.status, headers)

    async def _elsewhere(self, request: Request, error: Exception) -> Response:
        """Answer a request for another path, or with another method than POST."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        refused = Refused(status, "path" if status == 404 else "method")
        answer = self._refuse(refused)
        if isinstance(error, HTTPException):
            answer.headers.update(error.headers or {})
        return answer

    def _closed(self, reason: Reason) -> None:
        """Count what the server closed or refused because of its limits; an idle connection is everyday."""
        metrics = self._payload_metrics
        if reason is Reason.MALFORMED:
            metrics.refused[400, reason.value] += 1
            return
        metrics.closed[reason.value] += 1
        if reason is Reason.BUSY:
            metrics.refused[503, reason.value] += 1
            metrics.failures.note(
                None, part=failures.LISTENER, kind="connection", cause=reason.value
            )
        if reason is not Reason.IDLE:
            log.warning("a connection was closed", extra={"why": reason.value})
