"""`/checkin export` and `/coach export`: sends people their own record, or their teams' weeks, as files.

The request is in the database before it is acknowledged, so a crash loses none: see
`bot.domain.privacy.export_orders`.
"""

from __future__ import annotations

import asyncio
import secrets

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.privacy import export, export_orders
from bot.domain.refusals import Refusal
from bot.slack.delivery.exporting import AT_MOST, upload_of
from bot.slack.outcomes import PASSING
from bot.slack.profiles import FRESH
from bot.slack.receiving.shapes import Command
from bot.slack.services import Services
from bot.slack.uploads import NotSent, Upload
from bot.slack.views import privacy as views


async def handle_export(
    services: Services, *, ack: AsyncAck, body: Command, caller: Caller, client: AsyncWebClient
) -> None:
    """Send the caller their own record, as JSON and CSV files in their DM."""
    await _begin(services, ack=ack, body=body, caller=caller, client=client, kind=export.RECORD)


async def handle_team_export(
    services: Services,
    *,
    ack: AsyncAck,
    body: Command,
    caller: Caller,
    client: AsyncWebClient,
    team: str,
) -> None:
    """Send the caller the weeks of their teams, or of the one that is named, as a CSV file in their DM."""
    await services.profiles.ensure(caller, max_age=FRESH)
    await _begin(
        services, ack=ack, body=body, caller=caller, client=client, kind=export.WEEKS, team=team
    )


async def _begin(
    services: Services,
    *,
    ack: AsyncAck,
    body: Command,
    caller: Caller,
    client: AsyncWebClient,
    kind: str,
    team: str = "",
) -> None:
    """Note the request, acknowledge it, and send the files; a request that is under way is not doubled."""
    now, by = services.clock.now(), f"export-{secrets.token_hex(8)}"
    made = await services.database.read(
        export_orders.make, caller=caller, kind=kind, team=team, now=now
    )
    order_id = await services.database.write(
        export_orders.begin, caller=caller, kind=kind, team=team, by=by, now=now
    )
    await ack(response_type="ephemeral", **views.export_begun_message())
    if order_id is not None:
        sending = _send(
            services,
            client,
            upload_of(made, caller, kind, order_id),
            body.get("response_url"),
            order_id=order_id,
            by=by,
        )
        services.background.add(sending)


async def _send(
    services: Services,
    client: AsyncWebClient,
    upload: Upload,
    response_url: str | None,
    *,
    order_id: int,
    by: str,
) -> None:
    """Send the files and end the request; what passes is left to the sender, which tries again."""
    said = None
    try:
        async with asyncio.timeout(AT_MOST.total_seconds()):
            await services.uploads.send(client, upload)
    except TimeoutError:
        return
    except NotSent as failure:
        if failure.outcome in PASSING or response_url is None:
            return
        said = views.export_failed_message(failure.code, upload.caller.slack_user_id)
    except Refusal as refusal:
        said = views.export_refused_message(refusal.sentence)
    await services.database.write(export_orders.done, order_id=order_id, by=by)
    if said is not None and response_url is not None:
        await services.responses.send(
            response_url, {"response_type": "ephemeral", "replace_original": False, **said}
        )
