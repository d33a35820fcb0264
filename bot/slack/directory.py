"""Reads the whole workspace's people from Slack (users.list), to find those whom a file names."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.imports.crm_people import SlackPerson
from bot.slack.profiles import SYSTEM_USERS

PAGE = 200
"""How many people are asked for at once: what Slack recommends for users.list."""


async def read_directory(client: AsyncWebClient) -> list[SlackPerson]:
    """Return the people of the workspace, without bots, with their names and the e-mail addresses it shows.

    Slack shows e-mail addresses only to an app with the scope users:read.email.
    """
    people: list[SlackPerson] = []
    cursor = ""
    while True:
        answer = await client.users_list(limit=PAGE, cursor=cursor)
        for user in answer["members"]:
            if user.get("is_bot") or user["id"] in SYSTEM_USERS:
                continue
            profile = user.get("profile") or {}
            shown = (user.get("real_name"), profile.get("real_name"), profile.get("display_name"))
            names = {name for name in (*shown, profile.get("email")) if name}
            people.append(SlackPerson(user["id"], tuple(sorted(names))))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return people
