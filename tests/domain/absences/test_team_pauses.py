"""A coach pauses a whole team: nobody is asked about these weeks, and it can be taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.domain.absences import team_pauses
from bot.domain.absences.recording import record
from bot.domain.people import enrolments, members
from bot.domain.people.members import Profile
from bot.domain.refusals import Refusal
from bot.domain.shown.audit import Change
from bot.domain.shown.pauses import PauseForm, PauseSaved
from bot.domain.tables import Absence, AuditEntry, CheckIn, Member, Notice
from tests.domain.absences.away import FRIDAY, Office, at, nov, seed
from tests.seeding import seed_once

KICK_OFF = nov(23)


@pytest.fixture
def office(database: Database) -> Office:
    """A team with two reps whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=2)
    return Office(database)


def pause(
    office: Office, now: datetime = FRIDAY, *, first: date | None = KICK_OFF, **given: Any
) -> PauseSaved:
    asked = {"by": "UDANA", "team_id": 1, "weeks": 1, **given}
    found: PauseSaved = office.do(team_pauses.pause, first=first, now=now, **asked)
    return found


def shown(office: Office, now: datetime = FRIDAY) -> PauseForm:
    found: PauseForm = office.do(team_pauses.form, by="UDANA", team_id=None, now=now)
    return found


def states(office: Office, week: date) -> list[str]:
    found = [row for row in office.rows(CheckIn) if row.week == week]
    return [row.state for row in found]


def standing(office: Office) -> list[tuple[int, date, date]]:
    return [
        (row.member_id, row.first_day, row.last_day)
        for row in office.rows(Absence)
        if row.taken_back_at is None
    ]


def test_a_week_of_the_whole_team_is_not_asked_and_the_reps_are_told(office: Office) -> None:
    saved = pause(office)
    assert (saved.team, saved.reps) == ("Harbor Sales", 2)
    again = pause(office, FRIDAY + timedelta(minutes=1))
    assert again == saved
    assert len(office.rows(Absence)) == 2
    (entry,) = [one for one in office.rows(AuditEntry) if one.what == Change.PAUSE]
    assert (entry.before, entry.after) == ("2026-11-23", "2026-11-29")
    told = {one.member_id for one in office.rows(Notice) if one.audit_id == entry.id}
    reps = {one.id for one in office.rows(Member) if one.slack_user_id in {"U0", "U1"}}
    assert told == reps  # the coach did it, and is not told
    office.beat(at(23, 9))
    office.beat(at(30, 9))
    assert states(office, KICK_OFF) == ["away", "away"]
    # The week before it is asked once work goes on.
    assert {row.due_at for row in office.rows(CheckIn) if row.week == nov(16)} == {at(30, 9)}
    office.beat(at(37, 9))
    assert states(office, nov(30)) == ["scheduled", "scheduled"]


def test_it_can_be_taken_back_before_it_begins_and_in_the_middle(office: Office) -> None:
    office.record(25, 25, FRIDAY)  # a rep's own day away stays
    own = standing(office)
    pause(office)
    (known,) = shown(office).known
    assert (known.first_day, known.last_day) == (nov(23), nov(29))
    taken = {"by": "UDANA", "team_id": 1, "key": known.key}
    assert office.do(team_pauses.take_back, now=FRIDAY, **taken).taken_back
    assert standing(office) == own
    assert shown(office).known == ()
    assert office.do(team_pauses.take_back, now=FRIDAY, **taken).pause is None
    pause(office, weeks=2)
    (known,) = shown(office).known
    middle = at(25, 12)
    office.do(team_pauses.take_back, by="UDANA", team_id=1, key=known.key, now=middle)
    assert [span for span in standing(office) if span not in own] == [
        (2, nov(23), nov(24)),
        (3, nov(23), nov(24)),
    ]
    assert shown(office, middle).known == ()
    over = [one for one in office.rows(AuditEntry) if one.what == Change.PAUSE_OVER]
    assert len(over) == 2


def test_a_pause_of_the_running_week_reaches_the_check_in_that_is_open(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    pause(office, at(23, 12))
    office.beat(at(25, 23))
    check_in = office.check_in(nov(16))
    assert check_in.state == "open"  # it can be answered on the first day back
    assert check_in.deadline_at is not None
    assert check_in.deadline_at > at(30, 0)


def test_a_rep_who_joins_later_pauses_too(office: Office) -> None:
    pause(office)

    def join(session: Any, now: datetime) -> int:
        profile = Profile("UNEW", "New", timezone="Europe/London")
        member_id = members.apply_profile(session, workspace_id=1, profile=profile, now=now)
        enrolments.enrol(
            session, workspace_id=1, member_id=member_id, team_id=1, enrolled_on=None, now=now
        )
        return member_id

    new = office.database.write_now(join, now=FRIDAY)
    assert (new, nov(23), nov(29)) in standing(office)
    (known,) = shown(office).known
    office.do(team_pauses.take_back, by="UDANA", team_id=1, key=known.key, now=FRIDAY)
    assert standing(office) == []


def test_what_can_not_be_is_said(office: Office) -> None:
    for given, words in (
        ({"first": None}, "Choose the week"),
        ({"first": nov(24)}, "Choose the week"),
        ({"weeks": 5}, "Choose the week"),
        ({"first": nov(9)}, "Choose this week or a later one"),
        ({"first": date(2027, 11, 22)}, "Choose this week or a later one"),
        ({"by": "U0"}, "Only the coach of Harbor Sales"),
        ({"team_id": 9}, "not there any more"),
    ):
        with pytest.raises(Refusal, match=words):
            pause(office, **given)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="Only coaches and workspace admins pause a team"):
        office.do(team_pauses.form, by="U0", team_id=None, now=FRIDAY)
    with pytest.raises(Refusal, match="Only coaches and workspace admins pause a team"):
        office.do(team_pauses.form, by="UDANA", team_id=9, now=FRIDAY)
    assert office.rows(Absence) == []
    office.do(
        record, member_id=None, first=nov(24), last=None, kind="sick", request_key="a", now=FRIDAY
    )
    assert shown(office).known == ()  # an absence of somebody is no pause
