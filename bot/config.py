"""The settings: read from the environment and `.env`, and all checked before any problem is reported.

`SETTINGS` is the only list of them; a test compares `.env.example` with it. A repr never shows a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.database import POOLERS, parse_url
from bot.problems import ConfigurationProblem, DatabaseProblem

SLACK_API_URL = "https://slack.com/api/"
DATABASE_URL = "sqlite:///data/basecoach.db"
SANDBOX_PORT = 3333
HTTP_PORT = 3000
LOOPBACK = "127.0.0.1"
MESSAGES_PER_SECOND = 4.5
SHORTEST_RETENTION, LONGEST_RETENTION = 3, 120
"""In months. Check-ins, alerts and plans of the last weeks are at work: they can't be deleted."""
PREFIX = "BASECOACH_"

SETTINGS: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "the bot token, xoxb-…",
    "SLACK_APP_TOKEN": "the app-level token for Socket Mode, xapp-…",
    "SLACK_SIGNING_SECRET": "the signing secret for HTTP mode, from “Basic Information”",
    "SLACK_API_URL": "where Slack's Web API is",
    "DATABASE_URL": "the database",
    "BASECOACH_ADMIN_USERS": "Slack user ids that may set things up besides Slack's own admins",
    "BASECOACH_CLOCK_URL": "a clock to follow instead of this machine's (a sandbox's)",
    "BASECOACH_DATABASE_POOLER": "whether a pooler stands before PostgreSQL: auto or yes",
    "BASECOACH_HTTP_HOST": "the address that HTTP mode listens on",
    "BASECOACH_HTTP_PORT": "the port that HTTP mode listens on",
    "BASECOACH_LOG_FORMAT": "text or json",
    "BASECOACH_LOG_LEVEL": "debug, info, warning or error",
    "BASECOACH_MESSAGES_PER_SECOND": "how many messages a second are posted at the most",
    "BASECOACH_METRICS_HOST": "the address that health and metrics are served on",
    "BASECOACH_METRICS_PORT": "the port that health and metrics are served on; without it they are not",
    "BASECOACH_RETENTION_MONTHS": "after how many months records of people are deleted",
    "BASECOACH_SANDBOX_PORT": "where the sandbox listens, on loopback",
    "BASECOACH_SANDBOX_DATA": "where the sandbox keeps its data",
}


class Problem(NamedTuple):
    """An unusable setting, and a sentence that says what its value should be."""

    setting: str
    words: str


@dataclass(frozen=True)
class Settings:
    """All settings, checked. `from_environment` reads them."""

    database_url: str = field(default=DATABASE_URL, repr=False)  # may hold a password
    database_pooler: str = "auto"
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_api_url: str = SLACK_API_URL
    admin_users: frozenset[str] = frozenset()
    clock_url: str | None = None
    http_host: str = LOOPBACK
    http_port: int = HTTP_PORT
    log_format: str = "text"
    log_level: str = "info"
    messages_per_second: float = MESSAGES_PER_SECOND
    metrics_host: str = LOOPBACK
    metrics_port: int | None = None
    """None means that health and metrics are not served."""
    retention_months: int | None = None
    """After how many months records of people are deleted; None means that they are kept."""
    sandbox_port: int = SANDBOX_PORT
    sandbox_data: Path = Path("data")


def environment(inherited: Mapping[str, str], env_file: Path | None = None) -> dict[str, str]:
    """Return the values of the `.env` file, if there is one, and of the process's environment, which takes
    precedence.

    A value in the file is used unchanged: a `$` in a password is just a `$`. Raises ConfigurationProblem for a
    file that can't be read.
    """
    path = env_file or Path(".env")
    from_file: dict[str, str] = {}
    if path.is_file():
        try:
            found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            words = f"The file {path} can't be read ({why}). Mend it, or take it away."
            raise ConfigurationProblem([words]) from error
        from_file = {name: value for name, value in found.items() if value and value.strip()}
    return {**from_file, **{name: value for name, value in inherited.items() if value.strip()}}


def from_environment(
    values: Mapping[str, str], *, for_slack: bool, over_http: bool = False
) -> Settings:
    """Check the settings and return them; all problems are named in one error.

    `for_slack` also requires the secrets from Slack: the bot token, and the app-level token or, with `over_http`,
    the signing secret. Raises ConfigurationProblem.
    """
    settings, problems = read(values, for_slack=for_slack, over_http=over_http)
    if problems:
        raise ConfigurationProblem([problem.words for problem in problems])
    return settings


def read(
    values: Mapping[str, str], *, for_slack: bool, over_http: bool = False
) -> tuple[Settings, list[Problem]]:
    """Return the usable settings, and a problem for each of the others.

    A setting with a problem holds its default: a caller who continues all the same must not use it.
    """
    problems: list[Problem] = []
    settings = Settings(
        database_url=_database_url(values, problems),
        database_pooler=_choice(values, "BASECOACH_DATABASE_POOLER", POOLERS, problems),
        slack_bot_token=_token(values, "SLACK_BOT_TOKEN", "xoxb-", for_slack, problems),
        slack_app_token=_token(
            values, "SLACK_APP_TOKEN", "xapp-", for_slack and not over_http, problems
        ),
        slack_signing_secret=_signing_secret(values, for_slack and over_http, problems),
        slack_api_url=_api_url(values, problems),
        admin_users=_user_ids(values, problems),
        clock_url=_url(values, "BASECOACH_CLOCK_URL", problems),
        log_format=_choice(values, "BASECOACH_LOG_FORMAT", ("text", "json"), problems),
        log_level=_choice(
            values, "BASECOACH_LOG_LEVEL", ("info", "debug", "warning", "error"), problems
        ),
        messages_per_second=_messages_per_second(values, problems),
        http_host=_host(values, "BASECOACH_HTTP_HOST", problems),
        http_port=_port(values, "BASECOACH_HTTP_PORT", HTTP_PORT, problems),
        metrics_host=_host(values, "BASECOACH_METRICS_HOST", problems),
        metrics_port=_port(values, "BASECOACH_METRICS_PORT", None, problems),
        retention_months=_retention_months(values, problems),
        sandbox_port=_port(values, "BASECOACH_SANDBOX_PORT", SANDBOX_PORT, problems),
        sandbox_data=Path(values.get("BASECOACH_SANDBOX_DATA", "data").strip()),
    )
    problems += [
        Problem(name, _unknown(name))
        for name in sorted(values)
        if name.startswith(PREFIX) and name not in SETTINGS
    ]
    return settings, problems


def _unknown(name: str) -> str:
    ours = {setting.removeprefix(PREFIX): setting for setting in SETTINGS}
    meant = get_close_matches(name.removeprefix(PREFIX), ours, n=1, cutoff=0.8)
    hint = f"Did you mean {ours[meant[0]]}?" if meant else "See .env.example for their names."
    return f"{name} is not a setting of Basecoach. {hint}"


def _database_url(values: Mapping[str, str], problems: list[Problem]) -> str:
    text = values.get("DATABASE_URL", DATABASE_URL).strip()
    try:
        url = parse_url(text)
    except DatabaseProblem as problem:
        words = str(problem)
    except ValueError:
        words = "DATABASE_URL has something else than a port behind the host's colon."
    else:
        if url.get_backend_name() == "sqlite" and url.host:
            words = (
                f"DATABASE_URL names “{url.host}” as a host, and SQLite has none. "
                "Use three slashes for a path from here, four for one from the root: "
                "sqlite:///data/basecoach.db."
            )
        elif "@" in (url.host or ""):
            words = "DATABASE_URL has more than one “@”. Write the one in the password as %40."
        else:
            return text
    problems.append(Problem("DATABASE_URL", words))
    return DATABASE_URL


def _token(
    values: Mapping[str, str], name: str, prefix: str, needed: bool, problems: list[Problem]
) -> str | None:
    token = values.get(name, "").strip()
    if not token:
        if needed:
            words = f"{name} is missing. Set it to {SETTINGS[name]} (README, “Real Slack”)."
            problems.append(Problem(name, words))
        return None
    if re.fullmatch(rf"{prefix}[A-Za-z0-9-]{{8,}}", token):
        return token
    kinds = {"xoxb-": "the bot token", "xapp-": "the app-level token", "xoxp-": "a user token"}
    kind = next((what for start, what in kinds.items() if token.startswith(start)), None)
    holds = ""
    if token.startswith(prefix):
        holds = " It is cut short or has other characters in it."
    elif kind is not None:
        holds = f" It holds {kind}."
    words = f"{name} should be {SETTINGS[name]}.{holds} Copy it again from Slack."
    problems.append(Problem(name, words))
    return None


def _signing_secret(values: Mapping[str, str], needed: bool, problems: list[Problem]) -> str | None:
    name = "SLACK_SIGNING_SECRET"
    secret = values.get(name, "").strip()
    if not secret:
        if needed:
            words = f"{name} is missing. Set it to {SETTINGS[name]} (docs/operations.md, “HTTP”)."
            problems.append(Problem(name, words))
        return None
    if re.fullmatch(r"(?!xox|xapp-)[\x21-\x7e]{16,}", secret):
        return secret
    holds = "It holds a token." if secret.startswith(("xox", "xapp-")) else "It is cut short."
    words = f"{name} should be {SETTINGS[name]}. {holds} Copy it again from Slack."
    problems.append(Problem(name, words))
    return None


def _api_url(values: Mapping[str, str], problems: list[Problem]) -> str:
    url = _url(values, "SLACK_API_URL", problems) or SLACK_API_URL
    return url if url.endswith("/") else url + "/"


def _url(values: Mapping[str, str], name: str, problems: list[Problem]) -> str | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:  # an unclosed bracket, a port that is not a number
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", text):
        words = f"{name} is not an address. It should look like https://host/path."
    elif parts.scheme == "http" and host not in {"127.0.0.1", "localhost", "::1"}:
        words = f"{name} must begin with https:// unless it is on this machine."
    else:
        return text
    problems.append(Problem(name, words))
    return None


def _user_ids(values: Mapping[str, str], problems: list[Problem]) -> frozenset[str]:
    name = "BASECOACH_ADMIN_USERS"
    ids = [part for part in re.split(r"[,;\s]+", values.get(name, "")) if part]
    right = {part for part in ids if re.fullmatch(r"[UW][A-Z0-9]{2,}", part)}
    for wrong in dict.fromkeys(part for part in ids if part not in right):
        words = (
            f"{name} has “{_shown(wrong)}”, which is not a Slack user id. "
            "Copy the member id (U…) from the person's Slack profile."
        )
        problems.append(Problem(name, words))
    return frozenset(right)


def _choice(
    values: Mapping[str, str], name: str, choices: tuple[str, ...], problems: list[Problem]
) -> str:
    value = values.get(name, choices[0]).strip().lower()
    if value in choices:
        return value
    listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
    problems.append(Problem(name, f"{name} is “{_shown(value)}”. It can be {listed}."))
    return choices[0]


Port = TypeVar("Port", int, int | None)


def _port(values: Mapping[str, str], name: str, default: Port, problems: list[Problem]) -> Port:
    text = values.get(name, "").strip()
    if not text:
        return default
    if re.fullmatch(r"[0-9]{1,5}", text) and int(text) <= 65535:
        return int(text)
    words = f"{name} is “{_shown(text)}”. It should be a port from 1 to 65535 (0: any free one)."
    problems.append(Problem(name, words))
    return default


def _host(values: Mapping[str, str], name: str, problems: list[Problem]) -> str:
    text = values.get(name, "").strip() or LOOPBACK
    if re.fullmatch(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+", text):
        return text
    words = (
        f"{name} is “{_shown(text)}”, which is not an address of a machine. Use {LOOPBACK} for "
        "this machine alone, 0.0.0.0 for all of its addresses."
    )
    problems.append(Problem(name, words))
    return LOOPBACK


def _shown(value: str) -> str:
    """Return a wrong value for use in a sentence: on one line, and cut to a helpful length."""
    plain = "".join(c if c.isprintable() else " " for c in value)
    return plain if len(plain) <= 40 else plain[:39] + "…"


def _messages_per_second(values: Mapping[str, str], problems: list[Problem]) -> float:
    name = "BASECOACH_MESSAGES_PER_SECOND"
    text = values.get(name, "").strip()
    if not text:
        return MESSAGES_PER_SECOND
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if 0.1 <= rate <= 1000:
        return rate
    words = f"{name} is “{text}”. It should be a number from 0.1 to 1000, such as 4.5."
    problems.append(Problem(name, words))
    return MESSAGES_PER_SECOND


def _retention_months(values: Mapping[str, str], problems: list[Problem]) -> int | None:
    name = "BASECOACH_RETENTION_MONTHS"
    text = values.get(name, "").strip()
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,3}", text) and SHORTEST_RETENTION <= int(text) <= LONGEST_RETENTION:
        return int(text)
    words = (
        f"{name} is “{_shown(text)}”. It should be a whole number of months from "
        f"{SHORTEST_RETENTION} to {LONGEST_RETENTION}; without it everything is kept."
    )
    problems.append(Problem(name, words))
    return None
