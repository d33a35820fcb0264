"""`basecoach doctor`: each thing that can be wrong, made wrong once, and the line that says so."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlmodel import Session, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import migrations
from bot.clock import SettableClock
from bot.commands.doctor import doctor, read_all
from bot.database import Database
from bot.doctor import Finding, examine
from bot.domain import workspaces
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.shown.setup import Channel, TeamForm
from bot.domain.tables import (
    Alert,
    CheckIn,
    Enrolment,
    Member,
    Metric,
    OutboxItem,
    Plan,
    Team,
    Workspace,
)
from bot.sandbox import workspace as sandbox
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from tests.repository import MANIFEST

WEEK = date(2026, 11, 16)


@dataclass
class Office:
    """The sandbox's workspace, a database with one team, and the settings that point at both."""

    workspace: sandbox.Workspace
    server: DatedServer
    database_url: str
    values: dict[str, str]
    inherited: dict[str, str] = field(default_factory=dict)
    machine: SettableClock = field(default_factory=SettableClock)

    async def findings(self) -> list[Finding]:
        settings, problems = read_all(self.values)
        return await examine(
            settings, problems=problems, inherited=self.inherited, machine=self.machine
        )

    async def lines(self, level: str, about: str = "") -> list[str]:
        """What is said at a level, about one subject or all."""
        return [
            finding.words
            for finding in await self.findings()
            if finding.level == level and about in {"", finding.about}
        ]

    def change(self, work: Callable[[Session], object]) -> None:
        database = Database(self.database_url)
        try:
            database.write_now(work)
        finally:
            database.close()

    def member(self, slack_user_id: str, **changes: Any) -> None:
        """Change columns of a member."""

        def work(session: Session) -> None:
            found = session.exec(select(Member).where(Member.slack_user_id == slack_user_id)).one()
            for name, value in changes.items():
                setattr(found, name, value)

        self.change(work)

    def team(self, **changes: Any) -> None:
        """Change columns of the team."""

        def work(session: Session) -> None:
            found = session.exec(select(Team)).one()
            for name, value in changes.items():
                setattr(found, name, value)

        self.change(work)


def seed(session: Session) -> None:
    """Harbor Sales: Dana coaches Priya, in #coach-dana."""
    now = datetime.now(UTC)
    workspace_id = workspaces.install(
        session,
        slack_team_id="T0HARBOR",
        name="Harbor Supply Co.",
        bot_user_id="U0BASECOACH",
        now=now,
    )
    ids = {
        who: members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(who, name, timezone="Europe/London"),
            now=now,
        )
        for who, name in (
            ("U0PRIYA", "Priya Nair"),
            ("U0DANA", "Dana Whitfield"),
            ("U0MORGAN", "Morgan Blake"),
        )
    }
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(
            name="Harbor Sales", coach="U0DANA", second_coach="U0MORGAN", channel="C0COACH"
        ),
        channel=Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    enrolments.enrol(
        session,
        workspace_id=workspace_id,
        member_id=ids["U0PRIYA"],
        team_id=team.id,
        enrolled_on=date(2026, 9, 1),
        now=now,
    )
    targets.set_target(
        session,
        workspace_id=workspace_id,
        member_id=ids["U0PRIYA"],
        metric_id=session.exec(select(Metric.id).where(Metric.key == "sales")).one(),
        from_week=date(2026, 8, 31),
        amount=Decimal(10_000),
        set_by=ids["U0DANA"],
        now=now,
    )


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The app's manifest; a test may take something out of it."""
    return copy.deepcopy(MANIFEST)


class DatedServer(SandboxServer):
    """A sandbox whose answers carry the date that a test wants: `date`, or none."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.date: Callable[[], datetime | None] = lambda: datetime.now(UTC)

    def _app(self) -> ASGIApp:
        outermost: Any = super()._app()
        app = outermost._app

        async def dated(scope: Scope, receive: Receive, send: Send) -> None:
            async def answer(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = [pair for pair in message["headers"] if pair[0].lower() != b"date"]
                    if (date := self.date()) is not None:
                        headers.append((b"date", format_datetime(date, usegmt=True).encode()))
                    message = {**message, "headers": headers}
                await send(message)

            await app(scope, receive, answer)

        outermost._app = dated
        return outermost  # type: ignore[no-any-return]


@pytest.fixture
async def server(manifest: dict[str, Any]) -> AsyncIterator[DatedServer]:
    clock = SettableClock()
    workspace = sandbox.Workspace.open(None, clock=clock, manifest=manifest)
    seed_workspace(workspace)
    server = DatedServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


@pytest.fixture
def office_on(server: DatedServer) -> Callable[[str], Office]:
    """Makes an office around a database address; nothing is written to it."""

    def make(url: str) -> Office:
        values = {
            "SLACK_BOT_TOKEN": server.workspace.bot_token,
            "SLACK_APP_TOKEN": server.workspace.app_token,
            "SLACK_API_URL": server.api_url,
            "DATABASE_URL": url,
        }
        return Office(server.workspace, server, url, values)

    return make


@pytest.fixture
def office(office_on: Callable[[str], Office], new_sqlite: Callable[[], str]) -> Office:
    """Everything in order."""
    office = office_on(new_sqlite())
    office.change(seed)
    return office


@pytest.fixture
def any_office(office_on: Callable[[str], Office], database_url: str) -> Office:
    """Everything in order; a test that asks for it runs on both kinds of database."""
    office = office_on(database_url)
    office.change(seed)
    return office


async def test_nothing_to_mend(any_office: Office) -> None:
    findings = await any_office.findings()
    assert [f.words for f in findings if f.level == "mend"] == []
    said = {f.words for f in findings if f.level == "ok"}
    assert {
        "Every setting can be used.",
        f"The schema is at {migrations.HEAD}, as this release needs it.",
        "1 team with 1 rep: nothing stands in the way of asking them.",
        "Everything that was due was sent.",
        "The bot token is basecoach's in “Harbor Supply Co.”.",
        "This machine's clock agrees with Slack's.",
        "The bot token has every scope that Basecoach needs.",
        "#coach-dana, the coach channel of Harbor Sales, can be posted in.",
        "Socket Mode can be opened with the app-level token.",
    } <= said
    assert any(words.endswith("can be read and written.") for words in said)


async def test_it_sends_and_changes_nothing(office: Office) -> None:
    await office.findings()
    assert [call.method for call in office.workspace.calls] == [
        "auth.test",
        "conversations.info",
        "apps.connections.open",
    ]


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


async def test_the_names_that_switch_bolt_to_oauth(office: Office) -> None:
    office.inherited = {"SLACK_CLIENT_ID": "1.2"}
    (note,) = await office.lines("note", "Settings")
    assert "better take it out" in note
    office.inherited["SLACK_CLIENT_SECRET"] = "s"
    (mend,) = await office.lines("mend", "Settings")
    assert mend.startswith("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set")


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


# The database


async def test_a_database_that_is_not_there_yet_is_not_made(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    path = tmp_path / "data" / "basecoach.db"
    office = office_on(f"sqlite:///{path}")
    assert await office.lines("note", "Database") == [
        f"There is no database {path} yet. `basecoach run` makes it."
    ]
    assert await office.lines("mend") == []
    assert list(tmp_path.iterdir()) == []


async def test_a_file_where_a_folder_should_be(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file")
    office = office_on(f"sqlite:///{tmp_path}/data/basecoach.db")
    (mend,) = await office.lines("mend", "Database")
    assert "can't be made" in mend


async def test_a_file_that_is_not_a_database(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, not a database\n" * 50)
    assert await office_on(f"sqlite:///{path}").lines("mend", "Database") == [
        f"{path} is not an SQLite database. "
        "Point DATABASE_URL at another file, or restore this one from a backup."
    ]


async def test_a_folder_is_not_a_database(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    (mend,) = await office_on(f"sqlite:///{tmp_path}").lines("mend", "Database")
    assert mend.startswith(f"The database {tmp_path} can't be opened (unable to open")


@contextlib.contextmanager
def as_nobody(*paths: Path) -> Iterator[None]:
    """Without the right to write to `paths`, also for root, who may write to everything."""
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="basecoach-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("folder_too", [False, True])
async def test_a_read_only_file(
    office_on: Callable[[str], Office],
    new_sqlite: Callable[[], str],
    open_folder: Path,
    folder_too: bool,
) -> None:
    path = open_folder / "basecoach.db"
    path.write_bytes(Path(new_sqlite().removeprefix("sqlite:///")).read_bytes())
    if not folder_too:
        open_folder.chmod(0o777)
    office = office_on(f"sqlite:///{path}")
    with as_nobody(*([path, open_folder] if folder_too else [path])):
        (mend,) = await office.lines("mend", "Database")
    assert mend.startswith(f"The database {path} ")
    assert "writ" in mend


async def test_a_folder_in_which_no_database_can_be_made(
    office_on: Callable[[str], Office], open_folder: Path
) -> None:
    office = office_on(f"sqlite:///{open_folder}/data/basecoach.db")
    with as_nobody(open_folder):
        (mend,) = await office.lines("mend", "Database")
    assert f"{open_folder} is not writable" in mend


@pytest.mark.postgresql
async def test_a_read_only_postgresql(
    office_on: Callable[[str], Office], new_postgresql: Callable[[], str]
) -> None:
    url = new_postgresql()
    office = office_on(url)
    office.change(seed)
    name = sa.make_url(url).database
    office.change(
        lambda session: session.connection().exec_driver_sql(
            f"ALTER DATABASE {name} SET default_transaction_read_only = on"
        )
    )
    (mend,) = await office.lines("mend", "Database")
    assert "is read-only: a standby, or made so by a setting." in mend
    assert await office.lines("ok", "Set-up")


async def test_a_postgresql_that_does_not_answer(office_on: Callable[[str], Office]) -> None:
    office = office_on("postgresql://basecoach:hunter2@127.0.0.1:1/basecoach")
    (mend,) = await office.lines("mend", "Database")
    assert mend.startswith("PostgreSQL does not answer at ")
    assert "hunter2" not in mend


def at_revision(revision: str | None) -> Callable[[Session], object]:
    def work(session: Session) -> None:
        connection = session.connection()
        connection.execute(sa.text("DELETE FROM alembic_version"))
        if revision is not None:
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})

    return work


async def test_an_old_schema(any_office: Office) -> None:
    any_office.change(at_revision(None))
    if any_office.database_url.startswith("postgresql"):
        assert await any_office.lines("mend", "Database") == [
            f"The database's schema is at nothing, this release needs {migrations.HEAD}. "
            "Run `basecoach migrate`, then start again."
        ]
    else:
        assert await any_office.lines("note", "Database") == [
            f"The schema is at nothing, this release's is {migrations.HEAD}. "
            "`basecoach run` upgrades it when it starts."
        ]
    assert await any_office.lines("ok", "Slack")


async def test_a_newer_schema(any_office: Office) -> None:
    any_office.change(at_revision("9999"))
    (mend,) = await any_office.lines("mend", "Database")
    assert mend.startswith("The database's schema is at 9999, which this release does not know.")


async def test_somebody_elses_database(any_office: Office) -> None:
    any_office.change(
        lambda session: session.connection().exec_driver_sql("DROP TABLE alembic_version")
    )
    (mend,) = await any_office.lines("mend", "Database")
    assert mend.startswith("The database holds other tables than Basecoach's.")


# The set-up


async def test_an_empty_set_up_is_no_fault(
    office_on: Callable[[str], Office], database_url: str
) -> None:
    office = office_on(database_url)
    assert await office.lines("mend") == []
    office.change(
        lambda session: workspaces.install(
            session,
            slack_team_id="T0HARBOR",
            name="Harbor",
            bot_user_id="U0BASECOACH",
            now=datetime.now(UTC),
        )
    )
    assert await office.lines("mend") == []
    assert await office.lines("note", "Set-up") == [
        "There is no team yet. Create one with its coach and schedule."
    ]


async def test_a_rep_without_targets(any_office: Office) -> None:
    any_office.change(lambda session: session.connection().exec_driver_sql("DELETE FROM target"))
    assert await any_office.lines("mend", "Set-up") == [
        "Priya Nair has no targets and will not be asked anything. Set them. Use /coach."
    ]


async def test_a_coach_who_left(any_office: Office) -> None:
    any_office.member("U0DANA", inactive_because="deactivated")
    any_office.member("U0MORGAN", inactive_because="deactivated")
    assert await any_office.lines("mend", "Set-up") == [
        "Dana Whitfield, who coaches Harbor Sales, is deactivated. Choose another coach. "
        "Use /coach.",
        "Morgan Blake, the second coach of Harbor Sales, can't be written to (deactivated). "
        "Choose another with /coach.",
    ]


async def test_a_rep_who_left_and_one_who_cannot_be_written_to(any_office: Office) -> None:
    any_office.member("U0PRIYA", inactive_because="deactivated")
    assert await any_office.lines("mend", "Set-up") == []
    (note,) = await any_office.lines("note", "Set-up")
    assert note.startswith("Priya Nair is deactivated and is not asked any more.")
    any_office.member("U0PRIYA", inactive_because="user_not_visible")
    (mend,) = await any_office.lines("mend", "Set-up")
    assert mend.startswith(
        "Slack does not let Basecoach write to Priya Nair (user_not_visible), who is asked nothing"
    )


async def test_a_zone_that_nobody_knows(office: Office) -> None:
    office.member("U0PRIYA", timezone="Mars/Olympus_Mons", name="Priya\nNair")
    (mend,) = await office.lines("mend", "Set-up")
    assert mend.startswith("Priya Nair has the time zone Mars/Olympus_Mons, which")


async def test_a_team_without_a_channel(office: Office) -> None:
    office.team(coach_channel=None)
    assert await office.lines("mend") == []
    assert await office.lines("note", "Set-up") == [
        "Harbor Sales has no coach channel, so misses go to Dana Whitfield in a DM. Choose one."
    ]


async def test_a_dead_token_is_remembered(office: Office) -> None:
    def work(session: Session) -> None:
        session.exec(select(Workspace)).one().disconnected_reason = "token_revoked"

    office.change(work)
    (mend,) = await office.lines("mend", "Set-up")
    assert mend.startswith("Slack stopped taking the token of Harbor Supply Co. (token_revoked)")


async def test_a_database_of_another_workspace(office: Office) -> None:
    def work(session: Session) -> None:
        session.exec(select(Workspace)).one().slack_team_id = "T0OTHER"

    office.change(work)
    (mend,) = await office.lines("mend")
    assert mend.startswith(
        "The database holds the teams of Harbor Supply Co. (T0OTHER), "
        "the token is for Harbor Supply Co. (T0HARBOR)."
    )


# Deliveries


def undelivered(
    surface: str, because: str | None, *, state: str = "open", days: int = 1, attempts: int = 10
) -> Callable[[Session], None]:
    """A row about Priya that was given up, `days` ago."""

    def work(session: Session) -> None:
        now = datetime.now(UTC) - timedelta(days=days)
        enrolment = session.exec(select(Enrolment)).one()
        check_in = CheckIn(
            workspace_id=enrolment.workspace_id,
            member_id=enrolment.member_id,
            team_id=enrolment.team_id,
            week=WEEK,
            state=state,
            due_at=now,
        )
        session.add(check_in)
        session.flush()
        subject = check_in.id
        if surface == outbox.ALERT:
            alert = Alert(
                workspace_id=enrolment.workspace_id,
                check_in_id=check_in.id,
                team_id=enrolment.team_id,
                created_at=now,
            )
            session.add(alert)
            session.flush()
            subject = alert.id
        elif surface in {outbox.PLAN, outbox.PLAN_REPLY}:
            plan = Plan(
                workspace_id=enrolment.workspace_id,
                member_id=enrolment.member_id,
                team_id=enrolment.team_id,
                currency="USD",
                period="dates",
                begins_on=WEEK,
                ends_on=WEEK,
                goal=Decimal(1),
                closed=Decimal(0),
                created_at=now,
            )
            session.add(plan)
            session.flush()
            subject = plan.id
        elif surface == outbox.HOME:
            subject = enrolment.member_id
        outbox.mark_stale(
            session,
            workspace_id=enrolment.workspace_id,
            surface=surface,
            subject_id=subject,
            now=now,
            not_before=datetime.now(UTC) + timedelta(days=1),
        )
        session.flush()
        item = session.exec(select(OutboxItem).where(OutboxItem.surface == surface)).one()
        item.attempts, item.failed_reason = attempts, because
        if because is not None:
            item.due_at = None

    return work


TELL = "Tell the coach, and choose a coach and a channel that work with /coach."


@pytest.mark.parametrize(
    ("work", "level", "words"),
    [
        (
            undelivered(outbox.CHECK_IN, "invalid_blocks"),
            "mend",
            "A check-in was given up (Slack says invalid_blocks): Priya Nair. "
            "Ask them to type /checkin.",
        ),
        (
            undelivered(outbox.CHECK_IN, "user_not_found", state="skipped"),
            "note",
            "A check-in was given up (Slack says user_not_found): Priya Nair.",
        ),
        (
            undelivered(outbox.ALERT, "invalid_blocks"),
            "mend",
            f"An alert did not reach the coach (Slack says invalid_blocks), about Priya Nair. {TELL}",
        ),
        (
            undelivered(outbox.PLAN, "invalid_blocks"),
            "mend",
            f"A plan did not reach the coach (Slack says invalid_blocks), about Priya Nair. {TELL}",
        ),
        (
            undelivered(outbox.PLAN_REPLY, "invalid_blocks"),
            "note",
            "The answer to a plan was given up (Slack says invalid_blocks): Priya Nair.",
        ),
        (
            undelivered(outbox.ALERT, "nothing to show"),
            "mend",
            "An alert did not reach the coach (its coach can't be written to), "
            f"about Priya Nair. {TELL}",
        ),
        (
            undelivered(outbox.HOME, "not_enabled"),
            "note",
            "A Home was given up (Slack says not_enabled): Priya Nair.",
        ),
        (
            undelivered(outbox.CHECK_IN, None, attempts=7),
            "note",
            "A check-in failed 7 times and is being tried again: Priya Nair.",
        ),
    ],
)
async def test_what_could_not_be_delivered(
    any_office: Office, work: Callable[[Session], None], level: str, words: str
) -> None:
    any_office.change(work)
    assert await any_office.lines(level, "Deliveries") == [words]


@pytest.mark.parametrize(
    "work",
    [
        undelivered(outbox.CHECK_IN, "nothing to show", state="skipped"),
        undelivered(outbox.ALERT, "invalid_blocks", days=60),
    ],
)
async def test_what_is_as_it_should_be_or_long_past_is_not_told(
    any_office: Office, work: Callable[[Session], None]
) -> None:
    any_office.change(work)
    assert await any_office.lines("ok", "Deliveries") == ["Everything that was due was sent."]


async def test_what_has_been_waiting(any_office: Office) -> None:
    def work(session: Session) -> None:
        for item in session.exec(select(OutboxItem)):
            session.delete(item)
        outbox.mark_stale(
            session,
            workspace_id=session.exec(select(Workspace.id)).one(),
            surface=outbox.HOME,
            subject_id=1,
            now=datetime.now(UTC),
            not_before=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        )

    any_office.change(work)
    assert await any_office.lines("note", "Deliveries") == [
        "1 message is due since 2026-01-05 09:00 UTC. They go out as soon as `basecoach run` "
        "is at work and Slack answers."
    ]


# Slack


async def test_a_bot_token_that_slack_does_not_take(office: Office) -> None:
    office.values["SLACK_BOT_TOKEN"] = "xoxb-wrong-wrong-wrong"
    (mend,) = await office.lines("mend")
    assert mend.startswith("Slack does not take SLACK_BOT_TOKEN (invalid_auth). Copy it again")
    assert await office.lines("ok", "Slack") == [
        "Socket Mode can be opened with the app-level token."
    ]


async def test_an_app_that_was_taken_out(office: Office) -> None:
    office.workspace.uninstall()
    mend = await office.lines("mend", "Slack")
    assert [words.partition(". ")[0] for words in mend] == [
        "Slack does not take SLACK_BOT_TOKEN (account_inactive)",
        "Slack does not take SLACK_APP_TOKEN (account_inactive)",
    ]


async def test_an_app_token_that_slack_does_not_take(office: Office) -> None:
    office.values["SLACK_APP_TOKEN"] = "xapp-wrong-wrong-wrong"
    (mend,) = await office.lines("mend")
    assert mend == (
        "Slack does not take SLACK_APP_TOKEN (invalid_auth). It needs an app-level token of the "
        "same app, xapp-…, with the scope connections:write, and Socket Mode switched on."
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("500", "Slack does not answer auth.test at {url} (internal_error)"),
        ("lost", "Slack does not answer auth.test at {url} (connection)"),
        ("429", "Slack asks to wait 7 s. Start doctor again after that."),
        ("error", "Slack refuses auth.test (two_factor_setup_required)"),
    ],
)
async def test_slack_in_trouble(office: Office, kind: str, words: str) -> None:
    office.workspace.faults.next_call(
        kind, "auth.test", retry_after=7, code="two_factor_setup_required"
    )
    (mend,) = await office.lines("mend")
    # An HTML error page has no code of Slack's, only its status.
    expected = words.format(url=office.server.api_url).replace("internal_error", "http_500")
    assert mend.startswith(expected)


async def test_nobody_there(office: Office) -> None:
    await office.server.stop()
    mend = await office.lines("mend", "Slack")
    assert [words.partition(" at ")[0] for words in mend] == [
        "Slack does not answer auth.test",
        "Slack does not answer apps.connections.open",
    ]
    assert await office.lines("ok", "Set-up")


@pytest.fixture
def without(request: pytest.FixtureRequest, manifest: dict[str, Any]) -> str:
    """Takes the scope that is the parameter out of the manifest, and what needs it with it."""
    scope: str = request.param
    scopes = manifest["oauth_config"]["scopes"]
    scopes["bot"].remove(scope)
    scopes["bot_optional"] = [other for other in scopes["bot_optional"] if other != scope]
    if scope == "commands":
        del manifest["features"]["slash_commands"]
    events = manifest["settings"]["event_subscriptions"]
    prefix = {"channels:read": "channel", "groups:read": "group"}.get(scope, "none of them")
    events["bot_events"] = [e for e in events["bot_events"] if not e.startswith(f"{prefix}_")]
    return scope


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("channels:read", "a public coach channel can't be looked at"),
        ("chat:write", "no check-in and no alert can be sent"),
        ("commands", "/log-conversation, /checkin and /coach do not exist"),
        ("groups:read", "a private coach channel can't be looked at"),
        ("im:history", "can't be looked for, and may appear twice"),
        ("im:write", "no DM can be opened, so nobody gets a check-in"),
        ("users:read", "so nobody can be enrolled"),
    ],
    indirect=["without"],
)
async def test_a_scope_that_is_missing(
    without: str, words: str, office_on: Callable[[str], Office], new_sqlite: Callable[[], str]
) -> None:
    office = office_on(new_sqlite())
    office.change(seed)
    (mend,) = await office.lines("mend")
    assert mend.startswith(f"The scope {without} is missing: ")
    assert words in mend
    assert mend.endswith("Add it under OAuth & Permissions and install the app again.")
    unseen = (
        "The coach channel of Harbor Sales (C0COACH) can't be looked at before its scope is there."
    )
    assert (unseen in await office.lines("note")) == (without == "groups:read")


@pytest.mark.parametrize(
    ("without", "where"),
    [("channels:history", "a public coach channel"), ("groups:history", "a private coach channel")],
    indirect=["without"],
)
async def test_an_optional_scope_that_is_missing(
    without: str, where: str, office_on: Callable[[str], Office], new_sqlite: Callable[[], str]
) -> None:
    office = office_on(new_sqlite())
    office.change(seed)
    assert await office.lines("mend") == []
    assert await office.lines("note", "Slack") == [
        f"Without the optional scope {without} an alert in {where} whose delivery is uncertain "
        "is sent again after a wait, so it may appear twice."
    ]


@pytest.fixture
def generous(manifest: dict[str, Any]) -> None:
    manifest["oauth_config"]["scopes"]["bot"] += ["users:read.email", "files:write"]


@pytest.mark.usefixtures("generous")
async def test_scopes_that_nobody_needs(
    office_on: Callable[[str], Office], new_sqlite: Callable[[], str]
) -> None:
    assert await office_on(new_sqlite()).lines("note", "Slack") == [
        "The bot token may do more than Basecoach needs: files:write, users:read.email."
    ]


# Coach channels


def removed(office: Office) -> None:
    office.workspace.remove_bot("C0COACH")


def archived(office: Office) -> None:
    office.workspace.archive("C0COACH")


def deleted(office: Office) -> None:
    office.workspace.delete_channel("C0COACH")


def shared(office: Office) -> None:
    office.workspace.channels["C0COACH"].is_ext_shared = True


def public_without_bot(office: Office) -> None:
    office.team(coach_channel="C0GENERAL")


def problem_missed(office: Office) -> None:
    office.team(channel_problem="not_in_channel")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (
            removed,
            "The coach channel of Harbor Sales (C0COACH) can't be seen: it was deleted, or is "
            "private and Basecoach is not in it. Type /invite @basecoach there, or choose another "
            "with /coach.",
        ),
        (
            deleted,
            "The coach channel of Harbor Sales (C0COACH) can't be seen: it was deleted, or is "
            "private and Basecoach is not in it. Type /invite @basecoach there, or choose another "
            "with /coach.",
        ),
        (
            archived,
            "#coach-dana, the coach channel of Harbor Sales, is archived. "
            "Unarchive it, or choose another with /coach.",
        ),
        (
            shared,
            "#coach-dana, the coach channel of Harbor Sales, is shared with another organization, "
            "whose people could read the reps' numbers. Choose another with /coach.",
        ),
        (public_without_bot, "Basecoach is not in #general. Type /invite @basecoach there."),
        (
            problem_missed,
            "#coach-dana, the coach channel of Harbor Sales, is fine now, but its last alert was "
            "refused (not_in_channel). `basecoach run` notices within ten minutes; until then "
            "alerts go to the coach.",
        ),
    ],
)
async def test_a_coach_channel_that_cannot_be_used(
    office: Office, trouble: Callable[[Office], None], words: str
) -> None:
    trouble(office)
    assert await office.lines("mend") == [words]


async def test_a_public_channel_is_worth_a_note(office: Office) -> None:
    office.team(coach_channel="C0GENERAL")
    office.workspace.invite_bot("C0GENERAL")
    assert await office.lines("mend") == []
    assert await office.lines("note", "Slack") == [
        "#general is public: everybody in the workspace can read the alerts there."
    ]


async def test_slack_asks_to_wait_in_the_middle_of_the_channels(office: Office) -> None:
    office.workspace.faults.next_call("429", "conversations.info", retry_after=20)
    assert await office.lines("note", "Slack") == [
        "Slack asks to wait 20 s, so 1 of 1 coach channels are not checked. "
        "Start doctor again after that."
    ]


# The command


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """A command directs the logs to where its own output goes; put them back."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    handlers, level = root.handlers[:], ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture
def run(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logs_as_before: None
) -> Callable[..., Any]:
    """Runs the command in a thread of its own, in an empty folder, with the office's settings."""
    monkeypatch.chdir(tmp_path)

    async def run(*arguments: str) -> Any:
        for name in list(os.environ):
            if name.startswith(("SLACK_", "BASECOACH_")):
                monkeypatch.delenv(name)
        for name, value in office.values.items():
            monkeypatch.setenv(name, value)
        return await asyncio.to_thread(CliRunner().invoke, doctor, arguments)

    return run


async def test_the_command_groups_its_lines_and_ends_with_0(run: Callable[..., Any]) -> None:
    result = await run()
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines.index("Settings") < lines.index("Database") < lines.index("Slack")
    assert "  ok    Every setting can be used." in lines
    assert lines[-1] == "Nothing is to be mended."


async def test_the_command_ends_with_1_when_something_is_to_be_mended(
    run: Callable[..., Any], office: Office
) -> None:
    archived(office)
    del office.values["SLACK_APP_TOKEN"]
    result = await run()
    assert result.exit_code == 1
    assert "  mend  SLACK_APP_TOKEN is missing." in result.output
    assert "  mend  #coach-dana, the coach channel of Harbor Sales, is archived." in result.output
    assert result.output.splitlines()[-1] == "2 things are to be mended."


async def test_the_command_speaks_json(run: Callable[..., Any], office: Office) -> None:
    archived(office)
    result = await run("--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert {
        "about": "Slack",
        "level": "mend",
        "words": "#coach-dana, the coach channel of Harbor Sales, is archived. "
        "Unarchive it, or choose another with /coach.",
    } in findings
    assert {"about": "Settings", "level": "ok", "words": "Every setting can be used."} in findings


async def test_the_command_goes_past_a_file_of_settings_that_cannot_be_read(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes("SLACK_API_URL=x".encode("utf-16"))
    result = await run()
    assert result.exit_code == 1
    assert "  mend  The file .env can't be read (it is not UTF-8 text)." in result.output
    assert "  ok    The bot token is basecoach's" in result.output


async def test_the_command_never_prints_a_token(run: Callable[..., Any], office: Office) -> None:
    office.values["SLACK_APP_TOKEN"] = office.workspace.bot_token
    result = await run()
    assert "It holds the bot token." in result.output
    assert office.workspace.bot_token not in result.output
