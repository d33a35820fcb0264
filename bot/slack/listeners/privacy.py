"""`/checkin export` and `/coach export`: sends people their own record, or their teams' weeks, as files."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.privacy import export
from bot.domain.privacy.sheets import as_csv
from bot.domain.refusals import Refusal
from bot.slack.profiles import FRESH
from bot.slack.receiving.shapes import Command
from bot.slack.services import Services
from bot.slack.uploads import NotSent, Upload
from bot.slack.views import privacy as views


async def handle_export(
    services: Services, *, ack: AsyncAck, body: Command, caller: Caller, client: AsyncWebClient
) -> None:
    """Send the caller their own record, as JSON and CSV files in their DM."""
    record = await services.database.read(export.own_record, caller=caller)
    upload = Upload(
        caller=caller,
        files=record.files(now=services.clock.now()),
        about=[record.member_id],
        comment=views.record_comment(),
    )
    await ack(response_type="ephemeral", **views.export_begun_message())
    services.background.add(_send(services, client, upload, body.get("response_url")))


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
    weeks = await services.database.read(export.coached_weeks, caller=caller, team=team)
    upload = Upload(
        caller=caller,
        files=[as_csv(weeks.sheet)],
        about=weeks.about,
        comment=views.weeks_comment(with_answers=weeks.has_answers),
    )
    await ack(response_type="ephemeral", **views.export_begun_message())
    services.background.add(_send(services, client, upload, body.get("response_url")))


async def _send(
    services: Services, client: AsyncWebClient, upload: Upload, response_url: str | None
) -> None:
    try:
        await services.uploads.send(client, upload)
        return
    except NotSent as failure:
        said = views.export_failed_message(failure.code, upload.caller.slack_user_id)
    except Refusal as refusal:
        said = views.export_refused_message(refusal.sentence)
    if response_url is None:
        return
    await services.responses.send(
        response_url, {"response_type": "ephemeral", "replace_original": False, **said}
    )
