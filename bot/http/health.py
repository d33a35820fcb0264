"""Serves health and metrics to monitoring systems: /healthz, /readyz and /metrics on a separate port."""

from __future__ import annotations

import logging

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.http.health_check import HealthCheck, shown
from bot.http.metrics import Metrics
from bot.http.serving import HttpListener
from bot.problems import StartProblem
from bot.slack.receiving.transport import HealthSettings

log = logging.getLogger(__name__)

DRAIN_SECONDS = 1.0


class HealthServer:
    """Serves the reports of a HealthCheck. Build it inside the running event loop."""

    def __init__(self, health_check: HealthCheck, settings: HealthSettings) -> None:
        self._examiner = health_check
        self._metrics = Metrics(
            heartbeat=health_check.heartbeat,
            payload_metrics=health_check.payload_metrics,
            database=health_check.database,
        )
        routes = [
            Route("/healthz", self._alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._measured, methods=["GET"]),
        ]
        self._listener = HttpListener(
            Starlette(routes=routes),
            host=settings.host,
            port=settings.port,
            drain_seconds=DRAIN_SECONDS,
        )

    @property
    def url(self) -> str:
        """Return the server's address, without a slash at its end."""
        return self._listener.url

    async def start(self) -> None:
        """Start to listen. Raises StartProblem, whose text is for the operator."""
        try:
            await self._listener.start()
        except OSError as error:
            raise StartProblem(
                f"Health can't be served at {self.url} ({error.strerror or error}). "
                "Choose another with BASECOACH_METRICS_HOST and BASECOACH_METRICS_PORT."
            ) from error
        log.info("watched", extra={"url": self.url})

    async def stop(self) -> None:
        await self._listener.stop()

    async def _alive(self, request: Request) -> Response:
        """Answer that the process is alive; a restart could fix only a process that does not answer."""
        return PlainTextResponse("ok\n")

    async def _ready(self, request: Request) -> Response:
        report = await self._examiner.look()
        return JSONResponse(shown(report), 503 if report.problems else 200)

    async def _measured(self, request: Request) -> Response:
        report = await self._examiner.look()
        return Response(self._metrics.text(report), media_type=CONTENT_TYPE_LATEST)
