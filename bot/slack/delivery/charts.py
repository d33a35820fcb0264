"""Charts in messages: a workspace whose Slack refuses the chart block gets bars of text in its place.

Slack is asked once with the chart. If it takes the same message without one, that is remembered for a month, and
until then no chart is tried in that workspace. A message is never lost over its chart.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries
from bot.domain.outbox.sending import Claimed
from bot.slack.delivery.addressing import OnlyRedrawn, ToChannel, ToHome, ToMember
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.refusals import ids, may_be_plain
from bot.slack.outcomes import UnrecordedPost
from bot.slack.views.blocks import Message
from bot.slack.views.charts import has_chart, without_charts

log = logging.getLogger(__name__)

Shown = TypeVar("Shown", ToMember | ToChannel | ToHome | OnlyRedrawn, ToMember | ToChannel)


class Charts:
    """Sends messages with charts, or with bars of text where charts are refused."""

    def __init__(self, *, database: Database, calls: SlackCalls, clock: Clock) -> None:
        self._database = database
        self._calls = calls
        self._clock = clock

    async def fitted(self, claimed: Claimed, rendered: Shown) -> Shown:
        """Return what is shown, without charts where the workspace's Slack refused one in the last month."""
        if isinstance(rendered, ToHome) or not has_chart(rendered.message):
            return rendered
        refused = await self._database.read(
            deliveries.charts_are_refused,
            workspace_id=claimed.workspace_id,
            now=self._clock.now(),
        )
        return replace(rendered, message=without_charts(rendered.message)) if refused else rendered

    async def call(self, method: str, claimed: Claimed, message: Message, **arguments: Any) -> Any:
        """Post or update the message; if Slack rejects its content, do it with bars of text.

        Raises SlackApiError as the call does, and UnrecordedPost if Slack has the message and the database could
        not remember what was refused.
        """
        try:
            return await self._calls.call(method, **arguments, **message)
        except SlackApiError as error:
            if not (has_chart(message) and may_be_plain(error, claimed)):
                raise
        answer = await self._calls.call(method, **arguments, **without_charts(message))
        log.warning("charts are refused", extra=ids(claimed))
        try:
            await self._database.write(
                deliveries.charts_refused,
                workspace_id=claimed.workspace_id,
                now=self._clock.now(),
            )
        except Exception as error:
            raise UnrecordedPost from error
        return answer
