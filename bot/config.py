"""The settings: read from the environment and `.env`, checked all at once.

`SETTINGS` is the one list of them; `.env.example` is held against it by a test. Secrets never show in a repr.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.database import DatabaseProblem, parse_url

SLACK_API_URL = "https://slack.com/api/"
DATABASE_URL = "sqlite:///data/basecoach.db"

SETTINGS: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "the bot token, xoxb-…",
    "SLACK_APP_TOKEN": "the app-level token for Socket Mode, xapp-…",
    "SLACK_API_URL": "where Slack's Web API is",
    "DATABASE_URL": "the database",
    "BASECOACH_ADMIN_USERS": "Slack user ids that may set things up besides Slack's own admins",
    "BASECOACH_CLOCK_URL": "a clock to follow instead of this machine's (a sandbox's)",
    "BASECOACH_LOG_FORMAT": "text or json",
    "BASECOACH_LOG_LEVEL": "debug, info, warning or error",
    "BASECOACH_SANDBOX_PORT": "where the sandbox listens, on loopback",
    "BASECOACH_SANDBOX_DATA": "where the sandbox keeps its data",
}


class ConfigurationProblem(Exception):
    """The settings can't be used; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Every setting, checked. `from_environment` is how they are read."""

    database_url: str = DATABASE_URL
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_api_url: str = SLACK_API_URL
    admin_users: frozenset[str] = frozenset()
    clock_url: str | None = None
    log_format: str = "text"
    log_level: str = "info"
    sandbox_port: int = 3333
    sandbox_data: Path = Path("data")


def environment(inherited: Mapping[str, str], env_file: Path | None = None) -> dict[str, str]:
    """What is set: the process's environment, and below it the `.env` file where there is one."""
    path = env_file or Path(".env")
    from_file = {k: v for k, v in dotenv_values(path).items() if v} if path.is_file() else {}
    return {**from_file, **{k: v for k, v in inherited.items() if v.strip()}}


def from_environment(values: Mapping[str, str], *, for_slack: bool) -> Settings:
    """Check the settings and name every problem at once.

    `for_slack` asks for the tokens too. Raises ConfigurationProblem.
    """
    problems: list[str] = []
    settings = Settings(
        database_url=_database_url(values, problems),
        slack_bot_token=_token(values, "SLACK_BOT_TOKEN", "xoxb-", for_slack, problems),
        slack_app_token=_token(values, "SLACK_APP_TOKEN", "xapp-", for_slack, problems),
        slack_api_url=_url(values, "SLACK_API_URL", problems) or SLACK_API_URL,
        admin_users=_user_ids(values, problems),
        clock_url=_url(values, "BASECOACH_CLOCK_URL", problems),
        log_format=_choice(values, "BASECOACH_LOG_FORMAT", ("text", "json"), problems),
        log_level=_choice(
            values, "BASECOACH_LOG_LEVEL", ("info", "debug", "warning", "error"), problems
        ),
        sandbox_port=_port(values, problems),
        sandbox_data=Path(values.get("BASECOACH_SANDBOX_DATA", "data")),
    )
    unknown = sorted(
        name for name in values if name.startswith("BASECOACH_") and name not in SETTINGS
    )
    problems += [
        f"{name} is not a setting of Basecoach. See .env.example for their names."
        for name in unknown
    ]
    if problems:
        raise ConfigurationProblem(problems)
    return settings


def _database_url(values: Mapping[str, str], problems: list[str]) -> str:
    url = values.get("DATABASE_URL", DATABASE_URL)
    try:
        parse_url(url)
    except DatabaseProblem as problem:
        problems.append(str(problem))
    return url


def _token(
    values: Mapping[str, str], name: str, prefix: str, needed: bool, problems: list[str]
) -> str | None:
    token = values.get(name, "").strip()
    if not token:
        if needed:
            problems.append(
                f"{name} is missing. Set it to {SETTINGS[name]} (README, “Real Slack”)."
            )
        return None
    if not token.startswith(prefix) or len(token) < len(prefix) + 8:
        other = {"xoxb-": "the bot token", "xapp-": "the app-level token", "xoxp-": "a user token"}
        given = next((what for start, what in other.items() if token.startswith(start)), None)
        seems = f" It holds {given}." if given and not token.startswith(prefix) else ""
        problems.append(f"{name} should be {SETTINGS[name]}.{seems} Copy it again from Slack.")
        return None
    return token


def _url(values: Mapping[str, str], name: str, problems: list[str]) -> str | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        problems.append(f"{name} is not an address. It should look like https://host/path.")
    elif parts.scheme == "http" and not local:
        problems.append(f"{name} must begin with https:// unless it is on this machine.")
    return text if name != "SLACK_API_URL" or text.endswith("/") else text + "/"


def _user_ids(values: Mapping[str, str], problems: list[str]) -> frozenset[str]:
    ids = [part for part in re.split(r"[,\s]+", values.get("BASECOACH_ADMIN_USERS", "")) if part]
    for wrong in (part for part in ids if not re.fullmatch(r"[UW][A-Z0-9]{2,}", part)):
        problems.append(
            f"BASECOACH_ADMIN_USERS has “{wrong}”, which is not a Slack user id. "
            "Copy the member id (U…) from the person's Slack profile."
        )
    return frozenset(ids)


def _choice(
    values: Mapping[str, str], name: str, choices: tuple[str, ...], problems: list[str]
) -> str:
    value = values.get(name, choices[0]).strip().lower()
    if value not in choices:
        problems.append(f"{name} is “{value}”. It can be {', '.join(choices)}.")
    return value


def _port(values: Mapping[str, str], problems: list[str]) -> int:
    text = values.get("BASECOACH_SANDBOX_PORT", "3333").strip()
    if text.isdecimal() and text.isascii() and 0 <= int(text) <= 65535:
        return int(text)
    problems.append(f"BASECOACH_SANDBOX_PORT is “{text}”. It should be a port from 1 to 65535.")
    return 3333
