"""Finds out who sent a payload, before any listener runs.

The middleware are classes, because for a function Bolt builds every argument that it could ask for, at each call,
while a class gets only the request, the response and `next`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from bot.domain.access import Caller
from bot.slack.profiles import Profiles
from bot.slack.receiving.shapes import written_by_person
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, AS_LOGGED

log = logging.getLogger(__name__)

Next = Callable[[], Awaitable[BoltResponse]]

_ANSWERS = frozenset({ANSWER_YES, ANSWER_NO, AS_LOGGED})


class Installation:
    """The one workspace that this process serves, as auth.test described it."""

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
        """Return the bot's token for the installation's workspace, and None for any other."""
        return self._answer if team_id is None or team_id == self.slack_team_id else None


class SingleWorkspaceOnly(AsyncMiddleware):
    """Lets only payloads of the installation's workspace through, before Bolt looks for a token.

    For another workspace's payload Bolt would call the response_url in it, to say that the app is not installed.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next
    ) -> BoltResponse:
        """Continue, or answer with an empty response."""
        if self._installation.token_for(req.context.team_id) is None:
            return _denied()
        return await next()


class IdentifyCaller(AsyncMiddleware):
    """Puts `workspace_id` and, for an act of a person, `caller` into the context, and stores the person's profile.

    Opening Home is no act: its listener decides whether the person is stored.

    Raises Refusal when Slack does not say who the person is.
    """

    def __init__(self, installation: Installation, profiles: Profiles) -> None:
        self._installation = installation
        self._profiles = profiles

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next
    ) -> BoltResponse:
        """Continue with the caller known, or answer with an empty response if a stranger pressed."""
        req.context["workspace_id"] = self._installation.workspace_id
        slack_user_id = _user_of(req.body)
        if slack_user_id is None:
            return await next()
        if _is_stranger(req.body, self._installation.slack_team_id):
            return _denied()
        caller = Caller(self._installation.workspace_id, slack_user_id)
        req.context["caller"] = caller
        if not _is_answer(req.body) and not _is_home(req.body):
            await self._profiles.ensure(caller)
        return await next()


def _denied() -> BoltResponse:
    log.warning("denied", extra={"action": "use", "kind": "workspace"})
    return BoltResponse(status=200, body="")


def _is_answer(body: dict[str, Any]) -> bool:
    """Return whether Yes or No was pressed.

    The rep of a check-in is known already, and the use case refuses everybody else.
    """
    return body.get("type") == "block_actions" and body["actions"][0]["action_id"] in _ANSWERS


def _is_home(body: dict[str, Any]) -> bool:
    """Return whether a person opened Home or the messages, which is no reason to store who they are."""
    event = body.get("event")
    return isinstance(event, dict) and event.get("type") == "app_home_opened"


def _user_of(body: dict[str, Any]) -> str | None:
    """Return the id of the person who pressed, sent a command or modal, or opened Home; None for other events."""
    if "command" in body:
        return str(body["user_id"])
    event = body.get("event")
    if isinstance(event, dict):
        by_person = event.get("type") == "app_home_opened" or (
            event.get("type") == "message" and written_by_person(event)
        )
        return str(event.get("user")) if by_person else None
    user = body.get("user")
    return str(user["id"]) if isinstance(user, dict) and "id" in user else None


def _is_stranger(body: dict[str, Any], slack_team_id: str) -> bool:
    """Return whether somebody of another organization wrote to the bot or pressed a button in a shared channel."""
    event = body.get("event")
    if isinstance(event, dict):
        team_id = event.get("user_team") or (event.get("team") if "channel_type" in event else None)
        return team_id is not None and team_id != slack_team_id
    user = body.get("user")
    team_id = user.get("team_id") if isinstance(user, dict) else None
    return team_id is not None and team_id != slack_team_id
