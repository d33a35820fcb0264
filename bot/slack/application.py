"""Builds the Bolt app: middleware that finds out who is asking, the listeners, and answers to errors.

`process_before_response=True`: a press is acknowledged when its listener returns, and listeners return after
their transaction is committed. Bolt's lazy listeners are not used.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusals import Refusal
from bot.slack import errors
from bot.slack.listeners import (
    absences,
    alerts,
    checkins,
    coaching,
    conversations,
    direct_messages,
    fallback,
    home,
    record,
    workspace,
)
from bot.slack.listeners.plans import overview as plans
from bot.slack.listeners.setup import commands as setup
from bot.slack.receiving.middleware import IdentifyCaller, Installation, SingleWorkspaceOnly
from bot.slack.receiving.shapes import has_listener, readable
from bot.slack.services import Services

LISTENERS = (
    checkins,
    conversations,
    absences,
    alerts,
    coaching,
    plans,
    setup,
    home,
    record,
    direct_messages,
    workspace,
)

log = logging.getLogger(__name__)


class _App(AsyncApp):
    """Bolt's app, which rejects unreadable payloads first: Bolt fails on them before any middleware runs."""

    def __init__(self, *, services: Services, **settings: Any) -> None:
        super().__init__(**settings)
        self._services = services

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        if not has_listener(req.body):
            # Bolt would log this too, but with some of the payload's text.
            log.warning("a payload that nobody listens to")
            return BoltResponse(status=404)
        try:
            readable(req.body)
        except Refusal as refusal:
            responses, failures = self._services.responses, self._services.failures
            return await errors.answer(refusal, req.body, self.client, responses, failures)
        return await super().async_dispatch(req)


@contextmanager
def _without_slack_environment() -> Iterator[None]:
    """Hide the variables SLACK_… from Bolt, which reads them when it is built, and put them back.

    Bolt would warn that it leaves SLACK_BOT_TOKEN unused, and turn to OAuth by SLACK_CLIENT_ID and
    SLACK_CLIENT_SECRET. It is handed everything that it needs.
    """
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def build(*, client: AsyncWebClient, installation: Installation, services: Services) -> AsyncApp:
    """Return the app with every listener registered; it does nothing before it gets a request.

    `client` has no token of its own: each request uses the token of the installation.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # Bolt accepts None for "not installed here", although its type does not say so.
        return installation.token_for(team_id)  # type: ignore[return-value]

    with _without_slack_environment():
        app = _App(
            services=services,
            name="basecoach",  # without a name, Bolt reads its callers' source files to find one
            client=client,
            authorize=authorize,
            before_authorize=SingleWorkspaceOnly(installation),
            process_before_response=True,
            # Requests that are not from Slack never get here (bot.http.request_verifier); Bolt's own check would
            # log the body.
            request_verification_enabled=False,
            logger=logging.getLogger("slack_bolt"),
        )

    app.use(IdentifyCaller(installation, services.profiles))
    for listeners in LISTENERS:
        listeners.register(app, services)
    fallback.register(app)
    errors.register(app, services.responses, services.failures)
    return app
