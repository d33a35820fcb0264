"""Carries out requests for files whose first process did not: it died, or Slack had trouble."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import NOTHING_TO_SHOW
from bot.domain.outbox.sending import Claimed
from bot.domain.privacy import export, export_orders
from bot.domain.privacy.export_orders import Made, Order
from bot.domain.refusals import Refusal
from bot.slack.delivery.calls import SlackCalls, cannot_look
from bot.slack.delivery.probing import pause_after
from bot.slack.delivery.refusals import TRIES, Refusals, ids
from bot.slack.outcomes import PASSING, CallOutcome, classify
from bot.slack.uploads import NotSent, Upload, Uploads
from bot.slack.views import privacy as views

log = logging.getLogger(__name__)

AT_MOST = sending.LEASE - timedelta(seconds=30)
"""How long sending files may take: the request must not be taken over meanwhile."""


class Exporting:
    """Sends the files of requests for one sender."""

    def __init__(
        self,
        *,
        database: Database,
        client: AsyncWebClient,
        calls: SlackCalls,
        clock: Clock,
        refusals: Refusals,
        sender: str,
    ) -> None:
        self._database = database
        self._client = client
        self._calls = calls
        self._clock = clock
        self._refusals = refusals
        self._sender = sender

    async def carry_out(self, claimed: Claimed) -> bool:
        """Send the files, once, and report that; return False if the person has to be told that there are none."""
        order = await self._database.read(export_orders.find, claimed.subject_id)
        if order is None:
            await self._refusals.give_up(claimed, NOTHING_TO_SHOW)
            return True
        if order.failed_because is not None:
            return False
        started = self._clock.now()
        try:
            async with asyncio.timeout(AT_MOST.total_seconds()):
                if not await self._are_there(claimed, order):
                    await self._send(order)
        except Refusal as refusal:
            await self._failed(order, refusal.sentence)
            return True
        except Exception as error:
            await self._refused(claimed, order, error, started)
            return True
        log.info("files sent", extra=ids(claimed))
        await self._database.write(export_orders.done, order_id=order.id, by=self._sender)
        return True

    async def _send(self, order: Order) -> None:
        if self._client.session is None:
            raise RuntimeError("the client has no session")
        made = await self._database.read(
            export_orders.make,
            caller=order.caller,
            kind=order.kind,
            team=order.team,
            now=self._clock.now(),
        )
        uploads = Uploads(
            session=self._client.session,
            api_url=self._client.base_url,
            database=self._database,
            clock=self._clock,
        )
        await uploads.send(self._client, upload_of(made, order.caller, order.kind, order.id))

    async def _are_there(self, claimed: Claimed, order: Order) -> bool:
        """Return whether an earlier attempt has sent the files, as far as the bot can see."""
        if claimed.unknown_since is None or not order.slack_file_ids:
            return False
        opened = await self._calls.call("conversations.open", users=order.caller.slack_user_id)
        oldest = claimed.unknown_since - sending.LEASE
        try:
            messages = await self._calls.messages_since(str(opened["channel"]["id"]), oldest)
        except SlackApiError as error:
            if not cannot_look(error):
                raise
            log.warning("cannot look back", extra=ids(claimed))
            return False
        sent = {str(file.get("id")) for message in messages for file in message.get("files") or ()}
        return not sent.isdisjoint(order.slack_file_ids)

    async def _refused(
        self, claimed: Claimed, order: Order, error: Exception, started: datetime
    ) -> None:
        """Report what a failed call means for the request: it waits, or the person is told."""
        if isinstance(error, NotSent):
            outcome, code = error.outcome, error.code
        elif (failure := classify(error)) is not None:
            outcome, code = failure.outcome, failure.code
        else:
            raise error
        log.warning("files not sent", extra={**ids(claimed), "code": code})
        if outcome is CallOutcome.UNKNOWN:
            await self._refusals.unknown(claimed, looked=False, since=started, because=code)
        elif outcome in PASSING | {CallOutcome.TOKEN_DEAD} or (
            outcome is CallOutcome.REFUSED and claimed.attempts < TRIES
        ):
            later = self._clock.now() + pause_after(claimed.attempts, within_window=False)
            await self._refusals.put_back(claimed, later, counts=True, refused_because=code)
        else:
            await self._failed(order, code)

    async def _failed(self, order: Order, because: str) -> None:
        await self._database.write(
            export_orders.failed,
            order_id=order.id,
            by=self._sender,
            because=because,
            now=self._clock.now(),
        )


def upload_of(made: Made, caller: Caller, kind: str, order_id: int) -> Upload:
    """Return the upload of a request's files, with the comment above them."""
    comment = (
        views.record_comment()
        if kind == export.RECORD
        else views.weeks_comment(with_answers=made.has_answers)
    )
    return Upload(
        caller=caller, files=made.files, about=made.about, comment=comment, order_id=order_id
    )
