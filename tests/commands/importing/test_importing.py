"""`basecoach import`, as an operator types it: preview, question, rejected lines, exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.setup import workspaces
from bot.domain.tables import Team
from bot.domain.tables import Workspace as WorkspaceRow
from tests.commands.importing.command import (
    MEMBERS,
    ON_BOTH,
    TEAMS,
    Basecoach,
    Slack,
    at_a_terminal,
    enrolled,
    names,
)


@ON_BOTH
def test_teams_then_members(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    done = basecoach("teams", csv(TEAMS + "Harbor,U0DANA,U0MORGAN,C0COACH,,,,\n"), "--yes")
    assert done.exit_code == 0, done.output
    assert (
        "+ new       Harbor: coach Dana Whitfield, #coach-dana, asked Monday 09:00" in done.output
    )
    assert "Imported: 1 teams: 1 new, 0 changed, 0 the same." in done.output
    text = MEMBERS + "U0PRIYA,Harbor,,,12500,9,20\nU0SAM,Harbor,,,,,15\nU0NOZONE,Harbor,,,,,\n"
    done = basecoach("members", csv(text), "--yes")
    assert done.exit_code == 0, done.output
    assert "Priya Nair: Harbor, Europe/London, conversations 20, base_moves 9, sales 12,500" in (
        done.output
    )
    assert "Sam Ortiz: Harbor, America/New_York" in done.output
    assert "Noor Haddad: Harbor, no time zone from Slack, so UTC" in done.output
    assert enrolled(database_url) == 3
    again = basecoach("members", csv(text), "--yes")
    assert again.exit_code == 0
    assert "There is nothing to change." in again.output


def test_without_a_terminal_there_is_only_a_preview(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    looked = basecoach("teams", csv(TEAMS + "Harbor,U0DANA,,,,,,\n"))
    assert looked.exit_code == 2
    assert "+ new       Harbor" in looked.output
    assert "This was a preview and nothing was imported. Add --yes to import." in looked.output
    assert names(database_url, Team) == []


@ON_BOTH
def test_bad_lines_are_all_named_and_nothing_is_imported(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    basecoach("teams", csv(TEAMS + "Harbor,U0DANA,,,,,,\n"), "--yes")
    text = MEMBERS + (
        "U0PRIYA,Harbor,,,,,20\n"
        "U0LEFT,Harbor,,,,,\n"
        "U0ROBOT,Harbor,,,,,\n"
        "U0GHOST,Harbor,,,,,\n"
        "U0SAM,South,,,,,\n"
        "U0SAM,Harbor,Mars,tomorrow,,,lots\n"
    )
    refused = basecoach("members", csv(text), "--yes")
    assert refused.exit_code == 1
    for words in (
        "line 3: Lee Marsh’s Slack account is deactivated",
        "line 4: Inbox Robot is a bot",
        "line 5: user: Slack knows nobody here as U0GHOST",
        "line 6: team: There is no team called “South”",
        "line 7: user: “U0SAM” is in line 6 already",
        "6 members: 1 new, 0 changed, 0 the same, 5 rejected",
        "Nothing was imported. Mend these lines, or leave them out with --skip-bad.",
    ):
        assert words in refused.output
    assert enrolled(database_url) == 0
    skipped = basecoach("members", csv(text), "--yes", "--skip-bad")
    assert skipped.exit_code == 0, skipped.output
    assert "Imported: 6 members: 1 new, 0 changed, 0 the same, 5 rejected." in skipped.output
    assert enrolled(database_url) == 1


def test_a_public_channel_needs_a_flag(
    basecoach: Basecoach, csv: Callable[[str], str], slack: Slack, database_url: str
) -> None:
    slack.workspace.channels["C0GENERAL"].members.append("U0BASECOACH")
    file = csv(TEAMS + "Harbor,U0DANA,,C0GENERAL,,,,\n")
    refused = basecoach("teams", file, "--yes")
    assert refused.exit_code == 1
    assert "#general is public" in refused.output
    assert "--public-channels" in refused.output
    done = basecoach("teams", file, "--yes", "--public-channels")
    assert done.exit_code == 0, done.output
    assert "#general, which everybody can read" in done.output


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "There is no file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b""), "The file is empty"),
        (lambda path: path.write_bytes("user,team".encode("utf-16")), "UTF-16"),
        (lambda path: path.write_text("user,teem\n"), "There is no column “teem”"),
    ],
)
def test_a_file_that_cannot_be_read(
    basecoach: Basecoach, tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "given.csv"
    make(path)
    refused = basecoach("members", str(path))
    assert refused.exit_code == 1
    assert words in refused.output
    assert "Traceback" not in refused.output


def test_a_token_that_slack_does_not_take(basecoach: Basecoach, csv: Callable[[str], str]) -> None:
    refused = basecoach(
        "teams", csv(TEAMS + "H,U0DANA,,,,,,\n"), SLACK_BOT_TOKEN="xoxb-1-wrong-and-long-enough"
    )
    assert refused.exit_code == 1
    assert "Slack does not take SLACK_BOT_TOKEN" in refused.output


@pytest.mark.parametrize("kind", ["500", "error"])
def test_slack_in_trouble_is_no_matter_of_the_token(
    basecoach: Basecoach, csv: Callable[[str], str], slack: Slack, kind: str
) -> None:
    slack.workspace.faults.next_call(kind, "auth.test")
    refused = basecoach("teams", csv(TEAMS + "H,U0DANA,,,,,,\n"))
    assert refused.exit_code == 1
    assert "Slack does not answer (" in refused.output
    assert "Try again." in refused.output


@ON_BOTH
def test_without_a_token(
    basecoach: Basecoach, csv: Callable[[str], str], database: Database, clock: SettableClock
) -> None:
    file = csv(TEAMS + "Harbor,U0DANA,,,,,,\n")
    refused = basecoach("teams", file, "--yes", SLACK_BOT_TOKEN=None)
    assert refused.exit_code == 1
    assert "The database knows no workspace yet. Set SLACK_BOT_TOKEN" in refused.output
    database.write_now(
        workspaces.install, slack_team_id="T1", name="H", bot_user_id="UB", now=clock.now()
    )
    done = basecoach("teams", file, "--yes", SLACK_BOT_TOKEN=None)
    assert done.exit_code == 0, done.output
    assert "Slack is not asked who these people are" in done.output


def test_a_long_file_shows_how_far_it_is(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    lines = "".join(f"Team {number},U0DANA,,,,,,\n" for number in range(60))
    done = basecoach("teams", csv(TEAMS + lines), "--yes")
    assert done.exit_code == 0, done.output
    assert "… and 20 more lines" in done.output
    assert "Checking teams" in done.stderr
    assert "Importing teams" in done.stderr
    assert len(names(database_url, Team)) == 60


def test_wrong_settings_are_named(basecoach: Basecoach, csv: Callable[[str], str]) -> None:
    refused = basecoach("teams", csv(TEAMS), DATABASE_URL="mysql://x/y", SLACK_BOT_TOKEN="nonsense")
    assert refused.exit_code == 1
    assert "SLACK_BOT_TOKEN should be" in refused.output
    assert "DATABASE_URL" in refused.output


@pytest.mark.parametrize(("answer", "teams"), [("y", ["Harbor"]), ("n", [])])
def test_at_a_terminal_it_asks(
    environment: dict[str, str],
    tmp_path: Path,
    csv: Callable[[str], str],
    database_url: str,
    answer: str,
    teams: list[str],
) -> None:
    file = csv(TEAMS + "Harbor,U0DANA,,,,,,\n")
    said = at_a_terminal(["teams", file], environment, tmp_path, answer)
    assert "Import these teams? [y/N]" in said
    assert names(database_url, Team) == teams


def test_the_workspace_is_known_from_the_token(
    basecoach: Basecoach, csv: Callable[[str], str], database: Database
) -> None:
    basecoach("teams", csv(TEAMS + "Harbor,U0DANA,,,,,,\n"), "--yes")
    found = database.read_now(lambda s: s.exec(select(WorkspaceRow)).one())
    assert (found.slack_team_id, found.bot_user_id) == ("T0HARBOR", "U0BASECOACH")
