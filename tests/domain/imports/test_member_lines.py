"""What becomes of one line of members, decided without changing anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.database import Database
from bot.domain.imports.csv_files import read_table
from bot.domain.imports.importing import MEMBER_COLUMNS
from bot.domain.imports.member_facts import read_facts
from bot.domain.imports.member_lines import Decision, decide
from bot.domain.imports.previews import ImportPreview
from bot.domain.imports.rows import UNREAD, Known
from bot.domain.people.members import Profile
from bot.domain.refusals import Refusal
from tests.domain.imports.files import FRIDAY, KNOWN, MEMBERS, ONE_TEAM

TWO_TEAMS = ONE_TEAM + "Quay,U0MORGAN,,,Wed,,Thu,\n"


def decided(
    database: Database, line: str, *, known: Known = KNOWN, now: datetime = FRIDAY
) -> Decision:
    [row] = read_table((MEMBERS + line).encode(), MEMBER_COLUMNS).rows
    facts = database.read_now(read_facts, workspace_id=1, slack_user_ids=[row["user"]], lock=False)
    return decide(row, facts, known, now)


def knowing(profile: Profile) -> Known:
    return replace(KNOWN, profiles={**KNOWN.profiles, profile.slack_user_id: profile})


@pytest.fixture
def priya(teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]) -> None:
    """Priya is a rep of Harbor, asked on Mondays; Quay is asked on Wednesdays."""
    teams(TWO_TEAMS)
    members(MEMBERS + "U0PRIYA,Harbor,,2026-11-02,,,20\n")


@pytest.mark.usefixtures("priya")
def test_the_same_line_changes_nothing(database: Database) -> None:
    same = decided(database, "U0PRIYA,Harbor,,2026-11-02,,,20\n")
    assert same.planned.change == "unchanged"
    assert (same.changes, same.amounts, same.moves) == (frozenset(), {}, False)
    assert same.before == same.enrolled


@pytest.mark.usefixtures("priya")
def test_a_later_profile_is_taken_and_is_no_change_of_the_line(database: Database) -> None:
    known = knowing(Profile("U0PRIYA", "Priya N.", "Europe/Paris"))
    line = decided(
        database, "U0PRIYA,Harbor,,,,,20\n", known=known, now=FRIDAY + timedelta(hours=1)
    )
    assert (line.planned.what, line.planned.change) == ("Priya N.", "unchanged")
    assert line.changes == {"name", "timezone", "profile_read_at"}
    assert line.before is not None
    assert line.before.next_due_at is not None
    # Nine o'clock comes an hour earlier in Paris.
    assert line.enrolled.next_due_at == line.before.next_due_at - timedelta(hours=1)


@pytest.mark.usefixtures("priya")
def test_a_zone_that_is_chosen_stays_whatever_slack_says(database: Database) -> None:
    line = decided(database, "U0PRIYA,Harbor,Asia/Tokyo,,,,\n")
    assert line.planned.change == "updated"
    assert line.changes == {"timezone", "timezone_chosen"}
    london = decided(database, "U0PRIYA,Harbor,Europe/London,,,,\n")
    assert (london.planned.change, london.changes) == ("updated", {"timezone_chosen"})


@pytest.mark.usefixtures("priya")
def test_another_team_moves_the_rep_to_its_schedule(database: Database) -> None:
    line = decided(database, "U0PRIYA,Quay,,,,,\n")
    assert (line.planned.change, line.moves) == ("updated", True)
    assert line.before is not None
    assert line.enrolled.next_week == line.before.next_week
    assert line.enrolled.next_due_at is not None
    assert line.enrolled.next_due_at.weekday() == 2


@pytest.mark.usefixtures("priya")
def test_targets_begin_this_week_or_with_a_rep_who_had_none(database: Database) -> None:
    line = decided(database, "U0PRIYA,Harbor,,,,,30\n")
    assert (line.planned.change, line.from_week) == ("updated", date(2026, 11, 16))
    assert list(line.amounts.values()) == [Decimal(30)]
    new = decided(database, "U0SAM,Harbor,,2026-11-02,,,30\n")
    assert (new.planned.change, new.from_week, new.known) == (
        "created",
        date(2026, 11, 2),
        None,
    )
    ahead = decided(database, "U0SAM,Harbor,,2026-12-07,,,30\n")
    assert ahead.from_week == date(2026, 11, 16)


@pytest.mark.usefixtures("priya")
def test_a_person_about_whom_slack_was_not_asked_goes_by_their_id(database: Database) -> None:
    new = decided(database, "U0NEW,Harbor,,,,,\n", known=Known())
    assert (new.person["name"], new.person["timezone"]) == ("U0NEW", "UTC")
    assert (new.person["profile_read_at"], new.person["timezone_missing"]) == (UNREAD, True)
    admin = decided(database, "U0NEW,Harbor,,,,,\n", known=Known(admin_users=["U0NEW"]))
    assert admin.person["is_admin"]


@pytest.mark.usefixtures("priya")
def test_who_was_deactivated_since_is_refused(database: Database) -> None:
    known = knowing(Profile("U0PRIYA", "Priya", deleted=True))
    with pytest.raises(Refusal, match="Priya’s Slack account is deactivated"):
        decided(database, "U0PRIYA,Harbor,,,,,\n", known=known)


def test_without_teams_all_problems_of_a_line_are_named(
    database: Database, workspace_id: int
) -> None:
    assert workspace_id == 1
    with pytest.raises(Refusal) as refused:
        decided(database, "priya,Harbor,,soon,,,\n")
    assert refused.value.sentences.keys() == {"user", "enrolled_on", "team"}  # type: ignore[attr-defined]
