"""The Bolt app: who is asking, then every listener, then words for whatever went wrong.

`process_before_response=True`: a press is acknowledged when its listener returns, and listeners return after
their transaction is committed. Bolt's lazy listeners are not used.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.refusals import Refusal
from bot.slack import errors
from bot.slack.house import House
from bot.slack.listeners import (
    absences,
    alerts,
    checkins,
    conversations,
    entries,
    fallback,
    home,
    plans,
    setup,
    workspace,
)
from bot.slack.listeners.payloads import readable
from bot.slack.response_urls import ResponseUrls

log = logging.getLogger(__name__)

LISTENERS = (
    checkins,
    conversations,
    entries,
    absences,
    alerts,
    plans,
    setup,
    home,
    workspace,
)


class Installation:
    """The one workspace that this process serves, as auth.test told it."""

    def __init__(
        self,
        *,
        workspace_id: int,
        slack_team_id: str,
        bot_token: str,
        bot_id: str,
        bot_user_id: str,
    ) -> None:
        self.workspace_id = workspace_id
        self.slack_team_id = slack_team_id
        self.bot_user_id = bot_user_id
        self._answer = AuthorizeResult(
            enterprise_id=None,
            team_id=slack_team_id,
            bot_token=bot_token,
            bot_id=bot_id,
            bot_user_id=bot_user_id,
        )

    def token_for(self, team_id: str | None) -> AuthorizeResult | None:
        """Our token for our own workspace, and nothing for any other."""
        return self._answer if team_id is None or team_id == self.slack_team_id else None


class _App(AsyncApp):
    """Bolt's app for payloads that can be read: Bolt itself stumbles over others before it asks anybody."""

    def __init__(self, *, responses: ResponseUrls, **settings: Any) -> None:
        super().__init__(**settings)
        self._responses = responses

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        try:
            readable(req.body)
        except Refusal as refusal:
            return await errors.answer(refusal, req.body, self.client, self._responses)
        return await super().async_dispatch(req)


def build(*, client: AsyncWebClient, installation: Installation, house: House) -> AsyncApp:
    """The app with every listener registered; nothing happens before it is handed a request.

    `client` has no token of its own: each request's comes from the installation.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # Bolt takes None for "not installed here", though its type does not say so.
        return installation.token_for(team_id)  # type: ignore[return-value]

    async def admit(
        context: dict[str, Any], next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        if installation.token_for(context.get("team_id")) is None:
            # Bolt would call whatever response_url such a payload names to say so.
            log.warning("denied", extra={"action": "use", "kind": "workspace"})
            return BoltResponse(status=200, body="")
        await next()
        return None

    app = _App(
        responses=house.responses,
        client=client,
        authorize=authorize,
        before_authorize=admit,
        process_before_response=True,
        # What is not from Slack never gets here (bot.http.guard); Bolt's own check would log its body.
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )

    @app.middleware
    async def know_caller(
        body: dict[str, Any], context: dict[str, Any], next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        context["workspace_id"] = installation.workspace_id
        slack_user_id = _user_of(body)
        if slack_user_id is None:
            await next()
            return None
        if _is_stranger(body, installation.slack_team_id):
            log.warning("denied", extra={"action": "use", "kind": "workspace"})
            return BoltResponse(status=200, body="")
        caller = Caller(installation.workspace_id, slack_user_id)
        context["caller"] = caller
        await house.profiles.ensure(caller)
        await next()
        return None

    for listeners in LISTENERS:
        listeners.register(app, house)
    fallback.register(app)
    errors.register(app, house.responses)
    return app


def _user_of(body: dict[str, Any]) -> str | None:
    """The person behind a press, a command, a modal or an opened Home; None for other events."""
    if "command" in body:
        return str(body["user_id"])
    event = body.get("event")
    if isinstance(event, dict):
        return str(event.get("user")) if event.get("type") == "app_home_opened" else None
    user = body.get("user")
    return str(user["id"]) if isinstance(user, dict) and "id" in user else None


def _is_stranger(body: dict[str, Any], slack_team_id: str) -> bool:
    """Whether a button in a shared channel was pressed by somebody of another organization."""
    user = body.get("user")
    team_id = user.get("team_id") if isinstance(user, dict) else None
    return team_id is not None and team_id != slack_team_id
