"""One line of teams or members, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import select

from bot.database import Database
from bot.domain.imports.importing import ImportPreview
from bot.domain.imports.rows import Known
from bot.domain.outbox import outbox
from bot.domain.tables import Enrolment, Member, OutboxItem, Team
from tests.domain.imports.files import (
    KNOWN,
    MEMBERS,
    ONE_TEAM,
    TEAMS,
    counts,
    in_force,
    rejected,
)

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


def test_a_team_gets_its_public_holidays_from_the_place_that_is_named(
    database: Database, teams: Callable[..., ImportPreview]
) -> None:
    header = "name,coach,country,region\n"

    def place_after(line: str) -> tuple[str | None, str | None, str, str]:
        [row] = teams(header + line).rows
        found = database.read_now(lambda s: s.exec(select(Team.country, Team.region)).one())
        return (*found, row.change, row.details[-1])

    scotland = "public holidays of United Kingdom (Scotland)"
    assert place_after("Harbor,U0DANA,,Bavaria\n")[:3] == ("DE", "BY", "created")
    assert place_after("Harbor,U0DANA,UK,Scotland\n") == ("GB", "SCT", "updated", scotland)
    assert place_after("Harbor,U0DANA,UK,Scotland\n") == ("GB", "SCT", "unchanged", scotland)
    assert place_after("Harbor,U0DANA,,\n")[:3] == ("GB", "SCT", "unchanged")
    assert place_after("Harbor,U0DANA,,Wales\n")[:3] == ("GB", "WLS", "updated")
    assert place_after("Harbor,U0DANA,Turkey,\n")[:3] == ("TR", None, "updated")
    assert place_after("Harbor,U0DANA,UAE,\n")[:3] == ("AE", None, "updated")
    text = header + "Harbor,U0DANA,Germny,\nQuay,U0DANA,Germany,Scotland\n"
    refused = rejected(teams, text)
    assert "country: " in refused[2]
    assert "Did you mean Germany?" in refused[2]
    assert "region: " in refused[3]


BAD_TEAMS = (
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
)


def test_a_line_of_teams_that_cannot_be_taken(
    database: Database, teams: Callable[..., ImportPreview]
) -> None:
    before = counts(database)
    for line, words in BAD_TEAMS:
        found = rejected(teams, TEAMS + f"Good,U0DANA,,,,,,\n{line}\n")
        assert list(found) == [3], line
        assert words in found[3]
    assert counts(database) == before


def test_a_public_channel_is_taken_when_that_is_meant(teams: Callable[..., ImportPreview]) -> None:
    known = Known(KNOWN.profiles, KNOWN.channels, asked_slack=True, public_channels=True)
    [row] = teams(TEAMS + "A,U0DANA,,C0GENERAL,,,,\n", known=known).rows
    assert "#general, which everybody can read" in row.details


def test_a_channel_cannot_be_checked_without_a_token(teams: Callable[..., ImportPreview]) -> None:
    assert "without SLACK_BOT_TOKEN" in rejected(teams, ONE_TEAM, known=Known())[2]


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


BAD_MEMBERS = (
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
)


def test_a_line_of_members_that_cannot_be_taken(
    database: Database,
    teams: Callable[..., ImportPreview],
    members: Callable[..., ImportPreview],
) -> None:
    teams(ONE_TEAM)
    before = counts(database)
    for line, words in BAD_MEMBERS:
        found = rejected(members, MEMBERS + f"U0SAM,Harbor,,,,,15\n{line}\n")
        assert list(found) == [3], line
        assert words in found[3]
    assert counts(database) == before


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
