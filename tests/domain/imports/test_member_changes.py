"""What an import of members writes and marks, and that a hundred lines take as many statements as ten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.imports.previews import ImportPreview
from bot.domain.imports.rows import Known
from bot.domain.people.members import Profile, apply_profile
from bot.domain.tables import Enrolment, Member, Plan, PlanState, Team
from tests.counting import counted
from tests.domain.imports.files import FRIDAY, KNOWN, MEMBERS, ONE_TEAM
from tests.domain.marked import marked, open_homes

TWO_TEAMS = ONE_TEAM + "Quay,U0MORGAN,,,Wed,,Thu,\n"
TEN = [f"U0A{number:03}" for number in range(10)]
HUNDRED = [f"U0B{number:03}" for number in range(100)]


def known(*users: str, name: str = "Rep") -> Known:
    """What Slack says of these people."""
    profiles = {user: Profile(user, f"{name} {user}", "Europe/London") for user in users}
    return replace(KNOWN, profiles={**KNOWN.profiles, **profiles})


def file(users: list[str], rest: str) -> str:
    return MEMBERS + "".join(f"{user},{rest}\n" for user in users)


def wait(session: Session) -> None:
    """Every rep who has no plan yet has one that waits for the coach."""
    have_one = select(Plan.member_id)
    for enrolment in session.exec(
        select(Enrolment).where(col(Enrolment.member_id).not_in(have_one))
    ).all():
        session.add(
            Plan(
                workspace_id=1,
                member_id=enrolment.member_id,
                team_id=enrolment.team_id,
                version=1,
                state=PlanState.PROPOSED,
                currency="USD",
                period="dates",
                begins_on=FRIDAY.date(),
                ends_on=FRIDAY.date() + timedelta(days=90),
                goal=Decimal(1),
                closed=Decimal(0),
                created_at=FRIDAY,
            )
        )


def test_more_lines_take_no_more_statements(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    """New people; then other targets, zones, names and teams for all of them."""
    teams(TWO_TEAMS)

    def statements(users: list[str]) -> list[int]:
        sent = []
        for rest, name in (
            ("Harbor,,,12500,9,20", "Rep"),
            ("Harbor,Europe/Paris,,12500,9,30", "Rep"),
            ("Quay,,2026-11-23,12500,9,40", "Other"),
            ("Quay,,2026-11-23,12500,9,40", "Other"),
        ):
            if name == "Other" and len(sent) == 2:
                database.write_now(wait)
            with counted(database) as said:
                plan = members(file(users, rest), known=known(*users, name=name))
            assert not plan.problems
            sent.append(len([one for one in said if "SAVEPOINT" not in one]))
        return sent

    few = statements(TEN)
    many = statements(HUNDRED)
    assert all(more <= less for more, less in zip(many, few, strict=True)), (few, many)
    waiting = database.read_now(lambda s: s.exec(select(Plan.state).distinct()).all())
    assert set(waiting) <= {PlanState.DECLINED, PlanState.PROPOSED}


def test_a_rep_who_moves_is_seen_by_both_coaches_and_takes_along_a_plan_that_waits(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(TWO_TEAMS)
    members(MEMBERS + "U0PRIYA,Harbor,,,,,20\nU0SAM,Harbor,,,,,20\n")
    database.write_now(wait)
    open_homes(database, ("U0PRIYA", "U0SAM", "U0DANA", "U0MORGAN"), now=FRIDAY)
    seen = marked(database, lambda: members(MEMBERS + "U0PRIYA,Quay,,,,,\n"))
    told = {name for name in seen if name.startswith("notice")}
    assert seen - told == {"home U0PRIYA", "home U0DANA", "home U0MORGAN"}
    assert len(told) == 3
    plans = database.read_now(lambda s: s.exec(select(Plan).order_by(col(Plan.id))).all())
    assert [plan.state for plan in plans] == [PlanState.PROPOSED] * 2
    assert plans[0].team_id != plans[1].team_id
    assert marked(database, lambda: members(MEMBERS + "U0PRIYA,Quay,,,,,\n")) == set()


def test_the_new_name_of_a_coach_is_shown_to_the_reps(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(TWO_TEAMS)
    members(MEMBERS + "U0PRIYA,Harbor,,,,,20\nU0DANA,Quay,,,,,\nU0SAM,Quay,,,,,\n")
    open_homes(database, ("U0PRIYA", "U0SAM", "U0DANA"), now=FRIDAY)
    renamed = replace(
        KNOWN,
        profiles={**KNOWN.profiles, "U0DANA": Profile("U0DANA", "Dana W.", "Europe/London")},
    )
    seen = marked(database, lambda: members(MEMBERS + "U0DANA,Quay,,,,,\n", known=renamed))
    assert seen == {"home U0DANA", "home U0PRIYA"}


class _MetMeanwhile(dict[str, Profile | str]):
    """Profiles; when the first is read, the person presses a button and is stored by another process."""

    def __init__(self, url: str) -> None:
        super().__init__(KNOWN.profiles)
        self._url: str | None = url

    def get(self, user: str, default: object = None) -> Profile | str | None:  # type: ignore[override]
        url, self._url = self._url, None
        if url is not None:
            other = Database(url)
            profile = Profile(user, "Met meanwhile", "Europe/London")
            other.write_now(apply_profile, workspace_id=1, profile=profile, now=FRIDAY)
            other.close()
        return super().get(user)


def test_a_person_who_is_met_in_the_middle_of_an_import_is_there_once(
    database: Database,
    database_url: str,
    teams: Callable[..., ImportPreview],
    members: Callable[..., ImportPreview],
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time: nobody is met in between")
    teams(ONE_TEAM)
    meanwhile = replace(KNOWN, profiles=_MetMeanwhile(database_url))
    plan = members(MEMBERS + "U0PRIYA,Harbor,,,,,20\n", known=meanwhile)
    assert [row.change for row in plan.rows] == ["created"]
    found = database.read_now(
        lambda s: s.exec(
            select(Member.name, Team.name)
            .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
            .join(Team, col(Team.id) == col(Enrolment.team_id))
        ).all()
    )
    assert [tuple(row) for row in found] == [("Priya", "Harbor")]
