"""Importing from files as spreadsheets write them, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from bot.database import Database, rows
from bot.domain import workspaces
from bot.domain.imports import importing as imports
from bot.domain.imports.csv_files import MOST_ROWS, Table, read_table
from bot.domain.imports.importing import MEMBER_COLUMNS, TEAM_COLUMNS, ImportPreview, Rejected
from bot.domain.imports.rows import Known
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people.members import Profile
from bot.domain.refusals import FileProblem
from bot.domain.shown.setup import Channel
from bot.domain.tables import Enrolment, Member, OutboxItem, Team

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TEAMS = "name,coach,second_coach,coach_channel,day,time,deadline_day,deadline_time\n"
MEMBERS = "user,team,timezone,enrolled_on,sales,base_moves,conversations\n"

KNOWN = Known(
    profiles={
        "U0DANA": Profile("U0DANA", "Dana", "Europe/London"),
        "U0MORGAN": Profile("U0MORGAN", "Morgan", "Europe/London"),
        "U0PRIYA": Profile("U0PRIYA", "Priya", "Europe/London"),
        "U0SAM": Profile("U0SAM", "Sam", "America/New_York"),
        "U0NOZONE": Profile("U0NOZONE", "Noor", None),
        "U0LEFT": Profile("U0LEFT", "Lee", deleted=True),
        "U0ROBOT": Profile("U0ROBOT", "Robot", is_bot=True),
        "U0GUEST": Profile("U0GUEST", "Gus", is_guest=True),
        "U0GHOST": "Slack knows nobody here as U0GHOST: choose somebody of this workspace.",
    },
    channels={
        "C0COACH": Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        "C0GENERAL": Channel("C0GENERAL", "general", is_private=False, is_member=True),
        "C0OLD": Channel("C0OLD", "old", is_private=True, is_member=True, is_archived=True),
    },
    asked_slack=True,
)

ONE_TEAM = TEAMS + "Harbor,U0DANA,,C0COACH,,,,\n"


@pytest.fixture
def workspace_id(database: Database) -> int:
    return database.write_now(
        workspaces.install, slack_team_id="T1", name="Harbor", bot_user_id="UB", now=FRIDAY
    )


@pytest.fixture
def teams(database: Database, workspace_id: int) -> Callable[..., ImportPreview]:
    def run(text: str, *, skip_bad: bool = False, known: Known = KNOWN) -> ImportPreview:
        return database.write_now(
            imports.apply_teams,
            workspace_id=workspace_id,
            table=read_table(text.encode(), TEAM_COLUMNS),
            known=known,
            skip_bad=skip_bad,
            now=FRIDAY,
        )

    return run


@pytest.fixture
def members(database: Database, workspace_id: int) -> Callable[..., ImportPreview]:
    def run(
        text: str, *, skip_bad: bool = False, known: Known = KNOWN, now: datetime = FRIDAY
    ) -> ImportPreview:
        return database.write_now(
            imports.apply_members,
            workspace_id=workspace_id,
            table=read_table(text.encode(), MEMBER_COLUMNS),
            known=known,
            skip_bad=skip_bad,
            now=now,
        )

    return run


def counts(database: Database) -> dict[str, int]:
    """How many rows every table has."""

    def read(session: Session) -> dict[str, int]:
        return {
            name: len(rows(session, table.select()))
            for name, table in SQLModel.metadata.tables.items()
        }

    return database.read_now(read)


def in_force(database: Database, slack_user_id: str, week: date) -> dict[str, Decimal]:
    def read(session: Session) -> dict[str, Decimal]:
        member = session.exec(select(Member).where(Member.slack_user_id == slack_user_id)).one()
        found = targets.in_force(session, [member.id], week).get(member.id, [])
        return {metric.key: amount for metric, amount in found}

    return database.read_now(read)


def problems(plan: ImportPreview) -> dict[int, str]:
    return {problem.line: problem.reason for problem in plan.problems}


def rejected(run: Callable[..., ImportPreview], text: str, **arguments: Any) -> dict[int, str]:
    with pytest.raises(Rejected) as refused:
        run(text, **arguments)
    return problems(refused.value.plan)


# The file itself


@pytest.mark.parametrize(
    "data",
    [
        b"user,team\nU0PRIYA,Harbor\n",
        b"\xef\xbb\xbfuser,team\r\nU0PRIYA,Harbor\r\n",
        b"user;team\nU0PRIYA;Harbor\n",
        b"user\tteam\rU0PRIYA\tHarbor",
        b'\n\n"User","TEAM"\n\n"U0PRIYA"," Harbor "\n , \n',
        b"Team,Enrolled on,User\nHarbor,,U0PRIYA\n",
    ],
    ids=["plain", "bom and crlf", "semicolons", "tabs and cr", "quoted", "other order"],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    table = read_table(data, MEMBER_COLUMNS)
    assert table.problems == ()
    [row] = table.rows
    assert (row["user"], row["team"], row["sales"]) == ("U0PRIYA", "Harbor", "")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    data = b'user,team\n\nU1,"Two\nlines"\nU2,Harbor\n'
    assert [row.line for row in read_table(data, MEMBER_COLUMNS).rows] == [3, 5]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "The file is empty"),
        ("user,team\nU1,Harbor\n".encode("utf-16"), "UTF-16"),
        ("user,team\nU1,Harbor\n".encode("utf-16-le"), "UTF-16"),
        (b"user,team\nU1,Harb\x00or and the rest\n" + b"x" * 50, "is not text"),
        ("user,team\nU1,Zürich\n".encode("latin-1"), "Line 2 of the file is not UTF-8"),
        (b"user\nU1\n", "The column team is missing"),
        (b"user,team,colour,\nU1,Harbor,red,\n", "There is no column “colour” and without a name"),
        (b"user,team,user\nU1,Harbor,U1\n", "The column user is there twice"),
        (b"U0PRIYA,Harbor\n", "The column user and team is missing"),
        (b'user,team\nU1,"Harbor\nU2,North\n', "quotation mark that is not closed"),
        (b"user,team\n" + b"U1,Harbor\n" * (MOST_ROWS + 1), "more than 10,000 lines"),
        (b"user,team\n" + b" " * 10_000_001, "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(FileProblem, match=words):
        read_table(data, MEMBER_COLUMNS)


def test_a_line_with_too_many_cells_is_rejected_and_short_ones_are_filled_up() -> None:
    table = read_table(
        b"user,team,timezone\nU1,Harbor, Ltd,UTC\nU2,Harbor\nU3," + b"x" * 501, MEMBER_COLUMNS
    )
    assert [row["user"] for row in table.rows] == ["U2"]
    assert [problem.line for problem in table.problems] == [2, 4]
    assert "between quotation marks" in table.problems[0].reason


# Teams


def test_teams_are_created_updated_and_left(
    database: Database, teams: Callable[..., ImportPreview]
) -> None:
    text = TEAMS + (
        'Harbor,U0DANA,U0MORGAN,C0COACH,Mon,9:00,tuesday,5pm\n"North, Ltd",U0MORGAN,,,,,,\n'
    )
    plan = teams(text)
    assert [row.change for row in plan.rows] == ["created", "created"]
    assert [row.change for row in teams(text).rows] == ["unchanged", "unchanged"]
    # Empty cells leave what is there.
    plan = teams(TEAMS + " HARBOR ,U0DANA,,,Wed,,Fri,\n")
    assert [row.change for row in plan.rows] == ["updated"]
    harbor = database.read_now(lambda s: s.exec(select(Team).order_by(Team.name)).first())
    assert harbor is not None
    assert (harbor.check_in_day, harbor.check_in_at.hour) == (2, 9)
    assert (harbor.deadline_day, harbor.deadline_at.hour) == (4, 17)
    assert (harbor.coach_channel, harbor.second_coach_id is not None) == ("C0COACH", True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",U0DANA,,,,,,", "name: Type a name"),
        ("🚀,U0DANA,,,,,,", "name: Type a name"),
        ("A,,,,,,,", "coach: It is empty"),
        ("A,@dana,,,,,,", "coach: “@dana” is no Slack user id"),
        ("A,U0GHOST,,,,,,", "coach: Slack knows nobody here as U0GHOST"),
        ("A,U0LEFT,,,,,,", "coach: Lee’s Slack account is deactivated"),
        ("A,U0ROBOT,,,,,,", "coach: Robot is a bot"),
        ("A,U0DANA,U0GUEST,,,,,", "second_coach: Gus is a guest"),
        ("A,U0DANA,U0DANA,,,,,", "second_coach: "),
        ("A,U0DANA,,#coach,,,,", "coach_channel: “#coach” is no Slack channel id"),
        ("A,U0DANA,,C0NONE,,,,", "coach_channel: Basecoach can’t see this channel"),
        ("A,U0DANA,,C0OLD,,,,", "coach_channel: #old is archived"),
        ("A,U0DANA,,C0GENERAL,,,,", "add --public-channels if that is meant"),
        ("A,U0DANA,,,Mondy,,,", "day: “Mondy” is no day"),
        ("A,U0DANA,,,,25:00,,", "time: “25:00” is no time"),
        ("A,U0DANA,,,Mon,9:00,Mon,8:00", "deadline_time: The deadline must follow"),
        ("A,U0DANA,,,Noday,,Noday,", "deadline_day: "),
    ],
)
def test_a_line_of_teams_that_cannot_be_taken(
    database: Database, teams: Callable[..., ImportPreview], line: str, words: str
) -> None:
    before = counts(database)
    found = rejected(teams, TEAMS + f"Good,U0DANA,,,,,,\n{line}\n")
    assert list(found) == [3]
    assert words in found[3]
    assert counts(database) == before


def test_a_public_channel_is_taken_when_that_is_meant(teams: Callable[..., ImportPreview]) -> None:
    known = Known(KNOWN.profiles, KNOWN.channels, asked_slack=True, public_channels=True)
    [row] = teams(TEAMS + "A,U0DANA,,C0GENERAL,,,,\n", known=known).rows
    assert "#general, which everybody can read" in row.details


def test_a_channel_cannot_be_checked_without_a_token(teams: Callable[..., ImportPreview]) -> None:
    assert "without SLACK_BOT_TOKEN" in rejected(teams, ONE_TEAM, known=Known())[2]


def test_the_same_team_twice_is_rejected(teams: Callable[..., ImportPreview]) -> None:
    found = rejected(teams, TEAMS + "Harbor,U0DANA,,,,,,\nharbor ,U0MORGAN,,,,,,\n")
    assert found == {3: "name: “harbor” is in line 2 already"}


# Members


def test_members_are_enrolled_with_zone_and_targets(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    text = MEMBERS + (
        'U0PRIYA,harbor,,,"$12,500",9,20\n'
        "U0SAM,Harbor,europe/paris,2026-11-30,,,\n"
        "U0NOZONE,Harbor,,,,,15\n"
    )
    plan = members(text)
    assert [row.change for row in plan.rows] == ["created"] * 3
    assert plan.rows[0].details[:2] == ("Harbor", "Europe/London")
    assert "no time zone from Slack, so UTC" in plan.rows[2].details
    assert in_force(database, "U0PRIYA", date(2026, 11, 16)) == {
        "sales": Decimal(12500),
        "base_moves": Decimal(9),
        "conversations": Decimal(20),
    }
    sam = database.read_now(
        lambda s: s.exec(
            select(Enrolment).join(Member).where(Member.slack_user_id == "U0SAM")
        ).one()
    )
    assert sam.next_week == date(2026, 11, 30)
    assert sam.next_due_at == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)  # nine in Paris
    welcomes = database.read_now(
        lambda s: s.exec(select(OutboxItem).where(OutboxItem.surface == outbox.WELCOME)).all()
    )
    assert len(welcomes) == 3


def test_importing_again_says_what_changed(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    text = MEMBERS + "U0PRIYA,Harbor,,,,,20\nU0SAM,Harbor,,,,,15\n"
    members(text)
    before = counts(database)
    assert [row.change for row in members(text).rows] == ["unchanged", "unchanged"]
    assert counts(database) == before
    plan = members(MEMBERS + "U0PRIYA,Harbor,,,,,22\nU0SAM,Harbor,,,,,\n")
    assert [row.change for row in plan.rows] == ["updated", "unchanged"]
    assert in_force(database, "U0SAM", date(2026, 11, 16)) == {"conversations": Decimal(15)}


def test_a_rep_imported_on_monday_morning_is_asked_about_the_week_before(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    text = MEMBERS + "U0PRIYA,Harbor,,2026-11-02,,,20\n"
    members(text, now=monday)
    enrolment = database.read_now(lambda s: s.exec(select(Enrolment)).one())
    assert enrolment.next_week == date(2026, 11, 16)
    assert in_force(database, "U0PRIYA", date(2026, 11, 16)) == {"conversations": Decimal(20)}
    # What counted in past weeks does not change any more.
    members(MEMBERS + "U0PRIYA,Harbor,,2026-11-02,,,30\n", now=monday)
    assert in_force(database, "U0PRIYA", date(2026, 11, 16)) == {"conversations": Decimal(20)}
    assert in_force(database, "U0PRIYA", date(2026, 11, 23)) == {"conversations": Decimal(30)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",Harbor,,,,,", "user: It is empty"),
        ("priya,Harbor,,,,,", "user: “priya” is no Slack user id"),
        ("U0GHOST,Harbor,,,,,", "user: Slack knows nobody here as U0GHOST"),
        ("U0LEFT,Harbor,,,,,", "Lee’s Slack account is deactivated"),
        ("U0ROBOT,Harbor,,,,,", "Robot is a bot"),
        ("U0PRIYA,,,,,,", "team: It is empty"),
        ("U0PRIYA,South,,,,,", "team: There is no team called “South”"),
        ("U0PRIYA,Harbor,Europe,,,,", "timezone: “Europe” is not a time zone"),
        ("U0PRIYA,Harbor,../../etc/passwd,,,,", "timezone: "),
        ("U0PRIYA,Harbor,,23.11.2026,,,", "enrolled_on: “23.11.2026” is no date"),
        ("U0PRIYA,Harbor,,2026-02-30,,,", "enrolled_on: "),
        ("U0PRIYA,Harbor,,2031-01-01,,,", "is no day to begin on"),
        ("U0PRIYA,Harbor,,,lots,,", "sales: “lots” is not a number"),
        ("U0PRIYA,Harbor,,,,-1,", "base_moves: "),
        ("U0PRIYA,Harbor,,,,,1000000000000", "conversations: "),
        ("U0PRIYA,Harbor,,,x,y,z", "base_moves: “y”"),
        ("=HYPERLINK(0),Harbor,,,,,", "user: “=HYPERLINK(0)” is no Slack user id"),
    ],
)
def test_a_line_of_members_that_cannot_be_taken(
    database: Database,
    teams: Callable[..., ImportPreview],
    members: Callable[..., ImportPreview],
    line: str,
    words: str,
) -> None:
    teams(ONE_TEAM)
    before = counts(database)
    found = rejected(members, MEMBERS + f"U0SAM,Harbor,,,,,15\n{line}\n")
    assert list(found) == [3]
    assert words in found[3]
    assert counts(database) == before


def test_skipping_the_bad_lines_takes_the_good_and_leaves_nothing_of_the_bad(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    text = MEMBERS + "U0PRIYA,Harbor,,,,,many\nU0SAM,Harbor,,,,,15\nU0SAM,Harbor,,,,,16\n"
    plan = members(text, skip_bad=True)
    assert list(problems(plan)) == [2, 4]
    assert [row.what for row in plan.rows] == ["Sam"]
    assert counts(database)["enrolment"] == 1
    names = database.read_now(lambda s: s.exec(select(Member.name)).all())
    assert sorted(names) == ["Dana", "Sam"]


def test_a_plan_says_what_would_happen_and_changes_nothing(
    database: Database, workspace_id: int, teams: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    told: list[str] = []
    database.subscribe(outbox.SIGNAL, lambda: told.append("woken"))
    before = counts(database)
    steps: list[int] = []
    text = MEMBERS + "U0PRIYA,Harbor,,,,,20\nU0LEFT,Harbor,,,,,\n"

    def plan(use_case: Callable[..., ImportPreview], table: Table) -> ImportPreview:
        return database.write_now(
            use_case,
            workspace_id=workspace_id,
            table=table,
            known=KNOWN,
            now=FRIDAY,
            progress=lambda: steps.append(1),
        )

    planned = plan(imports.plan_members, read_table(text.encode(), MEMBER_COLUMNS))
    assert [row.change for row in planned.rows] == ["created"]
    assert list(problems(planned)) == [3]
    assert len(steps) == 2
    plan(imports.plan_teams, read_table(f"{TEAMS}North,U0DANA,,,,,,\n".encode(), TEAM_COLUMNS))
    assert counts(database) == before
    assert told == []


def test_without_a_token_people_go_by_their_id_until_they_are_read(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    known = Known()
    teams(TEAMS + "Harbor,U0DANA,,,,,,\n", known=known)
    members(MEMBERS + "U0PRIYA,Harbor,Europe/London,,,,20\n", known=known)
    priya = database.read_now(
        lambda s: s.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
    )
    assert (priya.name, priya.timezone, priya.timezone_chosen) == ("U0PRIYA", "Europe/London", True)
    assert priya.profile_read_at.year == 1970
