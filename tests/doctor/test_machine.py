"""Settings and this machine: each thing that can be wrong, and the line that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SettableClock
from tests.doctor.office import Office

# Settings and this machine


async def test_every_wrong_setting_is_named_and_the_rest_is_looked_at_all_the_same(
    office: Office,
) -> None:
    del office.values["SLACK_APP_TOKEN"]
    office.values |= {"BASECOACH_LOG_LEVEL": "loud", "BASECOACH_SANDBOX_PORT": "x"}
    office.workspace.archive("C0COACH")
    mend = await office.lines("mend")
    assert [words.split(" ")[0] for words in mend] == [
        "SLACK_APP_TOKEN",
        "BASECOACH_LOG_LEVEL",
        "BASECOACH_SANDBOX_PORT",
        "#coach-dana,",
    ]
    assert "Socket Mode is not checked: that takes SLACK_APP_TOKEN." in await office.lines("note")


async def test_without_a_bot_token_the_app_token_and_the_database_are_checked(
    office: Office,
) -> None:
    del office.values["SLACK_BOT_TOKEN"]
    assert len(await office.lines("mend")) == 1
    assert await office.lines("ok", "Slack") == [
        "Socket Mode can be opened with the app-level token."
    ]
    assert await office.lines("ok", "Database")


async def test_over_http_the_signing_secret_stands_for_the_app_token(office: Office) -> None:
    del office.values["SLACK_APP_TOKEN"]
    office.values["SLACK_SIGNING_SECRET"] = "0123456789abcdef0123456789abcdef"
    assert await office.lines("mend") == []
    assert (
        "Slack's requests come over HTTP (`basecoach run --http`): whether they get here can't be "
        "seen from here."
    ) in await office.lines("note")


async def test_with_a_wrong_address_nobody_is_sent_the_tokens(office: Office) -> None:
    office.values["SLACK_API_URL"] = "http://slack.example/api/"
    assert await office.lines("note", "Slack") == [
        "Slack is not asked before SLACK_API_URL is mended."
    ]
    assert office.workspace.calls == []


async def test_a_proxy_is_no_matter_for_calls_to_this_machine(office: Office) -> None:
    office.inherited = {"HTTPS_PROXY": "http://user:hunter2@proxy.example:3128"}
    assert await office.lines("mend", "Settings") == []
    assert not [line for line in await office.lines("note", "Settings") if "PROXY" in line]


async def test_debug_is_worth_a_note(office: Office) -> None:
    office.values["BASECOACH_LOG_LEVEL"] = "debug"
    (note,) = await office.lines("note", "Settings")
    assert note.startswith("BASECOACH_LOG_LEVEL is debug")


async def test_it_says_which_time_zones_count(office: Office) -> None:
    (said,) = [f.words for f in await office.findings() if f.about == "Time zones"]
    assert said.startswith("Time zones come from ")


async def test_a_clock_to_follow(office: Office) -> None:
    office.values["BASECOACH_CLOCK_URL"] = office.server.clock_url
    office.server.clock_controls.move(timedelta(days=365).total_seconds())
    (note,) = await office.lines("note", "Clock")
    assert note.startswith(f"The bot follows the clock at {office.server.clock_url}, which shows ")
    assert f"{datetime.now(UTC).year + 1}-" in note


async def test_a_clock_that_nobody_answers_for(office: Office) -> None:
    office.values["BASECOACH_CLOCK_URL"] = f"{office.server.url}/nothing"
    (mend,) = await office.lines("mend", "Clock")
    assert mend.startswith("BASECOACH_CLOCK_URL: no clock answers at ")


@pytest.mark.parametrize(("seconds", "where"), [(3600, "3600 s ahead of"), (-90, "90 s behind")])
async def test_a_clock_that_goes_wrong(office: Office, seconds: int, where: str) -> None:
    still = SettableClock(frozen_at=datetime.now(UTC).replace(microsecond=0))
    office.server.date = lambda: still.now() - timedelta(seconds=seconds)
    office.machine = still
    (mend,) = await office.lines("mend", "Slack")
    words = "This machine's clock is {} {}'s. Deadlines depend on it: have it set by NTP."
    assert mend == words.format(where, "Slack")


@pytest.mark.postgresql
async def test_a_clock_that_differs_from_postgresqls(
    office_on: Callable[[str], Office], new_postgresql: Callable[[], str]
) -> None:
    office = office_on(new_postgresql())
    assert "This machine's clock agrees with PostgreSQL's." in await office.lines("ok", "Database")
    office.machine = SettableClock(timedelta(days=1).total_seconds())
    (mend,) = await office.lines("mend", "Database")
    assert mend.startswith("This machine's clock is 86400 s ahead of PostgreSQL's.")


async def test_slack_tells_no_date(office: Office) -> None:
    office.server.date = lambda: None
    assert await office.lines("note", "Slack") == [
        "Slack's answer has no date: this machine's clock is not compared with it."
    ]
