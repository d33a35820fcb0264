"""Finds the workspace for an import, and asks Slack about the people and channels that the file names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import click
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.commands.progress import bar
from bot.commands.running import chosen_clock, in_words
from bot.config import Settings
from bot.database import Database
from bot.domain.imports import importing as imports
from bot.domain.imports.csv_files import Table
from bot.domain.imports.rows import Known
from bot.domain.refusals import Refusal
from bot.domain.setup import workspaces
from bot.domain.shown.setup import Channel
from bot.domain.tables import Workspace
from bot.slack.channels import read_channel
from bot.slack.outcomes import PASSING, classify
from bot.slack.profiles import read_profiles

HTTP_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)


@dataclass(frozen=True)
class ImportContext:
    """The workspace of an import, what Slack says about the people and channels in the file, and the moment."""

    workspace_id: int
    known: Known
    now: datetime


async def look_up(
    settings: Settings,
    database: Database,
    table: Table,
    *,
    public_channels: bool,
    of_known: bool,
) -> ImportContext:
    """Ask Slack for the facts that the import needs, if there is a token.

    For a file that names only people in the database (`of_known`), Slack is asked only if the database has several
    workspaces.
    """
    async with chosen_clock(settings) as clock:
        now = clock.now()
    if of_known and (only := await database.read(_workspaces)) and len(only) == 1:
        return ImportContext(only[0], Known(), now)
    if settings.slack_bot_token is None:
        known = Known(admin_users=settings.admin_users, public_channels=public_channels)
        click.echo("SLACK_BOT_TOKEN is not set, so Slack is not asked who these people are.")
        return ImportContext(await database.read(_only_workspace), known, now)
    async with aiohttp.ClientSession(timeout=HTTP_TIMEOUT) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token, base_url=settings.slack_api_url, session=session
        )
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=10))
        workspace_id = await _installed(client, database, now)
        people, channels = imports.people_in(table), imports.channels_in(table)
        with bar("Asking Slack", len(people)) as step:
            profiles = await read_profiles(client, people, progress=step)
        known = Known(
            profiles=profiles,
            channels={channel: await _channel(client, channel) for channel in channels},
            asked_slack=True,
            admin_users=settings.admin_users,
            public_channels=public_channels,
        )
    return ImportContext(workspace_id, known, now)


async def _installed(client: AsyncWebClient, database: Database, now: datetime) -> int:
    try:
        answer = await client.auth_test()
    except Exception as error:
        failure = classify(error)
        if failure is None:
            raise
        if failure.outcome in PASSING:
            raise in_words(f"Slack does not answer ({failure.code}). Try again.") from None
        raise in_words(
            f"Slack does not take SLACK_BOT_TOKEN ({failure.code}). Copy it again from Slack."
        ) from None
    return await database.write(
        workspaces.install,
        slack_team_id=answer["team_id"],
        name=answer["team"],
        bot_user_id=answer["user_id"],
        now=now,
    )


async def _channel(client: AsyncWebClient, channel_id: str) -> Channel | str | None:
    try:
        return await read_channel(client, channel_id)
    except Refusal as refusal:
        return refusal.sentence


def _workspaces(session: Session) -> Sequence[int]:
    return session.exec(select(Workspace.id)).all()


def _only_workspace(session: Session) -> int:
    found = _workspaces(session)
    if len(found) != 1:
        raise in_words(
            "The database knows no workspace yet. Set SLACK_BOT_TOKEN, so that Slack can tell which."
            if not found
            else "The database has several workspaces. Set SLACK_BOT_TOKEN to say which is meant."
        )
    return found[0]
