"""`basecoach import`, as an operator types it: preview, question, rejected lines, exit codes."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from bot.__main__ import main
from bot.clock import SettableClock
from bot.database import Database
from bot.domain import workspaces
from bot.domain.tables import Conversation, Enrolment, Member, Team
from bot.domain.tables import Workspace as WorkspaceRow
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.repository import MANIFEST

TEAMS = "name,coach,second_coach,coach_channel,day,time,deadline_day,deadline_time\n"
MEMBERS = "user,team,timezone,enrolled_on,sales,base_moves,conversations\n"
HISTORY = "user,date,company,base,outcome,amount,close\n"

Basecoach = Callable[..., Result]


class Slack:
    """A sandbox that serves from a thread of its own, for commands that bring their own event loop."""

    def __init__(self, clock: SettableClock) -> None:
        self.workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
        seed_workspace(self.workspace)
        self._server = SandboxServer(self.workspace, clock=clock)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def api_url(self) -> str:
        return self._server.api_url

    @contextmanager
    def serving(self) -> Iterator[Slack]:
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(20)
            yield self
            asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(20)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self.workspace.close()


@pytest.fixture
def slack(clock: SettableClock) -> Iterator[Slack]:
    with Slack(clock).serving() as serving:
        yield serving


@pytest.fixture
def environment(database_url: str, slack: Slack) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
def basecoach(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Basecoach:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: str | None) -> Result:
        return CliRunner(env={**environment, **settings}).invoke(main, ["import", *arguments])

    return run


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def names(url: str, table: type[Team] | type[Member]) -> list[str]:
    database = Database(url)
    try:
        return sorted(database.read_now(lambda s: s.exec(select(table.name)).all()))
    finally:
        database.close()


def enrolled(url: str) -> int:
    database = Database(url)
    try:
        return len(database.read_now(lambda s: s.exec(select(Enrolment.id)).all()))
    finally:
        database.close()


def logged(url: str) -> int:
    database = Database(url)
    try:
        return len(database.read_now(lambda s: s.exec(select(Conversation.id)).all()))
    finally:
        database.close()


@pytest.fixture
def with_a_rep(basecoach: Basecoach, csv: Callable[[str], str]) -> None:
    """Priya is a rep of the team Harbor."""
    basecoach("teams", csv(TEAMS + "Harbor,U0DANA,,,,,,\n"), "--yes")
    done = basecoach("members", csv(MEMBERS + "U0PRIYA,Harbor,,,,,20\n"), "--yes")
    assert done.exit_code == 0, done.output


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


def at_a_terminal(
    arguments: list[str], environment: dict[str, str], folder: Path, answer: str
) -> str:
    """What the command writes to a terminal at which somebody types `answer` when asked."""
    terminal, keyboard = pty.openpty()
    command = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
    )
    os.close(keyboard)
    said = ""
    while True:
        try:
            read = os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # Linux says so when the other side is gone
            break
        if not read:
            break
        said += read
        if "[y/N]" in said and answer:
            os.write(terminal, f"{answer}\n".encode())
            answer = ""
    os.close(terminal)
    assert command.wait(20) == 0
    return said


def test_the_workspace_is_known_from_the_token(
    basecoach: Basecoach, csv: Callable[[str], str], database: Database
) -> None:
    basecoach("teams", csv(TEAMS + "Harbor,U0DANA,,,,,,\n"), "--yes")
    found = database.read_now(lambda s: s.exec(select(WorkspaceRow)).one())
    assert (found.slack_team_id, found.bot_user_id) == ("T0HARBOR", "U0BASECOACH")


# History


@pytest.mark.usefixtures("with_a_rep")
def test_a_history_is_looked_at_imported_and_not_imported_twice(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    text = HISTORY + (
        "U0PRIYA,2026-03-02,Acme,1st,,,not asked\n"
        'U0PRIYA,2026-04-01,Acme,home,won,"12,500",inoffensive\n'
        "U0PRIYA,2026-04-02,Acme Inc,,lost,,\n"
    )
    looked = basecoach("history", csv(text))
    assert looked.exit_code == 2
    for words in (
        "    2  + new       Priya Nair: Acme, 2026-03-02, 1st, not asked\n",
        "    3  + new       Priya Nair: Acme, 2026-04-01, home, $12,500, Inoffensive Close\n",
        "line 4: company: “Acme Inc” may be the same as “Acme”, and is taken as another one.",
        "In all: 3 conversations: 3 new, 0 changed, 0 the same.\n",
        "This was a preview and nothing was imported. Add --yes to import.",
    ):
        assert words in looked.output
    assert logged(database_url) == 0

    done = basecoach("history", csv(text), "--yes")
    assert done.exit_code == 0, done.output
    assert "Imported: 3 conversations: 3 new, 0 changed, 0 the same." in done.output
    assert logged(database_url) == 3

    again = basecoach("history", csv(text + "U0PRIYA,2026-04-03,Delta,1st,,,\n"), "--yes")
    assert "Imported: 4 conversations: 1 new, 0 changed, 3 the same." in again.output
    again = basecoach("history", csv(text), "--yes")
    assert (again.exit_code, "There is nothing to change." in again.output) == (0, True)
    assert logged(database_url) == 4


@pytest.mark.usefixtures("with_a_rep")
def test_bad_lines_of_a_history_are_all_named(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    text = HISTORY + (
        "U0PRIYA,2026-03-02,Acme,1st,,,\n"
        "U0SAM,2026-03-02,Acme,1st,,,\n"
        "U0PRIYA,2999-01-01,Acme,1st,,100,\n"
    )
    refused = basecoach("history", csv(text), "--yes")
    assert refused.exit_code == 1
    assert "line 3: user: Basecoach knows nobody here as U0SAM: import the members first." in (
        refused.output
    )
    assert "line 4: date: 2999-01-01 is still to come" in refused.output
    assert "3 conversations: 1 new, 0 changed, 0 the same, 2 rejected" in refused.output
    assert logged(database_url) == 0
    skipped = basecoach("history", csv(text), "--yes", "--skip-bad")
    assert skipped.exit_code == 0, skipped.output
    assert logged(database_url) == 1


@pytest.mark.usefixtures("with_a_rep")
def test_a_history_needs_no_slack_and_shows_how_far_it_is(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    lines = "".join(f"U0PRIYA,2026-03-02,Company {number},1st,,,\n" for number in range(60))
    for settings in (
        {"SLACK_API_URL": "http://127.0.0.1:1/api/"},  # nobody answers there
        {"SLACK_BOT_TOKEN": None},
    ):
        done = basecoach("history", csv(HISTORY + lines), "--yes", **settings)
        assert done.exit_code == 0, done.output
        assert "Slack" not in done.output
        assert "Checking conversations" in done.stderr
    assert "… and 20 more lines" in done.output
    assert logged(database_url) == 60
    wrong = basecoach("history", csv("user,date\nU0PRIYA,2026-03-02\n"))
    assert "The column company is missing." in wrong.output
    assert "user,date,company,base,outcome,amount,close" in wrong.output


def test_a_history_before_anything_else_says_what_to_do(
    basecoach: Basecoach, csv: Callable[[str], str]
) -> None:
    file = csv(HISTORY + "U0PRIYA,2026-03-02,Acme,1st,,,\n")
    refused = basecoach("history", file, SLACK_BOT_TOKEN=None)
    assert (refused.exit_code, "The database knows no workspace yet" in refused.output) == (1, True)
    refused = basecoach("history", file)
    assert refused.exit_code == 1
    assert "line 2: user: Basecoach knows nobody here as U0PRIYA: import the members first." in (
        refused.output
    )
