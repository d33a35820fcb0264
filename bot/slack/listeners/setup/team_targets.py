"""The form of one metric's targets for a whole team: opening it, turning it, and sending it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.setup import team_targets
from bot.slack.listeners.payloads import (
    chosen_value,
    identity,
    metadata_of,
    page_number,
    pressed_in,
    pressed_value,
)
from bot.slack.listeners.setup.modals import keep_below
from bot.slack.profiles import FRESH
from bot.slack.receiving.shapes import BlockActions
from bot.slack.services import Services
from bot.slack.views.blocks import View
from bot.slack.views.setup import team_targets as views
from bot.slack.views.setup.inputs import OPEN_TEAM_TARGETS


async def open_team_targets(
    services: Services, caller: Caller, team_id: int | None = None, **turned: int
) -> View:
    """Return the form of a team, or of the caller's first one."""
    form = await services.database.read(
        team_targets.form, caller=caller, team_id=team_id, now=services.clock.now(), **turned
    )
    return views.team_targets_view(form)


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form, to what turns it, and to the buttons that open it."""
    listeners = _TeamTargets(services)
    app.view(views.TEAM_TARGETS_MODAL)(listeners.submit)
    app.action(OPEN_TEAM_TARGETS)(listeners.opened)
    for action in (views.PICK_TEAM, views.PICK_METRIC, views.PICK_PAGE):
        app.action(action)(listeners.turned)


class _TeamTargets:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def opened(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """Show the form in place of the modal that the button is in."""
        old, value = pressed_in(body), pressed_value(body)
        team_id = identity(value) if value else None
        view = await open_team_targets(self._services, context["caller"], team_id)
        await client.views_update(view_id=old["id"], hash=old["hash"], view=keep_below(view, old))
        await ack()

    async def turned(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """Show another team, metric or page."""
        old, action = pressed_in(body), str(body["actions"][0]["action_id"])
        noted, value = metadata_of(old), chosen_value(body)
        team_id, metric_id = identity(noted.get("team")), identity(noted.get("metric"))
        if action == views.PICK_TEAM:
            view = await open_team_targets(self._services, context["caller"], identity(value))
        elif action == views.PICK_METRIC:
            view = await open_team_targets(
                self._services, context["caller"], team_id, metric_id=identity(value)
            )
        else:
            view = await open_team_targets(
                self._services,
                context["caller"],
                team_id,
                metric_id=metric_id,
                page=page_number(value),
            )
        await client.views_update(view_id=old["id"], hash=old["hash"], view=keep_below(view, old))
        await ack()

    async def submit(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller: Caller = context["caller"]
        await self._services.profiles.ensure(caller, max_age=FRESH)
        everybody, texts, monday = views.read_team_targets(view)
        noted = metadata_of(view)
        saved = await self._services.database.write(
            team_targets.set_team_targets,
            caller=caller,
            team_id=identity(noted.get("team")),
            metric_id=identity(noted.get("metric")),
            everybody=everybody,
            texts={identity(member_id): text for member_id, text in texts.items()},
            from_week=monday,
            now=self._services.clock.now(),
        )
        await ack(response_action="update", view=views.team_targets_done(saved))
