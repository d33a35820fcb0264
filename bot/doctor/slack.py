"""Checks with Slack: the two tokens, the scopes, the clock, and every team's coach channel."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.findings import Finding, Notebook
from bot.doctor.records import CoachChannel, Records
from bot.doctor.storage import tell_skew
from bot.domain.outbox import given_up
from bot.slack.outcomes import NOT_FOR_THIS_TOKEN, CallOutcome, Failure, classify

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)

NEEDED: Mapping[str, str] = {
    "channels:read": "a public coach channel can't be looked at, and what happens to it goes unheard",
    "chat:write": "no check-in and no alert can be sent",
    "commands": "/log-conversation, /checkin and /coach do not exist",
    "groups:read": "a private coach channel can't be looked at, and what happens to it goes unheard",
    "im:history": (
        "a check-in whose delivery is uncertain can't be looked for, and may appear twice; and "
        "nothing that people type in the direct messages is heard"
    ),
    "im:write": "no DM can be opened, so nobody gets a check-in",
    "users:read": "names, time zones and admins can't be read, so nobody can be enrolled",
}
"""The scopes that the bot needs, and what does not work without each."""

_APPEARS_TWICE = "whose delivery is uncertain is sent again after a wait, so it may appear twice"
OPTIONAL: Mapping[str, str] = {
    "channels:history": f"an alert in a public coach channel {_APPEARS_TWICE}",
    "files:write": (
        "/checkin export and /coach export can't send files, so whoever runs Basecoach makes them "
        "with `basecoach export`"
    ),
    "groups:history": f"an alert in a private coach channel {_APPEARS_TWICE}",
    "users:read.email": (
        "an import of a CRM's export finds people by their names and Slack ids, and not by e-mail address"
    ),
}
"""The scopes that an app can do without, and what happens then."""


async def about_slack(
    settings: Settings, *, wrong: frozenset[str], records: Sequence[Records] | None, machine: Clock
) -> list[Finding]:
    """Ask Slack, or the server at SLACK_API_URL. `wrong` names the settings that can't be used."""
    said = Notebook("Slack")
    if "SLACK_API_URL" in wrong:
        said.note("Slack is not asked before SLACK_API_URL is mended.")
        return said.findings
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        # There are no retry handlers: every call is made once, and its error is reported.
        client = AsyncWebClient(
            token=settings.slack_bot_token,
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk.web"),
        )
        if settings.slack_bot_token is None:
            said.note("Workspace, scopes and channels are not checked: that takes SLACK_BOT_TOKEN.")
        else:
            await _about_workspace(client, said, records, machine)
        if settings.slack_app_token is None and settings.slack_signing_secret is not None:
            said.note(
                "Slack's requests come over HTTP (`basecoach run --http`): whether they get here "
                "can't be seen from here."
            )
        elif settings.slack_app_token is None:
            said.note("Socket Mode is not checked: that takes SLACK_APP_TOKEN.")
        else:
            await _about_socket_mode(client, said, settings.slack_app_token)
    return said.findings


async def _about_workspace(
    client: AsyncWebClient, said: Notebook, records: Sequence[Records] | None, machine: Clock
) -> None:
    asked = machine.now()
    answer, failure = await _ask(client.auth_test)
    answered = machine.now()
    if failure is not None:
        if failure.outcome is CallOutcome.TOKEN_DEAD or failure.code in NOT_FOR_THIS_TOKEN:
            said.mend(
                f"Slack does not take SLACK_BOT_TOKEN ({failure.code}). Copy it again from your "
                "app's page, under OAuth & Permissions; install the app first if it is not."
            )
        else:
            said.mend(_words(failure, "auth.test", client))
        return
    said.ok(f"The bot token is {answer.get('user')}'s in “{answer.get('team')}”.")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    _about_clock(said, headers.get("date"), asked, answered)
    _about_scopes(said, headers.get("x-oauth-scopes"))
    known = [found for found in records or () if found.slack_team_id == answer.get("team_id")]
    for other in (found for found in records or () if found not in known):
        said.mend(
            f"The database holds the teams of {other.name} ({other.slack_team_id}), the token is "
            f"for {answer.get('team')} ({answer.get('team_id')}). Use that workspace's token, or "
            "another database."
        )
    for found in known:
        await _about_channels(client, said, found.channels)


def _about_clock(said: Notebook, date: str | None, asked: datetime, answered: datetime) -> None:
    try:
        theirs = parsedate_to_datetime(date or "")
    except ValueError:
        said.note("Slack's answer has no date: this machine's clock is not compared with it.")
        return
    if theirs.tzinfo is None:
        return
    # Slack read its clock between our request and its answer, and cut the time to whole seconds.
    between = (answered - asked) / 2
    ahead = asked + between - (theirs + timedelta(seconds=0.5))
    tell_skew(said, ahead.total_seconds(), "Slack's", allowed=between.total_seconds() + 0.5)


def _about_scopes(said: Notebook, header: str | None) -> None:
    if header is None:
        said.note(
            "Slack's answer does not tell the token's scopes: a proxy may have taken them out."
        )
        return
    granted = {scope.strip() for scope in header.split(",") if scope.strip()}
    missing = [scope for scope in NEEDED if scope not in granted]
    for scope in missing:
        said.mend(
            f"The scope {scope} is missing: {NEEDED[scope]}. Add it under OAuth & Permissions and "
            "install the app again."
        )
    if not missing:
        said.ok("The bot token has every scope that Basecoach needs.")
    for scope in (scope for scope in OPTIONAL if scope not in granted):
        said.note(f"Without the optional scope {scope} {OPTIONAL[scope]}.")
    more = sorted(granted - set(NEEDED) - set(OPTIONAL))
    if more:
        said.note(f"The bot token may do more than Basecoach needs: {', '.join(more)}.")


async def _about_channels(
    client: AsyncWebClient, said: Notebook, channels: Sequence[CoachChannel]
) -> None:
    for at, channel in enumerate(channels):

        async def info(channel_id: str = channel.channel) -> Any:
            return await client.conversations_info(channel=channel_id)

        answer, failure = await _ask(info)
        if failure is None:
            _about_channel(said, channel, answer.get("channel") or {})
        elif failure.outcome is CallOutcome.RATE_LIMITED:
            said.note(
                f"Slack asks to wait {failure.retry_after:.0f} s, so {len(channels) - at} of "
                f"{len(channels)} coach channels are not checked. Start doctor again after that."
            )
            return
        elif failure.code == "missing_scope":
            said.note(f"{_of(channel)} can't be looked at before its scope is there.")
        elif failure.outcome is CallOutcome.CHANNEL_UNUSABLE:
            said.mend(
                f"{_of(channel)} can't be seen: it was deleted, or is private and Basecoach is not "
                "in it. Type /invite @basecoach there, or choose another with /coach."
            )
        else:
            said.mend(f"{_of(channel)}: {_words(failure, 'conversations.info', client)}")


def _about_channel(said: Notebook, channel: CoachChannel, found: Mapping[str, Any]) -> None:
    where = f"#{found.get('name') or channel.channel}"
    whole = f"{where}, the coach channel of {channel.team},"
    if found.get("is_archived"):
        said.mend(f"{whole} is archived. Unarchive it, or choose another with /coach.")
    elif found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
        said.mend(
            f"{whole} is shared with another organization, whose people could read the reps' "
            "numbers. Choose another with /coach."
        )
    elif not found.get("is_member"):
        said.mend(f"Basecoach is not in {where}. Type /invite @basecoach there.")
    elif channel.problem is not None:
        said.mend(
            f"{whole} is fine now, but its last alert was refused ({channel.problem}). "
            "`basecoach run` notices within ten minutes; until then alerts go to the coach."
        )
    else:
        said.ok(f"{whole} can be posted in.")
    if not found.get("is_private") and not found.get("is_archived"):
        said.note(f"{where} is public: everybody in the workspace can read the alerts there.")


async def _about_socket_mode(client: AsyncWebClient, said: Notebook, app_token: str) -> None:
    async def connect() -> Any:
        return await client.apps_connections_open(app_token=app_token)

    _, failure = await _ask(connect)
    if failure is None:
        said.ok("Socket Mode can be opened with the app-level token.")
    elif failure.outcome is CallOutcome.TOKEN_DEAD or failure.code in NOT_FOR_THIS_TOKEN:
        said.mend(
            f"Slack does not take SLACK_APP_TOKEN ({failure.code}). It needs an app-level token of "
            "the same app, xapp-…, with the scope connections:write, and Socket Mode switched on."
        )
    else:
        said.mend(_words(failure, "apps.connections.open", client))


async def _ask(call: Callable[[], Awaitable[Any]]) -> tuple[Any, Failure | None]:
    try:
        return await call(), None
    except Exception as error:
        failure = classify(error)
        if failure is None:
            raise
        return None, failure


def _of(channel: CoachChannel) -> str:
    return f"The coach channel of {channel.team} ({channel.channel})"


def _words(failure: Failure, method: str, client: AsyncWebClient) -> str:
    if failure.outcome is CallOutcome.RATE_LIMITED:
        return f"Slack asks to wait {failure.retry_after:.0f} s. Start doctor again after that."
    if failure.outcome in {CallOutcome.UNKNOWN, CallOutcome.NOT_DONE}:
        return (
            f"Slack does not answer {method} at {client.base_url} ({failure.code}). Check "
            "SLACK_API_URL, the network, and whether Slack is up (https://slack-status.com)."
        )
    why = f"{failure.code}, {failure.detail}" if failure.detail else failure.code
    return f"Slack refuses {method} ({why}). {given_up.remedy(failure.code, method=method)}"
