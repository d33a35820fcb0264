"""Missing, half and wrong settings: every problem at once, in words that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import SLACK_API_URL, Settings, environment, from_environment, read
from bot.problems import ConfigurationProblem

BOT_TOKEN = "xoxb-1234-5678-abcdEFGH"
APP_TOKEN = "xapp-1-A0123-4567-abcdef"
TOKENS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


def problems(values: dict[str, str], *, for_slack: bool = False) -> list[str]:
    with pytest.raises(ConfigurationProblem) as refused:
        from_environment(values, for_slack=for_slack)
    return refused.value.problems


def test_nothing_set_is_enough_for_everything_but_slack() -> None:
    assert from_environment({}, for_slack=False) == Settings()


def test_nothing_set_for_slack_names_both_tokens() -> None:
    assert problems({}, for_slack=True) == [
        "SLACK_BOT_TOKEN is missing. Set it to the bot token, xoxb-… (README, “Real Slack”).",
        "SLACK_APP_TOKEN is missing. Set it to the app-level token for Socket Mode, xapp-… "
        "(README, “Real Slack”).",
    ]


def test_everything_set() -> None:
    assert from_environment(
        {
            "SLACK_BOT_TOKEN": f" {BOT_TOKEN}\n",
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": "http://127.0.0.1:3333/api",
            "DATABASE_URL": "postgresql://basecoach:a%40b@db.example/basecoach",
            "BASECOACH_ADMIN_USERS": "U0ALEX, W0DANA;U0SAM",
            "BASECOACH_CLOCK_URL": "http://localhost:3333/clock",
            "BASECOACH_LOG_FORMAT": "JSON",
            "BASECOACH_LOG_LEVEL": "Warning",
            "BASECOACH_SANDBOX_PORT": "8080",
            "BASECOACH_SANDBOX_DATA": "/var/lib/sandbox",
            "HOME": "/home/basecoach",
        },
        for_slack=True,
    ) == Settings(
        database_url="postgresql://basecoach:a%40b@db.example/basecoach",
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_api_url="http://127.0.0.1:3333/api/",
        admin_users=frozenset({"U0ALEX", "W0DANA", "U0SAM"}),
        clock_url="http://localhost:3333/clock",
        log_format="json",
        log_level="warning",
        sandbox_port=8080,
        sandbox_data=Path("/var/lib/sandbox"),
    )


WRONG_PORT = "It should be a port from 1 to 65535 (0: any free one)."
NOT_AN_ADDRESS = "is not an address. It should look like https://host/path."


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "SLACK_BOT_TOKEN",
            APP_TOKEN,
            "SLACK_BOT_TOKEN should be the bot token, xoxb-…. It holds the app-level token. "
            "Copy it again from Slack.",
        ),
        (
            "SLACK_BOT_TOKEN",
            "xoxp-1234-5678-abcdEFGH",
            "SLACK_BOT_TOKEN should be the bot token, xoxb-…. It holds a user token. "
            "Copy it again from Slack.",
        ),
        (
            "SLACK_BOT_TOKEN",
            "xoxb-",
            "SLACK_BOT_TOKEN should be the bot token, xoxb-…. "
            "It is cut short or has other characters in it. Copy it again from Slack.",
        ),
        (
            "SLACK_APP_TOKEN",
            "“xapp-1-A0123-4567-abcdef”",
            "SLACK_APP_TOKEN should be the app-level token for Socket Mode, xapp-…. "
            "Copy it again from Slack.",
        ),
        (
            "SLACK_APP_TOKEN",
            "xapp-1-A0123 4567-abcdef",
            "SLACK_APP_TOKEN should be the app-level token for Socket Mode, xapp-…. "
            "It is cut short or has other characters in it. Copy it again from Slack.",
        ),
        ("SLACK_API_URL", "slack.com/api", f"SLACK_API_URL {NOT_AN_ADDRESS}"),
        ("SLACK_API_URL", "https://[::1", f"SLACK_API_URL {NOT_AN_ADDRESS}"),
        ("SLACK_API_URL", "https://host:port/api/", f"SLACK_API_URL {NOT_AN_ADDRESS}"),
        (
            "SLACK_API_URL",
            "http://slack.example/api/",
            "SLACK_API_URL must begin with https:// unless it is on this machine.",
        ),
        ("BASECOACH_CLOCK_URL", "file:///clock", f"BASECOACH_CLOCK_URL {NOT_AN_ADDRESS}"),
        (
            "DATABASE_URL",
            "basecoach.db",
            "DATABASE_URL is not a database address. Use sqlite:///data/basecoach.db or "
            "postgresql://user:password@host/database.",
        ),
        (
            "DATABASE_URL",
            "mysql://root:secret@host/db",
            "DATABASE_URL starts with mysql, which Basecoach does not speak. "
            "Use sqlite:///… or postgresql://….",
        ),
        (
            "DATABASE_URL",
            "sqlite://",
            "DATABASE_URL names no SQLite file. Use sqlite:///data/basecoach.db.",
        ),
        (
            "DATABASE_URL",
            "sqlite://data/basecoach.db",
            "DATABASE_URL names “data” as a host, and SQLite has none. Use three slashes for a "
            "path from here, four for one from the root: sqlite:///data/basecoach.db.",
        ),
        (
            "DATABASE_URL",
            "postgresql://basecoach:secret@host:port/db",
            "DATABASE_URL has something else than a port behind the host's colon.",
        ),
        (
            "DATABASE_URL",
            "postgresql://basecoach:sec@ret@host/db",
            "DATABASE_URL has more than one “@”. Write the one in the password as %40.",
        ),
        (
            "BASECOACH_ADMIN_USERS",
            "U0ALEX, @dana",
            "BASECOACH_ADMIN_USERS has “@dana”, which is not a Slack user id. "
            "Copy the member id (U…) from the person's Slack profile.",
        ),
        (
            "BASECOACH_LOG_FORMAT",
            "xml",
            "BASECOACH_LOG_FORMAT is “xml”. It can be text or json.",
        ),
        (
            "BASECOACH_LOG_LEVEL",
            "loud\nand " + "x" * 100,
            f"BASECOACH_LOG_LEVEL is “loud and {'x' * 30}…”. "
            "It can be info, debug, warning or error.",
        ),
        ("BASECOACH_SANDBOX_PORT", "80a", f"BASECOACH_SANDBOX_PORT is “80a”. {WRONG_PORT}"),
        ("BASECOACH_SANDBOX_PORT", "65536", f"BASECOACH_SANDBOX_PORT is “65536”. {WRONG_PORT}"),
        ("BASECOACH_SANDBOX_PORT", "-1", f"BASECOACH_SANDBOX_PORT is “-1”. {WRONG_PORT}"),
        (
            "BASECOACH_SANDBOX_PORT",
            "9" * 5000,
            f"BASECOACH_SANDBOX_PORT is “{'9' * 39}…”. {WRONG_PORT}",
        ),
        (
            "BASECOACH_LOGLEVEL",
            "debug",
            "BASECOACH_LOGLEVEL is not a setting of Basecoach. Did you mean BASECOACH_LOG_LEVEL?",
        ),
        (
            "BASECOACH_COLOUR",
            "blue",
            "BASECOACH_COLOUR is not a setting of Basecoach. See .env.example for their names.",
        ),
    ],
)
def test_a_wrong_setting_has_its_sentence(name: str, value: str, words: str) -> None:
    assert problems({name: value}) == [words]


def test_half_a_set_up_names_what_is_missing_and_what_is_wrong_together() -> None:
    said = problems(
        {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "DATABASE_URL": "sqlite://data/basecoach.db",
            "BASECOACH_LOG_LEVEL": "loud",
            "BASECOACH_SANDBOX_PORT": "http",
            "BASECOACH_ADMIN_USERS": "alex dana",
            "BASECOACH_LOGLEVEL": "debug",
        },
        for_slack=True,
    )
    assert [sentence.split()[0] for sentence in said] == [
        "DATABASE_URL",
        "SLACK_APP_TOKEN",
        "BASECOACH_ADMIN_USERS",
        "BASECOACH_ADMIN_USERS",
        "BASECOACH_LOG_LEVEL",
        "BASECOACH_SANDBOX_PORT",
        "BASECOACH_LOGLEVEL",
    ]


def test_a_wrong_token_is_a_problem_even_where_none_is_needed() -> None:
    assert len(problems({"SLACK_BOT_TOKEN": "xoxb-"}, for_slack=False)) == 1


def test_what_is_wrong_falls_back_and_says_which_it_was() -> None:
    settings, wrong = read(
        {**TOKENS, "SLACK_API_URL": "nowhere", "BASECOACH_SANDBOX_PORT": "x"}, for_slack=True
    )
    assert settings.slack_api_url == SLACK_API_URL
    assert settings.slack_bot_token == BOT_TOKEN
    assert {problem.setting for problem in wrong} == {"SLACK_API_URL", "BASECOACH_SANDBOX_PORT"}


def test_neither_problems_nor_settings_show_a_secret() -> None:
    values = {**TOKENS, "DATABASE_URL": "postgresql://basecoach:hunter2@host/db"}
    shown = repr(from_environment(values, for_slack=True))
    for secret in (BOT_TOKEN, APP_TOKEN, "hunter2"):
        assert secret not in shown
    swapped = {
        "SLACK_BOT_TOKEN": APP_TOKEN,
        "SLACK_APP_TOKEN": BOT_TOKEN,
        "DATABASE_URL": "oracle://basecoach:hunter2@host/db",
    }
    said = "\n".join(problems(swapped, for_slack=True))
    for secret in (BOT_TOKEN, APP_TOKEN, "hunter2"):
        assert secret not in said


# .env


def test_the_environment_wins_over_the_file_and_empty_values_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text(
        "BASECOACH_LOG_LEVEL=debug\nBASECOACH_LOG_FORMAT=json\nSLACK_BOT_TOKEN=\nDATABASE_URL\n"
    )
    inherited = {"BASECOACH_LOG_LEVEL": "error", "BASECOACH_LOG_FORMAT": " ", "PATH": "/bin"}
    assert environment(inherited, path) == {
        "BASECOACH_LOG_LEVEL": "error",
        "BASECOACH_LOG_FORMAT": "json",
        "PATH": "/bin",
    }


def test_the_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_bytes(b"\xef\xbb\xbfDATABASE_URL=postgresql://u:a${HOME}b@host/db\r\n")
    assert environment({"HOME": "/root"}, path)["DATABASE_URL"] == (
        "postgresql://u:a${HOME}b@host/db"
    )


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert environment({}, tmp_path / "nothing") == {}


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_bytes("BASECOACH_LOG_LEVEL=info".encode("utf-16"))
    with pytest.raises(ConfigurationProblem) as refused:
        environment({}, path)
    assert refused.value.problems == [
        f"The file {path} can't be read (it is not UTF-8 text). Mend it, or take it away."
    ]


def test_over_http_the_signing_secret_takes_the_place_of_the_app_token() -> None:
    settings = from_environment(
        {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2},
        for_slack=True,
        over_http=True,
    )
    assert settings.slack_signing_secret == "0123456789abcdef" * 2
    assert settings.slack_signing_secret not in repr(settings)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 3000)
    with pytest.raises(ConfigurationProblem) as refused:
        from_environment({"SLACK_BOT_TOKEN": BOT_TOKEN}, for_slack=True, over_http=True)
    (sentence,) = refused.value.problems
    assert sentence.startswith("SLACK_SIGNING_SECRET is missing. Set it to ")


@pytest.mark.parametrize(
    ("secret", "holds"),
    [
        (APP_TOKEN, "It holds a token."),
        ("0123456789", "It is cut short."),
        ("a b" * 9, "It is cut"),
    ],
)
def test_a_signing_secret_that_can_not_be_one(secret: str, holds: str) -> None:
    (sentence,) = problems({"SLACK_SIGNING_SECRET": secret})
    assert holds in sentence
    assert secret not in sentence


@pytest.mark.parametrize(
    "name", ["BASECOACH_HTTP_PORT", "BASECOACH_METRICS_PORT", "BASECOACH_SANDBOX_PORT"]
)
@pytest.mark.parametrize("value", ["x", "65536", "-1", "80.0"])
def test_ports_are_ports(name: str, value: str) -> None:
    (sentence,) = problems({name: value})
    assert sentence.startswith(f"{name} is “{value}”. It should be a port")


@pytest.mark.parametrize("name", ["BASECOACH_HTTP_HOST", "BASECOACH_METRICS_HOST"])
def test_hosts_are_hosts(name: str) -> None:
    (sentence,) = problems({name: "http://host"})
    assert sentence.startswith(f"{name} is “http://host”, which is not an address of a machine.")
    for host in ("0.0.0.0", "::1", "bot.internal"):  # noqa: S104
        assert host in repr(from_environment({name: host}, for_slack=False))


def test_metrics_are_served_only_where_a_port_is_set() -> None:
    assert from_environment({}, for_slack=False).metrics_port is None
    assert from_environment({"BASECOACH_METRICS_PORT": "0"}, for_slack=False).metrics_port == 0
