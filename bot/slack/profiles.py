"""Reads people's profiles from Slack (users.info), when a person is unknown or was read too long ago."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.clock import Clock
from bot.database import Database, any_of, columns, rows
from bot.domain.access import Caller
from bot.domain.people.members import Profile, apply_known_profile, apply_profile
from bot.domain.refusals import Refusal
from bot.domain.tables import Member
from bot.slack.outcomes import classify

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
"""How old an admin flag may be when a decision depends on it."""

ANSWER_WITHIN = 2.0
"""How many seconds a read may take while a person waits: Slack allows a press three."""

AT_ONCE = 8
"""The largest number of reads at the same time."""

KNOWN_LIMIT = 10_000
"""How many known people a process remembers; they take a megabyte or two."""

SYSTEM_USERS = frozenset({"USLACKBOT", "USLACK"})
"""Users that belong to Slack itself; their `is_bot` is false, but they are no people."""

Progress = Callable[[], None]


class Profiles:
    """Reads people's profiles from Slack and stores them in the database."""

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        clock: Clock,
        *,
        admin_users: frozenset[str] = frozenset(),
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._admin_users = admin_users
        self._known: set[Caller] = set()
        """Some of the people who have a row.

        Somebody who is deleted may stay in here: use cases then tell them that they are in no team, and whoever
        enrols them again has their profile read.
        """

    async def ensure(self, caller: Caller, *, max_age: timedelta | None = None) -> None:
        """Store the person's profile unless it was read at most `max_age` ago.

        Raises Refusal if Slack does not give the profile.
        """
        if max_age is None and caller in self._known:
            return
        read_at = await self._database.read_batched(_read_at, caller)
        now = self._clock.now()
        if read_at is not None and (max_age is None or now - read_at <= max_age):
            self._remember(caller)
            return
        problems = await self.refresh(caller.workspace_id, [caller.slack_user_id])
        for sentence in problems.values():
            raise Refusal(sentence)

    async def of_stranger(self, caller: Caller) -> Profile | None:
        """Return the profile of somebody who has no row, and store nothing; None for somebody who has one.

        Raises Refusal if Slack does not give the profile.
        """
        if await self._database.read_batched(_read_at, caller) is not None:
            return None
        self._known.discard(caller)
        found = await self.read([caller.slack_user_id], within=ANSWER_WITHIN)
        profile = found[caller.slack_user_id]
        if isinstance(profile, str):
            raise Refusal(profile)
        return profile

    def _remember(self, caller: Caller) -> None:
        if len(self._known) >= KNOWN_LIMIT:
            self._known.clear()
        self._known.add(caller)

    async def refresh(
        self,
        workspace_id: int,
        slack_user_ids: Iterable[str],
        *,
        within: float | None = ANSWER_WITHIN,
        only_known: bool = False,
    ) -> dict[str, str]:
        """Read these people's profiles and store them; return a sentence for each person whose read failed.

        `within`: the number of seconds that a person may have to wait; None if nobody waits. `only_known`: nobody
        gets a row who has none.
        """
        store = apply_known_profile if only_known else apply_profile
        answers = await self.read(slack_user_ids, within=within)
        await asyncio.gather(
            *(
                self._database.write(
                    store,
                    workspace_id=workspace_id,
                    profile=answer,
                    now=self._clock.now(),
                    admin_users=self._admin_users,
                )
                for answer in answers.values()
                if isinstance(answer, Profile)
            )
        )
        return {who: answer for who, answer in answers.items() if isinstance(answer, str)}

    async def read(
        self,
        slack_user_ids: Iterable[str],
        *,
        within: float | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Profile | str]:
        """Return each person's profile, or a sentence that says why there is none; store nothing."""
        return await read_profiles(self._client, slack_user_ids, within=within, progress=progress)


async def read_profiles(
    client: AsyncWebClient,
    slack_user_ids: Iterable[str],
    *,
    within: float | None = None,
    progress: Progress | None = None,
) -> dict[str, Profile | str]:
    """Return each person's profile, or a sentence that says why there is none; AT_ONCE reads run concurrently."""
    wanted = list(dict.fromkeys(slack_user_ids))
    gate = asyncio.Semaphore(AT_ONCE)

    async def read(slack_user_id: str) -> Profile | str:
        async with gate:
            answer = await _read_one(client, slack_user_id)
        if progress is not None:
            progress()
        return answer

    try:
        async with asyncio.timeout(within):
            answers = await asyncio.gather(*(read(slack_user_id) for slack_user_id in wanted))
    except TimeoutError:
        log.warning("profiles not read in time", extra={"people": len(wanted)})
        late = "Slack is slow to say who this is: wait a moment, then try again."
        return dict.fromkeys(wanted, late)
    return dict(zip(wanted, answers, strict=True))


def profile_of(user: Mapping[str, Any]) -> Profile:
    """Return the profile in Slack's `user` object, of which any field may be missing, null or empty."""
    details = user.get("profile") or {}
    names = (
        details.get("real_name"),
        user.get("real_name"),
        details.get("display_name"),
        user.get("name"),
    )
    slack_user_id = str(user.get("id") or "")
    return Profile(
        slack_user_id=slack_user_id,
        name=next((str(name) for name in names if name and str(name).strip()), slack_user_id),
        timezone=_text(user.get("tz")),
        locale=_text(user.get("locale")),
        is_admin=any(user.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner")),
        is_guest=any(
            user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger")
        ),
        is_bot=bool(user.get("is_bot") or user.get("is_workflow_bot"))
        or slack_user_id in SYSTEM_USERS,
        deleted=bool(user.get("deleted")),
    )


async def _read_one(client: AsyncWebClient, slack_user_id: str) -> Profile | str:
    try:
        answer = await client.users_info(user=slack_user_id, include_locale=True)
    except Exception as error:
        failure = classify(error)
        if failure is None:
            raise
        log.warning("profile not read", extra={"user": slack_user_id, "error": failure.code})
        return _words(slack_user_id, failure.code)
    user = answer.get("user")
    if not isinstance(user, dict) or user.get("id") != slack_user_id:
        return f"Slack says nothing about {slack_user_id}: check the id and try again."
    return profile_of(user)


def _words(slack_user_id: str, code: str) -> str:
    if code in {"user_not_found", "user_not_visible", "users_not_found"}:
        return f"Slack knows nobody here as {slack_user_id}: choose somebody of this workspace."
    if code in {"missing_scope", "invalid_auth", "token_revoked", "account_inactive", "not_authed"}:
        return (
            "Slack does not let Basecoach see who people are: "
            "ask whoever runs it to start “basecoach doctor”."
        )
    return "Slack did not tell who this is: wait a moment, then try again."


def _read_at(session: Session, callers: Sequence[Caller]) -> list[datetime | None]:
    """Return when each person's profile was last read; None for an unknown person."""
    found = rows(
        session,
        _READ_AT,
        workspaces=[caller.workspace_id for caller in callers],
        people=[caller.slack_user_id for caller in callers],
    )
    read_at = {
        Caller(workspace_id, slack_user_id): moment for workspace_id, slack_user_id, moment in found
    }
    return [read_at.get(caller) for caller in callers]


_READ_AT = sa.select(
    columns(Member).workspace_id, columns(Member).slack_user_id, columns(Member).profile_read_at
).where(
    columns(Member).workspace_id.in_(any_of("workspaces")),
    columns(Member).slack_user_id.in_(any_of("people")),
)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
